"""What is no longer used ends in KSeF as well: found on any page, by who may, when it may."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client as Visitor
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.calls import revoking
from obieg.calls.enrolment import carry as carry_enrolment
from obieg.calls.models import Revocation
from obieg.calls.retiring import retire, revoke
from obieg.ksef.certificates import Certificates, certificate_request
from obieg.office.models import Client, Event, Operator
from obieg.sales.models import Sale, SaleCodes
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault import enrolment
from obieg.vault.credentials import credential_for
from obieg.vault.models import AccessGrant, Credential, CredentialUsage, Enrolment
from obieg.vault.offline import offline_certificate_for
from tests.calls.test_moving import FIRM, client, emulator, keep, stored
from tests.inbox.firm import run_out
from tests.ksef.office import certificate_secret, gateway_of
from tests.ksef_emulator.certificates import seal
from tests.sales.factories import a_sale

__all__ = ["client", "emulator"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

OFFLINE, AUTHENTICATION = CredentialUsage.OFFLINE, CredentialUsage.AUTHENTICATION


def give_many(emulator: Emulator, count: int) -> None:
    """So many certificates of the firm, newer than what it has."""
    with gateway_of(emulator, FIRM, secret=certificate_secret(seal(FIRM))) as gateway:
        for place in range(count):
            give(gateway.certificates, f"Inny program {place}")


def give(certificates: Certificates, name: str) -> None:
    csr = certificate_request(
        certificates.enrolment_data(), ec.generate_private_key(ec.SECP256R1())
    )
    certificates.enrol(name=name, purpose="Offline", csr=csr)


def status_of(emulator: Emulator, credential: Credential) -> str:
    with gateway_of(emulator, FIRM, secret=certificate_secret(seal(FIRM))) as gateway:
        entry = gateway.certificates.find(credential.reference)
        assert entry is not None
        return entry.status


def enrolled(client: Client, usage: CredentialUsage) -> Credential:
    asked = enrolment.begin(client, actor=None, usage=usage)
    run_out(carry_enrolment, asked.pk)
    credential = Enrolment.objects.across_clients().get(pk=asked.pk).credential
    assert credential is not None
    return credential


def revocation_of(credential: Credential) -> Revocation:
    return Revocation.objects.across_clients().get(credential=credential)


def test_a_certificate_is_found_behind_more_than_a_page_of_others(
    client: Client, emulator: Emulator
) -> None:
    keep(client, seal(FIRM))
    mine = enrolled(client, AUTHENTICATION)
    give_many(emulator, 55)
    with gateway_of(emulator, FIRM, secret=certificate_secret(seal(FIRM))) as gateway:
        assert len(list(gateway.certificates.every())) == 56
    assert retire(stored(mine), client, in_ksef=True, actor=None) == "unieważniono w KSeF"
    assert status_of(emulator, mine) == "Revoked"


def test_what_failed_its_trial_is_revoked_by_what_is_in_use(
    client: Client, emulator: Emulator
) -> None:
    keep(client, seal(FIRM))
    credential_for(client)
    asked = enrolment.begin(client, actor=None, usage=AUTHENTICATION)
    emulator.control.add_fault("status", path="/permissions/query/personal", status=403)
    run_out(carry_enrolment, asked.pk)
    ended = Enrolment.objects.across_clients().get(pk=asked.pk)
    assert ended.state == "refused"
    assert ended.credential is not None
    assert status_of(emulator, ended.credential) == "Active"
    row = revocation_of(ended.credential)
    assert row.get_state_display() == "Do unieważnienia w KSeF"
    assert ProcrastinateJob.objects.filter(queueing_lock=f"revoke-{row.pk}").exists()

    run_out(revoking.carry, row.pk)

    assert revocation_of(ended.credential).state == "done"
    assert status_of(emulator, ended.credential) == "Revoked"
    assert stored(ended.credential).revoked_at is not None


def test_with_a_token_alone_nothing_can_be_revoked_until_someone_signs(
    client: Client, emulator: Emulator
) -> None:
    own = keep(client, seal(FIRM))
    offline = enrolled(client, OFFLINE)
    Credential.objects.of_client(client).filter(pk=own.pk).update(
        active=False, shredded_at=dt.datetime.now(dt.UTC)
    )
    Credential.objects.of_client(client).filter(kind="token").update(active=True)
    Credential.objects.of_client(client).filter(pk=offline.pk).update(active=False)
    row = revoking.ask(stored(offline), client, actor=None)
    run_out(revoking.carry, row.pk)
    failed = revocation_of(offline)
    assert failed.state == "failed"
    assert offline.reference in failed.error_text
    assert stored(offline).shredded_at is None
    keep(client, seal(FIRM))
    again = revoking.ask(stored(offline), client, actor=None)
    assert again.pk == row.pk
    run_out(revoking.carry, row.pk)
    assert revocation_of(offline).state == "done"


def test_a_superseded_offline_certificate_is_revoked_and_destroyed(
    client: Client, emulator: Emulator
) -> None:
    keep(client, seal(FIRM))
    first, second = enrolled(client, OFFLINE), enrolled(client, OFFLINE)
    row = revocation_of(first)
    run_out(revoking.carry, row.pk)
    assert status_of(emulator, first) == "Revoked"
    assert status_of(emulator, second) == "Active"
    assert set(bytes(stored(first).ciphertext)) == {0}
    assert offline_certificate_for(client) == second
    kinds = Event.objects.of_client(client).filter(thing="calls.revocation", thing_id=row.pk)
    assert list(kinds.values_list("kind", flat=True)) == ["ask", "revoke"]


def test_while_a_document_signed_by_it_is_not_in_ksef_it_stays_valid(
    client: Client, emulator: Emulator
) -> None:
    keep(client, seal(FIRM))
    first = enrolled(client, OFFLINE)
    sale = a_sale(SaleState.READY, client=client, offline_mode=OfflineMode.OFFLINE24)
    SaleCodes.objects.create(
        sale=sale, version=sale.version, serial=first.reference,
        invoice_link="https://qr", certificate_link="https://qr",
    )  # fmt: skip
    enrolled(client, OFFLINE)
    row = revocation_of(first)
    assert revoking.carry(row.pk) == revoking.OFFLINE_LOOK
    held = revocation_of(first)
    assert (held.state, held.get_state_display()) == ("held", "Czeka na wysyłkę faktur offline")
    assert stored(first).shredded_at is None
    assert status_of(emulator, first) == "Active"

    Sale.objects.of_client(client).filter(pk=sale.pk).update(state=SaleState.CANCELLED)
    run_out(revoking.carry, row.pk)
    assert revocation_of(first).state == "done"
    assert status_of(emulator, first) == "Revoked"


def test_a_certificate_from_a_file_may_be_used_elsewhere_and_is_left_to_a_person(
    client: Client,
) -> None:
    own = keep(client, seal(FIRM))
    enrolled(client, AUTHENTICATION)
    assert not stored(own).active
    assert not Revocation.objects.across_clients().filter(credential=own).exists()


def test_a_former_certificate_for_logging_in_ends_a_day_later(
    client: Client, emulator: Emulator
) -> None:
    keep(client, seal(FIRM))
    first, second = enrolled(client, AUTHENTICATION), enrolled(client, AUTHENTICATION)
    row = revocation_of(first)
    wait = revoking.carry(row.pk)
    assert wait is not None
    assert dt.timedelta(hours=23) < wait <= dt.timedelta(days=1)
    Revocation.objects.across_clients().update(due_at=dt.datetime.now(dt.UTC))
    run_out(revoking.carry, row.pk)
    assert status_of(emulator, first) == "Revoked"
    assert credential_for(client) == second


def test_an_outage_is_waited_for_and_a_lost_job_queued_again(
    client: Client, emulator: Emulator
) -> None:
    keep(client, seal(FIRM))
    first, _ = enrolled(client, OFFLINE), enrolled(client, OFFLINE)
    row = revocation_of(first)
    emulator.control.announce_outage()
    assert revoking.carry(row.pk) == dt.timedelta(seconds=10)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    revoking.queue_due()
    assert ProcrastinateJob.objects.filter(queueing_lock=f"revoke-{row.pk}").exists()
    emulator.control.end_outage()
    run_out(revoking.carry, row.pk)
    assert revocation_of(first).state == "done"


def test_an_answer_that_was_lost_is_asked_for(client: Client, emulator: Emulator) -> None:
    keep(client, seal(FIRM))
    mine = enrolled(client, AUTHENTICATION)
    emulator.control.add_fault("cut_after", method="POST", path="/revoke$")
    row = revoking.ask(mine, client, actor=None)
    Credential.objects.of_client(client).filter(pk=mine.pk).update(active=False)
    keep(client, seal(FIRM))
    assert revoking.carry(row.pk) is not None
    run_out(revoking.carry, row.pk)
    assert revocation_of(mine).state == "done"
    assert stored(mine).revoked_at is not None


def test_one_s_own_certificate_is_revoked_by_itself(client: Client, emulator: Emulator) -> None:
    keep(client, seal(FIRM))
    mine = enrolled(client, AUTHENTICATION)
    assert revoke(mine, client, actor=None)
    assert status_of(emulator, mine) == "Revoked"


def test_the_list_says_what_is_to_be_revoked_and_offers_it_again(
    client: Client, emulator: Emulator
) -> None:
    owner = Operator.objects.create_user("ewa", name="Ewa Próbna", sees_all_clients=True)
    ewa = Visitor()
    ewa.force_login(owner)
    keep(client, seal(FIRM))
    first, _ = enrolled(client, OFFLINE), enrolled(client, OFFLINE)
    row = revocation_of(first)
    emulator.control.add_fault("status", path="/auth/xades-signature", status=400, times=None)
    Credential.objects.of_client(client).update(held=[])
    AccessGrant.objects.of_client(client).delete()
    run_out(revoking.carry, row.pk)
    emulator.control.clear_faults()
    page = ewa.get(reverse("clients-credentials", args=[client.pk])).content.decode()
    assert "Nie unieważniono w KSeF" in page
    assert reverse("credentials-revoke", args=[row.pk]) in page
    answer = ewa.post(reverse("credentials-revoke", args=[row.pk]))
    assert answer.status_code == 302
    assert revocation_of(first).state == "asked"
    run_out(revoking.carry, row.pk)
    assert revocation_of(first).state == "done"
