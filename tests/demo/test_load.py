"""The whole demo, small: loaded by the ordinary ways, resumed when killed, safe for real data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.demo.test_month import TODAY

from ksef_emulator.testing import Emulator as Running
from obieg.demo import load, passes, waves
from obieg.demo.command import demo as command
from obieg.demo.emulator import Emulator
from obieg.demo.errors import EmulatorMissing, EmulatorSilent, NotEmpty
from obieg.demo.guests import Guests
from obieg.demo.logins import LOGINS
from obieg.demo.milestones import DONE, Demo, Size, reached
from obieg.demo.world.month import World
from obieg.demo.world.xml import xml_of
from obieg.inbox.models import Channel, Invoice
from obieg.inbox.synchronise import synchronise
from obieg.office.models import Assignment, Client, Operator
from obieg.posting.models import Dekret, DekretLine, Lesson
from obieg.posting.states import DekretState
from obieg.sales.models import Contractor, Sale, SellerProfile
from obieg.vault.models import Credential

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(clients=4, sales=30, purchases=60)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waves, "ARRIVING", 20)
    monkeypatch.setattr(load, "samples", Guests)
    monkeypatch.setattr("obieg.demo.command.FULL", SMALL)


@pytest.fixture
def office(emulator: Emulator) -> Iterator[Demo]:
    demo = Demo.begin(SMALL)
    load.load(emulator, demo)
    return demo


def stored() -> int:
    return Invoice.objects.across_clients().count()


def test_the_office_stands_and_its_older_invoices_came_by_synchronisation(office: Demo) -> None:
    assert Client.objects.across_clients().count() == 4
    assert Assignment.objects.count() == 4
    assert Credential.objects.across_clients().get().client is None
    older = waves.Waves.of(office.month(office.world())).older
    assert stored() == len(older) > 40


def test_some_clients_sell_in_obieg_and_their_documents_are_at_every_stage(office: Demo) -> None:
    shops = SellerProfile.objects.across_clients().values_list("client_id", flat=True)
    sales = Sale.objects.across_clients().filter(client__in=shops)
    assert 1 <= len(shops) <= 3
    assert set(sales.values_list("state", flat=True)) == {"draft", "ready"}
    assert sales.filter(queued_version__isnull=False).count() == 2 * len(shops)
    assert Contractor.objects.across_clients().filter(client__in=shops).exists()


def test_the_first_accountant_has_decided_everything_the_others_have_not(office: Demo) -> None:
    anna = Operator.objects.get(login=LOGINS[0].login)
    truths = {(d.seller.nip, d.number): d.truth for d in office.month(office.world())}
    desk = Dekret.objects.visible_to(anna).select_related("invoice")
    assert {dekret.state for dekret in desk} == {DekretState.APPROVED}
    for dekret in desk:
        right = truths[dekret.invoice.seller_nip, dekret.invoice.number].values()
        lines = DekretLine.objects.visible_to(anna).filter(dekret=dekret)
        assert {line.account for line in lines} <= {truth.account for truth in right}
    assert Lesson.objects.visible_to(anna).filter(withdrawn=False).count() == len(desk)
    backlog = Dekret.objects.across_clients().filter(state=DekretState.TO_APPROVE)
    assert backlog.exists()


def test_the_rest_arrives_when_the_scheduler_takes_its_turn(office: Demo) -> None:
    before = stored()
    for channel in Channel.objects.across_clients().filter(role__in=passes.ROLES):
        synchronise(channel.pk)
    assert stored() == SMALL.sales + SMALL.purchases > before


def test_loading_again_changes_nothing(office: Demo, ksef: Running) -> None:
    before = stored(), Dekret.objects.across_clients().count()
    result = CliRunner().invoke(command)
    assert "już wczytane" in result.output, result.output
    assert (stored(), Dekret.objects.across_clients().count()) == before


@pytest.mark.parametrize("step", ["put_in", "synchronise", "put_in_arriving"])
def test_a_load_that_was_killed_goes_on(
    step: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    demo = Demo.begin(SMALL)
    with monkeypatch.context() as broken:
        broken.setattr(load, step, killed)
        with pytest.raises(KeyboardInterrupt):
            load.load(emulator, demo)
    load.load(emulator, Demo.begin())
    assert reached(DONE)
    assert Client.objects.across_clients().count() == 4
    older = waves.Waves.of(Demo.begin().month(Demo.begin().world())).older
    assert stored() == len(older)


def test_a_database_with_other_clients_is_left_alone(ksef: Running) -> None:
    Client.objects.create(nip="9990000008", name="Prawdziwa firma")
    with pytest.raises(NotEmpty, match="już klienci"):
        CliRunner().invoke(command, catch_exceptions=False)
    assert Client.objects.across_clients().get().name == "Prawdziwa firma"


def test_without_an_emulator_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OBIEG_EMULATOR_URL", raising=False)
    with pytest.raises(EmulatorMissing):
        CliRunner().invoke(command, catch_exceptions=False)


def test_a_silent_emulator_is_named() -> None:
    with Emulator("http://127.0.0.1:9/v2") as nobody, pytest.raises(EmulatorSilent, match="9"):
        nobody.grant("9990000008", "9990000008")


def test_anybodys_own_invoices_go_in(office: Demo, ksef: Running, tmp_path: Path) -> None:
    stranger = World.of(99).month(TODAY, sales=0, purchases=1)[0]
    stranger.number = "WŁASNA/1"
    (tmp_path / "a.xml").write_bytes(xml_of(stranger))
    result = CliRunner().invoke(command, ["--invoices", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert Invoice.objects.across_clients().filter(number="WŁASNA/1").exists()
