"""Renewal: asked for by itself thirty days before the end, tried, taken over, told if it fails."""

import datetime as dt

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from ksef_emulator.testing import Emulator
from obieg.calls import renewing
from obieg.calls.enrolment import carry
from obieg.calls.gateways import open_gateway
from obieg.calls.models import RenewalSettings
from obieg.office.models import Client, Event, Operator
from obieg.vault import enrolment
from obieg.vault.credentials import credential_for
from obieg.vault.models import Credential, Enrolment
from obieg.vault.offline import offline_certificate_for
from tests.calls.test_gateways import look
from tests.calls.test_moving import FIRM, OFFICE, emulator, keep, stored
from tests.inbox.firm import run_out
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.ksef_user import KsefUser

__all__ = ["emulator"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm(emulator: Emulator) -> Client:
    firm = Client.objects.create(nip=FIRM, name="Próbna sp. z o.o.", environment="emulator")
    keep(firm, seal(FIRM))
    return firm


def before(credential: Credential, days: int) -> dt.datetime:
    """The moment so many days before its end."""
    assert credential.valid_to is not None
    return credential.valid_to - dt.timedelta(days=days)


def ends_in(credential: Credential, days: int) -> None:
    """Though KSeF knows it better: only our notice of its end is moved."""
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    long_ago = end - dt.timedelta(days=700)
    rows = Credential.objects.across_clients().filter(pk=credential.pk)
    rows.update(valid_to=end, created_at=long_ago)


def asked(client: Client) -> list[Enrolment]:
    return list(Enrolment.objects.of_client(client).order_by("pk"))


def test_nothing_is_asked_for_31_days_before_and_all_by_itself_30_days_before(
    firm: Client,
) -> None:
    old = credential_for(firm)
    assert renewing.renew_due(before(old, 31)) == 0
    assert renewing.renew_due(before(old, 30)) == 1
    assert credential_for(firm) == old, "in use until the new one was tried"
    run_out(carry, asked(firm)[0].pk)
    new = credential_for(firm)
    assert new != old
    assert new.label.startswith("Obieg Authentication")
    assert not stored(old).active
    with open_gateway(firm, purpose="próba") as gateway:
        look(gateway)
    assert asked(firm)[0].asked_by is None
    assert renewing.renew_due() == 0


def test_the_old_one_stays_while_the_new_one_does_not_open(
    firm: Client, emulator: Emulator
) -> None:
    old = credential_for(firm)
    ends_in(old, 29)
    assert renewing.renew_due() == 1
    emulator.control.add_fault("status", path="/permissions/query/personal", status=403)
    run_out(carry, asked(firm)[0].pk)
    assert credential_for(firm) == old
    (told,) = renewing.due(dt.datetime.now(dt.UTC))
    assert "KSeF odmówił dostępu" in told.failure
    assert renewing.renew_due() == 0, "not again on the same day"
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    Enrolment.objects.across_clients().update(created_at=yesterday)
    assert renewing.renew_due() == 1
    run_out(carry, asked(firm)[1].pk)
    assert credential_for(firm) != old


def test_the_offline_certificate_is_renewed_as_well(firm: Client) -> None:
    run_out(carry, enrolment.begin(firm, actor=None).pk)
    first = offline_certificate_for(firm)
    ends_in(first, 12)
    assert renewing.renew_due() == 1
    run_out(carry, asked(firm)[1].pk)
    assert offline_certificate_for(firm) != first


def test_the_office_s_certificate_is_renewed_in_the_context_of_a_client_that_lives_on_it(
    emulator: Emulator,
) -> None:
    office = keep(None, seal(OFFICE))
    ends_in(office, 20)
    (told,) = renewing.due(dt.datetime.now(dt.UTC))
    assert "nie ma kontekstu" in told.failure
    assert renewing.renew_due() == 0
    Client.objects.create(nip=OFFICE, name="Biuro próbne", environment="emulator")
    assert renewing.renew_due() == 1
    (row,) = Enrolment.objects.across_clients()
    run_out(carry, row.pk)
    new = Credential.objects.across_clients().get(client=None, active=True)
    assert new.pk != office.pk


def test_a_certificate_of_another_than_who_logs_in_is_told_and_left(emulator: Emulator) -> None:
    firm = Client.objects.create(nip=FIRM, name="Próbna", environment="emulator")
    keep(firm, seal(FIRM))
    run_out(carry, enrolment.begin(firm, actor=None).pk)
    ends_in(offline_certificate_for(firm), 10)
    Credential.objects.of_client(firm).filter(usage="authentication").update(active=False)
    keep(None, seal(OFFICE))
    (told,) = renewing.due(dt.datetime.now(dt.UTC))
    assert "wydano komu innemu" in told.failure
    assert renewing.renew_due() == 0


def test_by_button_only_where_the_office_wants_that(firm: Client) -> None:
    owner = Operator.objects.create_user("ewa", name="Ewa Próbna", sees_all_clients=True)
    ewa = Visitor()
    ewa.force_login(owner)
    old = credential_for(firm)
    ends_in(old, 25)
    assert "odnowi się w ciągu godziny" in text(ewa)
    assert ewa.post(reverse("credentials-renewal-settings")).status_code == 302
    assert not RenewalSettings.present().automatic
    assert Event.objects.across_clients().filter(thing="calls.renewalsettings").count() == 1
    assert renewing.renew_due() == 0
    assert "czeka na przycisk" in text(ewa)
    ewa.post(reverse("credentials-renew", args=[old.pk]))
    assert "Zlecony" in text(ewa)
    assert asked(firm)[0].asked_by == owner
    run_out(carry, asked(firm)[0].pk)
    assert credential_for(firm) != old
    assert "Żaden certyfikat nie kończy się" in text(ewa)


def text(visitor: Visitor) -> str:
    return visitor.get(reverse("credentials-renewal")).content.decode()


def limit(emulator: Emulator, **limits: dict[str, int]) -> None:
    user = KsefUser(emulator)
    user.log_in(FIRM)
    answer = user.post("/testdata/limits/subject/certificate", limits)
    user.close()
    assert answer.status_code == 200, answer.text


def requests_sent(emulator: Emulator) -> int:
    return sum(one["path"].endswith("/enrollments") for one in emulator.control.requests())


def refusal(firm: Client) -> str:
    row = enrolment.begin(firm, actor=None)
    run_out(carry, row.pk)
    ended = Enrolment.objects.across_clients().get(pk=row.pk)
    assert ended.state == "refused"
    return ended.error_text


def test_an_exhausted_limit_is_asked_for_first_and_what_could_be_revoked_is_named(
    firm: Client, emulator: Emulator
) -> None:
    serials = []
    for _ in range(2):
        run_out(carry, enrolment.begin(firm, actor=None).pk)
        serials.append(offline_certificate_for(firm).reference)
    limit(emulator, certificate={"maxCertificates": 2})
    sent = requests_sent(emulator)
    why = refusal(firm)
    assert "Limit aktywnych certyfikatów w KSeF jest wyczerpany" in why
    assert f"(Offline, nr {serials[0]}, ważny do " in why
    assert serials[1] not in why, "it is in use here"
    assert requests_sent(emulator) == sent, "nothing was sent"


def test_where_requests_are_exhausted_revoking_would_not_help(
    firm: Client, emulator: Emulator
) -> None:
    limit(emulator, enrollment={"maxEnrollments": 0})
    assert "Limit wniosków o certyfikat w KSeF jest wyczerpany" in refusal(firm)
