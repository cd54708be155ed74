"""From a token to a certificate: tried before it is used, and the token ended afterwards."""

import datetime as dt
from collections.abc import Iterator

import pytest
from lxml import etree

from ksef_emulator.testing import Emulator, running_emulator
from obieg.calls import moving, outside
from obieg.calls.enrolment import carry
from obieg.calls.gateways import open_gateway
from obieg.calls.retiring import retire
from obieg.calls.trial import READ, WRITE, try_credential
from obieg.ksef.errors import CredentialRefused
from obieg.office.models import Client, Event, KsefEnvironment
from obieg.vault.credentials import add_certificate, add_token, credential_for
from obieg.vault.enrolment import begin
from obieg.vault.errors import (
    CredentialInUse,
    CredentialShredded,
    NoOfficeCertificate,
    RequestForeign,
    SignatureNeeded,
    TokenCannotEnrol,
)
from obieg.vault.models import AccessGrant, Credential, CredentialUsage, Enrolment, Move
from obieg.vault.opening import open_credential
from obieg.vault.shredding import shred
from tests.calls.test_gateways import look
from tests.ksef_emulator.certificates import Identity, seal
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import sign
from tests.vault.firms import certificate_of, key_of, pkcs12_of

FIRM, OFFICE = "9990000029", "9990000041"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with running_emulator(rate_limits="off") as running:
        monkeypatch.setenv("OBIEG_EMULATOR_URL", running.url)
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Client:
    client = Client.objects.create(
        nip=FIRM, name="Próbna sp. z o.o.", environment=KsefEnvironment.EMULATOR
    )
    token = emulator.control.make_token(FIRM)["token"]
    add_token(client, token, environment="emulator", label="token", actor=None)
    return client


def keep(client: Client | None, identity: Identity) -> Credential:
    return add_certificate(
        client, certificate_of(identity), key_of(identity),
        environment="emulator", label="certyfikat", actor=None,
    )  # fmt: skip


def grant(emulator: Emulator, *permissions: str) -> None:
    user = KsefUser(emulator)
    answer = user.post(
        "/testdata/permissions",
        {
            "contextIdentifier": {"type": "Nip", "value": FIRM},
            "authorizedIdentifier": {"type": "Nip", "value": OFFICE},
            "permissions": [
                {"permissionType": one, "description": "Biuro próbne"} for one in permissions
            ],
        },
    )
    user.close()
    assert answer.status_code == 200, answer.text


def signed(request: bytes, identity: Identity) -> bytes:
    """As any tool for qualified signatures makes it: XAdES, enveloped."""
    return sign(etree.tostring(etree.fromstring(request)).decode(), identity)


def stored(credential: Credential) -> Credential:
    return Credential.objects.across_clients().get(pk=credential.pk)


def test_a_token_is_tried_with_what_it_may(client: Client, emulator: Emulator) -> None:
    token = emulator.control.make_token(FIRM, ["InvoiceRead"])["token"]
    credential = add_token(client, token, environment="emulator", label="czyta", actor=None)
    trial = try_credential(credential, client, actor=None)
    assert trial.held == {READ}
    assert trial.names == ["przeglądanie faktur"]
    assert stored(credential).held == [READ]


def test_a_token_alone_gets_no_certificate(client: Client) -> None:
    with pytest.raises(TokenCannotEnrol, match="Podpisz dostęp poza Obiegiem"):
        begin(client, actor=None, usage=CredentialUsage.AUTHENTICATION)


def test_with_an_access_signed_outside_the_token_gives_way_to_a_certificate(
    client: Client, emulator: Emulator
) -> None:
    token = credential_for(client)
    outside.log_in_signed(client, signed(outside.request_to_sign(client), seal(FIRM)), actor=None)
    assert credential_for(client) == token, "the token stays in use meanwhile"

    enrolment = begin(client, actor=None, usage=CredentialUsage.AUTHENTICATION)
    assert carry(enrolment.pk) is None

    new = credential_for(client)
    assert (new.kind, new.usage, new.on_trial) == ("certificate", "authentication", False)
    assert READ in new.held
    assert not stored(token).active
    with open_gateway(client, purpose="próba") as gateway:
        look(gateway)


def test_the_token_stays_in_use_where_the_new_certificate_does_not_open(
    client: Client, emulator: Emulator
) -> None:
    token = credential_for(client)
    outside.log_in_signed(client, signed(outside.request_to_sign(client), seal(FIRM)), actor=None)
    enrolment = begin(client, actor=None, usage=CredentialUsage.AUTHENTICATION)
    emulator.control.add_fault("status", path="/auth/xades-signature", status=400)

    assert carry(enrolment.pk) is None

    ended = Enrolment.objects.across_clients().get(pk=enrolment.pk)
    assert ended.state == "refused"
    assert credential_for(client) == token
    assert ended.credential is not None
    assert ended.credential.shredded_at is not None


def test_a_trial_that_was_cut_is_repeated_and_nothing_asked_for_twice(
    client: Client, emulator: Emulator
) -> None:
    token = credential_for(client)
    outside.log_in_signed(client, signed(outside.request_to_sign(client), seal(FIRM)), actor=None)
    enrolment = begin(client, actor=None, usage=CredentialUsage.AUTHENTICATION)
    emulator.control.add_fault("cut_after", path="/auth/token/redeem")
    assert carry(enrolment.pk) is not None
    assert credential_for(client) == token
    assert carry(enrolment.pk) is None
    assert credential_for(client) != token
    sent = [r for r in emulator.control.requests() if r["path"].endswith("/enrollments")]
    assert len(sent) == 1


def test_a_signed_access_ends_and_asks_for_another_signature(client: Client) -> None:
    document = signed(outside.request_to_sign(client), seal(FIRM))
    credential = outside.log_in_signed(client, document, actor=None)
    with (
        pytest.raises(SignatureNeeded),
        open_credential(credential, actor=None, purpose="próba", client=client),
    ):
        pass


def test_a_client_with_nothing_stored_works_on_what_was_signed(emulator: Emulator) -> None:
    client = Client.objects.create(nip=FIRM, name="Próbna", environment="emulator")
    document = signed(outside.request_to_sign(client), seal(FIRM))
    outside.log_in_signed(client, document, actor=None)
    with open_gateway(client, purpose="próba") as gateway:
        look(gateway)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<a/>", "inny dokument"),
        (b"not XML", "nieczytelny XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        (b"\xff\xfe", "nieczytelny XML"),
    ],
)
def test_what_is_no_signed_request_is_refused(client: Client, document: bytes, reason: str) -> None:
    with pytest.raises(RequestForeign, match=reason):
        outside.log_in_signed(client, document, actor=None)


def test_the_request_of_another_client_or_without_signature_is_refused(client: Client) -> None:
    other = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
    request = outside.request_to_sign(other)
    with pytest.raises(RequestForeign, match="inny kontekst"):
        outside.log_in_signed(client, signed(request, seal(FIRM)), actor=None)
    with pytest.raises(RequestForeign, match="brak podpisu"):
        outside.log_in_signed(other, request, actor=None)


def test_a_request_signed_for_the_second_time_is_refused_by_ksef(client: Client) -> None:
    document = signed(outside.request_to_sign(client), seal(FIRM))
    outside.log_in_signed(client, document, actor=None)
    with pytest.raises(CredentialRefused):
        outside.log_in_signed(client, document, actor=None)


def test_the_office_s_certificate_takes_over_where_it_was_granted_as_much(
    client: Client, emulator: Emulator
) -> None:
    office = keep(None, seal(OFFICE))
    grant(emulator, READ, WRITE)
    move = moving.begin(client, actor=None)
    assert move is not None
    assert moving.begin(client, actor=None) is None, "one at a time"
    assert moving.carry(move.pk) is None
    assert credential_for(client) == office
    assert Move.objects.of_client(client).get().state == "done"
    with open_gateway(client, purpose="próba") as gateway:
        look(gateway)


@pytest.mark.parametrize("granted", [(), (READ,)])
def test_the_token_stays_where_the_office_may_less(
    client: Client, emulator: Emulator, granted: tuple[str, ...]
) -> None:
    token = credential_for(client)
    keep(None, seal(OFFICE))
    if granted:
        grant(emulator, *granted)
    move = moving.begin(client, actor=None)
    assert move is not None
    assert moving.carry(move.pk) is None
    failed = Move.objects.of_client(client).get()
    assert failed.state == "failed"
    assert "KSeF odmówił dostępu" in failed.error_text
    assert credential_for(client) == token
    with open_gateway(client, purpose="próba") as gateway:
        look(gateway)


def test_a_move_waits_while_ksef_is_out(client: Client, emulator: Emulator) -> None:
    keep(None, seal(OFFICE))
    grant(emulator, READ, WRITE)
    move = moving.begin(client, actor=None)
    assert move is not None
    emulator.control.announce_outage()
    assert moving.carry(move.pk) == dt.timedelta(seconds=10)
    emulator.control.end_outage()
    assert moving.carry(move.pk, failures=1) is None


def test_without_an_office_certificate_there_is_nowhere_to_move(client: Client) -> None:
    with pytest.raises(NoOfficeCertificate):
        moving.begin(client, actor=None)


def test_a_retired_token_opens_nothing_in_ksef_and_nothing_here(
    client: Client, emulator: Emulator
) -> None:
    token = credential_for(client)
    with open_credential(token, actor=None, purpose="próba", client=client) as secret:
        spare = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
        keep(client, seal(FIRM))
    said = retire(stored(token), client, in_ksef=True, actor=None)
    assert said == "unieważniono w KSeF"
    ended = stored(token)
    assert ended.revoked_at is not None
    assert set(bytes(ended.ciphertext) + bytes(ended.wrapped_key)) == {0}
    assert ended.fingerprint == token.fingerprint
    with (
        pytest.raises(CredentialShredded),
        open_credential(ended, actor=None, purpose="próba", client=client, withdrawn_too=True),
    ):
        pass
    again = add_token(spare, secret.token, environment="emulator", label="x", actor=None)
    Credential.objects.across_clients().filter(pk=again.pk).update(reference="")
    with pytest.raises(CredentialRefused):
        try_credential(again, client, actor=None)


def test_what_is_in_use_is_not_shredded(client: Client) -> None:
    with pytest.raises(CredentialInUse):
        shred(credential_for(client), actor=None)


def test_an_outage_leaves_a_token_that_is_to_be_retired_whole(
    client: Client, emulator: Emulator
) -> None:
    from obieg.core.errors import Transient

    token = credential_for(client)
    emulator.control.announce_outage()
    with pytest.raises(Transient):
        retire(token, client, in_ksef=True, actor=None)
    assert stored(token).shredded_at is None
    assert stored(token).active


def test_a_certificate_of_ksef_is_revoked_and_a_foreign_seal_is_not(
    client: Client, emulator: Emulator
) -> None:
    own_seal = keep(client, seal(FIRM))
    enrolment = begin(client, actor=None, usage=CredentialUsage.AUTHENTICATION)
    carry(enrolment.pk)
    enrolled = credential_for(client)
    assert enrolled != own_seal
    assert retire(stored(own_seal), client, in_ksef=True, actor=None).startswith("w KSeF nie ma")
    assert retire(enrolled, client, in_ksef=True, actor=None) == "unieważniono w KSeF"
    assert not AccessGrant.objects.of_client(client).filter(credential=enrolled).exists()


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_seal_from_a_protected_pkcs12_file_logs_in(emulator: Emulator, kind: str) -> None:
    client = Client.objects.create(nip=FIRM, name="Próbna", environment="emulator")
    store = pkcs12_of(seal(FIRM, kind), "hasło pieczęci")
    credential = add_certificate(
        client, store, b"", password="hasło pieczęci", environment="emulator", label="pieczęć",
        actor=None,
    )  # fmt: skip
    assert READ in try_credential(credential, client, actor=None).held


def test_every_step_is_on_the_trail(client: Client, emulator: Emulator) -> None:
    token = credential_for(client)
    keep(client, seal(FIRM))
    retire(stored(token), client, in_ksef=True, actor=None)
    told = Event.objects.of_client(client).filter(thing="vault.credential", thing_id=token.pk)
    assert list(told.values_list("kind", flat=True)) == ["add", "revoke", "shred"]
