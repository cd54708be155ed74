"""The end of a cooperation: carried out line by line, cut at any moment, ended with a protocol."""

import os
import signal
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.calls import ending
from obieg.calls.enrolment import carry as carry_enrolment
from obieg.calls.errors import EndingUnderWay, OfflineDocumentsWait
from obieg.calls.models import Ending
from obieg.office.models import Client, Event
from obieg.office.states import IllegalTransition
from obieg.sales.models import Sale
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault import enrolment
from obieg.vault.credentials import add_certificate, add_token, credential_for
from obieg.vault.models import Credential, CredentialUsage, Enrolment
from tests.calls.test_moving import FIRM, client, emulator, keep, stored
from tests.inbox.firm import run_out
from tests.inbox.victim import Victims, victims
from tests.ksef.office import certificate_secret, gateway_of
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import nip
from tests.sales.factories import a_sale
from tests.vault.firms import certificate_of, key_of

__all__ = ["client", "emulator"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

SHARES = 8
_numbers = count(700_000)


def statuses(emulator: Emulator, number: str) -> dict[str, str]:
    """What KSeF says of every certificate of the firm."""
    with gateway_of(emulator, number, secret=certificate_secret(seal(number))) as gateway:
        return {one.serial: one.status for one in gateway.certificates.every()}


def rich(emulator: Emulator) -> Client:
    """A firm with a token that gave way to a seal, and a certificate of type Offline."""
    number = nip(next(_numbers))
    firm = Client.objects.create(nip=number, name=f"Firma {number}", environment="emulator")
    token = emulator.control.make_token(number)["token"]
    add_token(firm, token, environment="emulator", label="token", actor=None)
    own = seal(number)
    add_certificate(
        firm, certificate_of(own), key_of(own), environment="emulator", label="pieczęć", actor=None
    )
    run_out(carry_enrolment, enrolment.begin(firm, actor=None).pk)
    return firm


def ended(firm: Client) -> Ending:
    return Ending.objects.of_client(firm).get()


def lines(firm: Client) -> list[tuple[str, str]]:
    return [(line.what, line.how) for line in ending.lines_of(ended(firm))]


def test_the_offline_certificate_ends_first_and_by_who_may_end_it(emulator: Emulator) -> None:
    firm = rich(emulator)
    serial = Credential.objects.of_client(firm).get(usage="offline").reference
    ending.begin(firm, in_ksef=True, actor=None)
    run_out(ending.carry, ended(firm).pk)
    told = lines(firm)
    assert [how for what, how in told if "Offline" in what or "Token" in what] == [
        "unieważniono w KSeF; zniszczono w sejfie"
    ] * 2
    assert [how for what, how in told if "pieczęć" in what] == [
        "w KSeF nie ma czego unieważnić; zniszczono w sejfie"
    ]
    assert statuses(emulator, firm.nip)[serial] == "Revoked"


@pytest.fixture
def workers(emulator: Emulator) -> Iterator[Victims]:
    database = urlsplit(os.environ["DATABASE_URL"])
    here = database._replace(path=f"/{connection.settings_dict['NAME']}")
    with victims(urlunsplit(here), "tests.calls.victim") as running:
        yield running


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", range(SHARES))
def test_killed_before_any_step_it_goes_on_and_ends_with_one_protocol(
    share: int, workers: Victims, emulator: Emulator
) -> None:
    unharmed = rich(emulator)
    begun = ending.begin(unharmed, in_ksef=True, actor=None)
    steps, status = workers.live("ending", begun.pk)
    assert status == 0
    assert len(steps) > 60
    for place in range(1 + share, len(steps) + 1, SHARES):
        firm = rich(emulator)
        serial = Credential.objects.of_client(firm).get(usage="offline").reference
        begun = ending.begin(firm, in_ksef=True, actor=None)
        done, status = workers.live("ending", begun.pk, die_at=place)
        where = f"killed before step {place}, after: {done[-1:]}"
        assert status in (0, signal.SIGKILL), where  # it may have ended before that step
        run_out(ending.carry, begun.pk)  # a limit may ask for a moment
        assert ended(firm).state == "done", where
        assert Event.objects.of_client(firm).filter(kind=ending.KIND).count() == 1, where
        held = Credential.objects.of_client(firm)
        assert not held.filter(shredded_at=None).exists(), where
        assert all(how.endswith("zniszczono w sejfie") for what, how in lines(firm)[-3:]), where
        revoked = [what for what, how in lines(firm) if how.startswith("unieważniono w KSeF")]
        assert len(revoked) == 2, where
        assert held.filter(revoked_at=None).count() == 1, where
        assert statuses(emulator, firm.nip)[serial] == "Revoked", where


def test_the_wish_and_its_job_are_one(client: Client) -> None:
    jobs = ProcrastinateJob.objects.filter(task_name=ending.END)
    before = jobs.count()
    with transaction.atomic():
        ending.begin(client, in_ksef=True, actor=None)
        transaction.set_rollback(True)
    assert not Ending.objects.of_client(client).exists()
    assert jobs.count() == before
    begun = ending.begin(client, in_ksef=True, actor=None)
    assert ProcrastinateJob.objects.filter(queueing_lock=f"ending-{begun.pk}").exists()


def test_there_is_one_end_at_a_time(client: Client) -> None:
    begun = ending.begin(client, in_ksef=True, actor=None)
    with pytest.raises(EndingUnderWay):
        ending.begin(client, in_ksef=True, actor=None)
    with pytest.raises(IllegalTransition):
        ending.repeat(begun, in_ksef=True, actor=None)


def test_a_lost_job_is_queued_again(client: Client) -> None:
    begun = ending.begin(client, in_ksef=True, actor=None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    ending.queue_unfinished()
    assert ProcrastinateJob.objects.filter(queueing_lock=f"ending-{begun.pk}").count() == 1
    ending.queue_unfinished()
    assert ProcrastinateJob.objects.filter(queueing_lock=f"ending-{begun.pk}").count() == 1


def test_documents_issued_offline_are_sent_first(client: Client) -> None:
    sale = a_sale(client=client, state=SaleState.READY)
    Sale.objects.of_client(client).filter(pk=sale.pk).update(
        offline_mode=OfflineMode.OFFLINE24, version=1
    )
    with pytest.raises(OfflineDocumentsWait, match="1 fakturę"):
        ending.begin(client, in_ksef=True, actor=None)
    begun = ending.begin(client, in_ksef=False, actor=None)
    run_out(ending.carry, begun.pk)
    assert ended(client).state == "done"


def test_while_a_document_is_being_sent_nothing_is_switched_off(client: Client) -> None:
    a_sale(SaleState.SENDING, client=client)
    begun = ending.begin(client, in_ksef=True, actor=None)
    assert ending.carry(begun.pk) is None
    assert ended(client).state == "failed"
    assert Client.objects.of_client(client.pk).get().active
    Sale.objects.of_client(client).update(state=SaleState.READY)
    ending.repeat(ended(client), in_ksef=True, actor=None)
    run_out(ending.carry, begun.pk)
    assert ended(client).state == "done"


def test_a_certificate_on_trial_is_revoked_too(client: Client, emulator: Emulator) -> None:
    keep(client, seal(FIRM))
    asked = enrolment.begin(client, actor=None, usage=CredentialUsage.AUTHENTICATION)
    emulator.control.add_fault("status", path="/auth/xades-signature", status=503, times=50)
    while Enrolment.objects.across_clients().get(pk=asked.pk).state != "trial":
        if carry_enrolment(asked.pk) is None:
            break
        emulator.control.clear_faults()
        emulator.control.add_fault("status", path="/permissions/query/personal", status=503)
    emulator.control.clear_faults()
    tried = Enrolment.objects.across_clients().get(pk=asked.pk)
    assert tried.state == "trial"
    assert tried.credential is not None
    run_out(ending.carry, ending.begin(client, in_ksef=True, actor=None).pk)
    assert stored(tried.credential).revoked_at is not None
    assert stored(tried.credential).shredded_at is not None


def test_a_client_on_the_office_s_certificate_leaves_it_alone(emulator: Emulator) -> None:
    office = keep(None, seal("9990000041"))
    lives = Client.objects.create(nip=FIRM, name="Próbna", environment="emulator")
    assert credential_for(lives) == office
    run_out(ending.carry, ending.begin(lives, in_ksef=True, actor=None).pk)
    assert stored(office).active
