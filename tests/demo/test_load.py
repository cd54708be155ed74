"""The whole demo, small: loaded by the ordinary ways, resumed when killed, safe for real data."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.demo.test_month import TODAY

from ksef_emulator.testing import Emulator as Running
from obieg.demo import history, load, passes, waves
from obieg.demo.command import demo as command
from obieg.demo.emulator import Emulator
from obieg.demo.errors import EmulatorMissing, EmulatorSilent, NotEmpty
from obieg.demo.guests import Guests
from obieg.demo.load import Load
from obieg.demo.logins import LOGINS
from obieg.demo.milestones import DONE, READY, Demo, Size, reached
from obieg.demo.world.documents import Document
from obieg.demo.world.month import World
from obieg.demo.world.xml import xml_of
from obieg.inbox.models import Channel, Invoice
from obieg.inbox.synchronise import synchronise
from obieg.office.models import Assignment, Client, Operator
from obieg.posting.decisions import reject
from obieg.posting.models import Dekret, DekretLine, Lesson
from obieg.posting.states import WAITING, DekretState
from obieg.sales.models import Contractor, Sale, SellerProfile
from obieg.vault.models import Credential

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(clients=4, sales=30, purchases=60)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waves, "ARRIVING", 20)
    monkeypatch.setattr(load, "samples", Guests)
    monkeypatch.setattr("obieg.demo.command.FULL", SMALL)


def fully(emulator: Emulator, demo: Demo) -> Demo:
    office = Load.of(emulator, demo)
    office.first()
    office.rest()
    return demo


@pytest.fixture
def office(emulator: Emulator) -> Demo:
    return fully(emulator, Demo.begin(SMALL))


def stored() -> int:
    return Invoice.objects.across_clients().count()


def marks_of(documents: Iterable[Document]) -> set[tuple[str, str]]:
    return {(document.seller.nip, document.number) for document in documents}


def missing(documents: Iterable[Document]) -> set[tuple[str, str]]:
    known = Invoice.objects.across_clients().values_list("seller_nip", "number")
    return marks_of(documents) - set(known)


def waves_of(demo: Demo) -> waves.Waves:
    return waves.Waves.of(demo.month(demo.world()))


def test_the_office_stands_and_its_older_invoices_came_by_synchronisation(office: Demo) -> None:
    assert Client.objects.across_clients().count() == 4
    assert Assignment.objects.count() == 4
    assert Credential.objects.across_clients().get().client is None
    assert len(waves_of(office).older) > 40
    assert not missing(waves_of(office).older)


def test_the_first_clients_have_all_that_is_theirs_before_anybody_else_comes(
    emulator: Emulator,
) -> None:
    demo = Demo.begin(SMALL)
    Load.of(emulator, demo).first()
    anna = Operator.objects.get(login=LOGINS[0].login)
    hers = set(Client.objects.visible_to(anna).values_list("nip", flat=True))
    assert hers == set(Client.objects.across_clients().values_list("nip", flat=True))
    own = [it for it in demo.month(demo.world()) if it.client.firm.nip in hers]
    assert not missing(own)
    waiting = Dekret.objects.visible_to(anna).filter(state__in=WAITING).select_related("invoice")
    arriving = marks_of(it for it in waves_of(demo).arriving if it.client.firm.nip in hers)
    assert {(it.invoice.seller_nip, it.invoice.number) for it in waiting} == arriving != set()
    assert SellerProfile.objects.across_clients().exists()
    assert reached(READY)
    assert not reached(DONE)


def test_some_clients_sell_in_obieg_and_their_documents_are_at_every_stage(office: Demo) -> None:
    shops = SellerProfile.objects.across_clients().values_list("client_id", flat=True)
    sales = Sale.objects.across_clients().filter(client__in=shops)
    assert 1 <= len(shops) <= 3
    assert set(sales.values_list("state", flat=True)) == {"draft", "ready"}
    assert sales.filter(queued_version__isnull=False).count() == 2 * len(shops)
    assert Contractor.objects.across_clients().filter(client__in=shops).exists()


def test_the_first_accountant_has_decided_everything_the_others_have_not(office: Demo) -> None:
    anna = Operator.objects.get(login=LOGINS[0].login)
    truths = {(d.seller.nip, d.number): d.truth for d in waves_of(office).older}
    everything = Dekret.objects.visible_to(anna).select_related("invoice")
    desk = [it for it in everything if (it.invoice.seller_nip, it.invoice.number) in truths]
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


@pytest.mark.parametrize("step", ["put_in_older", "carry", "history.decide", "put_in_arriving"])
def test_a_load_that_was_killed_at_first_goes_on(
    step: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    Demo.begin(SMALL)
    kill_in(step, emulator, monkeypatch)
    assert_all_comes(emulator)


@pytest.mark.parametrize("step", ["admit", "put_in_arriving"])
def test_a_load_that_was_killed_in_the_background_goes_on(
    step: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    Load.of(emulator, Demo.begin(SMALL)).first()
    kill_in(step, emulator, monkeypatch)
    assert_all_comes(emulator)


def kill_in(step: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(f"obieg.demo.load.{step}", killed)
        with pytest.raises(KeyboardInterrupt):
            fully(emulator, Demo.begin())


def assert_all_comes(emulator: Emulator) -> None:
    demo = fully(emulator, Demo.begin())
    assert reached(DONE)
    assert Client.objects.across_clients().count() == 4
    assert not missing(waves_of(demo).older)


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_people_may_decide_end_and_close_while_it_loads(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddled = []

    def decide(desks: list[tuple[Client, Operator]], documents: list[Document]) -> int:
        """Others were faster with some documents, between the look at them and the decision."""
        truths = {(it.seller.nip, it.number): it.truth for it in documents}
        for client, operator in desks:
            ids = history.waiting(operator, client)
            seen = history.load(operator, ids)
            reject(seen[0], operator=operator, note="Nie nasze")
            Client.objects.across_clients().filter(pk=client.pk).update(active=False)
            meddled.append(history.put_right(operator, seen[0], truths))
        return faithful(desks, documents)

    faithful = history.decide
    monkeypatch.setattr(history, "decide", decide)
    fully(emulator, Demo.begin(SMALL))
    assert meddled == [False] * 4
    assert Dekret.objects.across_clients().filter(state=DekretState.REJECTED).count() == 4
    assert Dekret.objects.across_clients().filter(state=DekretState.APPROVED).exists()


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
