"""A certificate of type Offline: asked for in KSeF, kept in the vault, used to sign."""

import datetime as dt
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator, running_emulator
from obieg.calls.enrolment import carry
from obieg.calls.gateways import open_gateway
from obieg.ksef.errors import CredentialRefused
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.vault.certificates import read_key_pair
from obieg.vault.credentials import add_certificate, add_token, credential_for
from obieg.vault.enrolment import SURELY_LOST, begin
from obieg.vault.errors import (
    CertificateExpired,
    EnrolmentUnderWay,
    NoOfflineCertificate,
    NotOffline,
    OfficeCertificate,
    SecretTampered,
    TokenCannotEnrol,
)
from obieg.vault.models import Credential, CredentialUsage, CredentialUse, Enrolment
from obieg.vault.offline import offline_certificate_for, sign_with
from obieg.vault.opening import open_credential
from tests.ksef_emulator.certificates import Identity, seal
from tests.vault.firms import certificate_of, key_of, new_client

FIRM = "9990000029"
OFFICE = "9990000012"
OFFLINE = CredentialUsage.OFFLINE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with running_emulator(rate_limits="off") as running:
        monkeypatch.setenv("OBIEG_EMULATOR_URL", running.url)
        yield running


def keep(client: Client | None, identity: Identity, **options: object) -> Credential:
    return add_certificate(
        client,
        certificate_of(identity),
        key_of(identity),
        environment="emulator",
        label="próba",
        actor=None,
        **options,
    )


@pytest.fixture
def client(emulator: Emulator, transactional_db: None) -> Client:
    client = new_client(FIRM, environment=KsefEnvironment.EMULATOR)
    keep(client, seal(FIRM))
    return client


def log_in(client: Client) -> None:
    """So that what follows meets no login that KSeF delays or refuses as well."""
    with open_gateway(client, purpose="próba") as gateway:
        gateway.certificates.limits()


def current(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.across_clients().get(pk=enrolment.pk)


def enrolled(client: Client) -> Credential:
    enrolment = begin(client, actor=None)
    assert carry(enrolment.pk) is None
    return offline_certificate_for(client)


def test_an_enrolled_certificate_is_kept_and_signs(client: Client) -> None:
    credential = enrolled(client)

    assert (credential.client, credential.usage) == (client, OFFLINE)
    with sign_with(credential, client=client, actor=None, purpose="próba") as signer:
        assert len(signer.serial) == 16
        assert isinstance(signer.private_key, EllipticCurvePrivateKey)
        signature = signer.private_key.sign(b"x", ECDSA(hashes.SHA256()))
        signer.private_key.public_key().verify(signature, b"x", ECDSA(hashes.SHA256()))
    assert (
        CredentialUse.objects.of_client(client)
        .filter(credential=credential, purpose="próba")
        .exists()
    )


def test_the_key_leaves_the_enrolment_when_the_certificate_has_it(client: Client) -> None:
    enrolment = begin(client, actor=None)
    assert current(enrolment).sealed_key
    carry(enrolment.pk)
    ended = current(enrolment)
    assert (ended.state, bytes(ended.sealed_key)) == ("done", b"")
    assert ended.credential == offline_certificate_for(client)
    kinds = [e.kind for e in Event.objects.of_client(client).filter(thing="vault.enrolment")]
    assert kinds == ["enrol", "ask", "sent", "keep"]


def test_the_key_stands_nowhere_in_the_database(client: Client) -> None:
    credential = enrolled(client)
    with sign_with(credential, client=client, actor=None, purpose="próba") as signer:
        assert isinstance(signer.private_key, EllipticCurvePrivateKey)
        secret = signer.private_key.private_numbers().private_value.to_bytes(32, "big")
    assert secret.hex() not in _dump()


def _dump() -> str:
    """Every value of the vault's tables and of the trail, as text."""
    tables = ("vault_enrolment", "vault_credential", "vault_credentialuse", "office_event")
    with connection.cursor() as cursor:
        texts = []
        for table in (*tables, "procrastinate_jobs"):
            cursor.execute(f"SELECT t.*::text FROM {table} t")
            texts += [str(row) for row in cursor.fetchall()]
    return "".join(texts)


def test_access_to_ksef_stays_as_it_was(client: Client) -> None:
    before = credential_for(client)
    enrolled(client)
    assert credential_for(client) == before
    with open_gateway(client, purpose="próba") as gateway:
        assert gateway.certificates.limits().may_ask


def test_a_new_certificate_takes_the_place_of_the_former(client: Client) -> None:
    first, second = enrolled(client), enrolled(client)
    assert first.pk != second.pk
    assert not Credential.objects.of_client(client).get(pk=first.pk).active


def test_two_active_certificates_of_one_usage_are_impossible(client: Client) -> None:
    first, _ = enrolled(client), enrolled(client)
    with pytest.raises(IntegrityError):
        Credential.objects.of_client(client).filter(pk=first.pk).update(active=True)


def test_a_lost_answer_is_found_again_and_nothing_asked_for_twice(
    client: Client, emulator: Emulator
) -> None:
    emulator.control.add_fault("cut_after", method="POST", path="/certificates/enrollments$")
    enrolment = begin(client, actor=None)
    assert carry(enrolment.pk) is not None, "put off: the answer was lost"
    assert current(enrolment).state == "asking"

    assert carry(enrolment.pk) is None

    assert current(enrolment).state == "done"
    with open_gateway(client, purpose="próba") as gateway:
        assert len(gateway.certificates.query(purpose="Offline")) == 1


def test_a_lost_request_is_asked_again_only_once_ksef_surely_has_none(
    client: Client, emulator: Emulator
) -> None:
    emulator.control.add_fault("cut_before", method="POST", path="/certificates/enrollments$")
    enrolment = begin(client, actor=None)
    carry(enrolment.pk)
    if current(enrolment).state == "asking":
        assert carry(enrolment.pk) == dt.timedelta(seconds=5), "too early to say that it was lost"
        long_ago = dt.datetime.now(dt.UTC) - 2 * SURELY_LOST
        Enrolment.objects.across_clients().update(claimed_at=long_ago)
    assert carry(enrolment.pk) is None
    assert current(enrolment).state == "done"


@pytest.mark.parametrize(
    "path", ["/limits$", "/data$", "/certificates/enrollments/2", "/certificates/retrieve$"]
)
def test_a_cut_at_any_step_is_resumed(client: Client, emulator: Emulator, path: str) -> None:
    emulator.control.add_fault("cut_after", path=path)
    enrolment = begin(client, actor=None)
    assert carry(enrolment.pk) is not None
    assert ProcrastinateJob.objects.filter(queueing_lock=f"enrol-{enrolment.pk}").exists()
    assert carry(enrolment.pk, failures=1) is None
    assert current(enrolment).state == "done"


def test_ksef_s_pause_is_waited_for(client: Client, emulator: Emulator) -> None:
    log_in(client)
    emulator.control.change_settings(processingDelay=60)
    enrolment = begin(client, actor=None)
    assert carry(enrolment.pk) == dt.timedelta(seconds=5)
    emulator.control.advance_clock(dt.timedelta(minutes=2))
    assert carry(enrolment.pk) is None
    assert current(enrolment).state == "done"


def test_a_refusal_ends_the_enrolment_with_ksef_s_words(client: Client, emulator: Emulator) -> None:
    log_in(client)
    emulator.control.change_settings(processingFailure=500)
    enrolment = begin(client, actor=None)
    assert carry(enrolment.pk) is None
    ended = current(enrolment)
    assert (ended.state, bytes(ended.sealed_key)) == ("refused", b"")
    assert "Nieznany błąd" in ended.error_text


def test_one_request_at_a_time(client: Client) -> None:
    begin(client, actor=None)
    with pytest.raises(EnrolmentUnderWay):
        begin(client, actor=None)


def test_with_a_token_there_is_no_certificate(emulator: Emulator) -> None:
    client = new_client(FIRM, environment=KsefEnvironment.EMULATOR)
    token = emulator.control.make_token(FIRM)["token"]
    add_token(client, token, environment="emulator", label="token", actor=None)
    with pytest.raises(TokenCannotEnrol, match="korzysta z tokena"):
        begin(client, actor=None)


def test_by_the_office_s_certificate_it_becomes_the_office_s(emulator: Emulator) -> None:
    client = new_client(OFFICE, environment=KsefEnvironment.EMULATOR)
    keep(None, seal(OFFICE))
    credential = enrolled(client)
    other = new_client(FIRM, environment=KsefEnvironment.EMULATOR)
    assert credential.client is None
    assert offline_certificate_for(other) == credential


def test_the_office_s_certificate_is_asked_for_by_who_sees_the_office(emulator: Emulator) -> None:
    client = new_client(OFFICE, environment=KsefEnvironment.EMULATOR)
    keep(None, seal(OFFICE))
    anna = Operator.objects.create_user("anna", name="Anna Nowak")
    with pytest.raises(OfficeCertificate):
        begin(client, actor=anna)


def test_without_a_certificate_the_error_says_what_to_do(client: Client) -> None:
    with pytest.raises(NoOfflineCertificate, match="Certyfikat Offline") as missing:
        offline_certificate_for(client)
    assert "Emulator" in str(missing.value)


def test_an_ended_certificate_does_not_sign(client: Client) -> None:
    ended = enrolled(client)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    Credential.objects.of_client(client).filter(pk=ended.pk).update(valid_to=past)
    with pytest.raises(CertificateExpired):
        offline_certificate_for(client)


def test_a_certificate_enrolled_elsewhere_is_imported_from_its_files(client: Client) -> None:
    credential = enrolled(client)
    with open_credential(credential, actor=None, purpose="próba", client=client) as secret:
        pair = read_key_pair(secret.certificate, secret.private_key, password=None)
    Credential.objects.of_client(client).filter(pk=credential.pk).update(active=False)

    again = add_certificate(
        client,
        pair.certificate,
        pair.private_key,
        environment="emulator",
        label="z pliku",
        actor=None,
        usage=OFFLINE,
    )

    assert offline_certificate_for(client) == again


@pytest.mark.parametrize("identity", [seal(FIRM), seal(FIRM, "rsa")], ids=["ec", "rsa"])
def test_a_certificate_for_logging_in_is_not_taken_for_offline(
    client: Client, identity: Identity
) -> None:
    assert identity.certificate.public_bytes(Encoding.DER)
    with pytest.raises(NotOffline):
        keep(client, identity, usage=OFFLINE)


def test_a_row_that_changes_its_usage_does_not_open(client: Client) -> None:
    credential = enrolled(client)
    Credential.objects.of_client(client).filter(usage="authentication").update(active=False)
    Credential.objects.of_client(client).filter(pk=credential.pk).update(usage="authentication")
    swapped = credential_for(client)
    with (
        pytest.raises(SecretTampered),
        open_credential(swapped, actor=None, purpose="próba", client=client),
    ):
        pass


def test_an_offline_certificate_does_not_log_in(client: Client, emulator: Emulator) -> None:
    credential = enrolled(client)
    with open_credential(credential, actor=None, purpose="próba", client=client) as secret:
        add_certificate(
            client,
            secret.certificate,
            secret.private_key,
            environment="emulator",
            label="zły",
            actor=None,
        )
    with (
        open_gateway(client, purpose="próba") as gateway,
        pytest.raises(CredentialRefused),
    ):
        gateway.certificates.limits()


def test_a_wish_that_is_rolled_back_leaves_no_job(client: Client) -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="vault.enrol")
    before = jobs.count()
    with transaction.atomic():
        begin(client, actor=None)
        transaction.set_rollback(True)
    assert not Enrolment.objects.across_clients().exists()
    assert jobs.count() == before
