"""Putting credentials in, replacing them, finding the one that a client uses."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from obieg.office.models import Event, KsefEnvironment, Operator
from obieg.vault.credentials import TOKENS_END, add_certificate, add_token, credential_for
from obieg.vault.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    NoCredential,
    TokenMalformed,
)
from obieg.vault.models import AccessGrant, Credential, CredentialKind
from obieg.vault.opening import CertificateSecret, TokenSecret, open_credential
from tests.ksef_emulator.certificates import seal
from tests.vault.firms import TOKEN, certificate_of, key_of, new_client, pkcs12_of

pytestmark = pytest.mark.django_db

TEST = KsefEnvironment.TEST
NOW = dt.datetime.now(dt.UTC)


def test_a_token_comes_out_as_it_went_in() -> None:
    client = new_client()
    credential = add_token(client, f" {TOKEN}\n", environment=TEST, label="token", actor=None)
    assert credential.valid_to == TOKENS_END
    with open_credential(credential, actor=None, purpose="próba", client=client) as secret:
        assert secret == TokenSecret(TOKEN)


def test_a_certificate_comes_out_with_its_key() -> None:
    identity = seal("9990000029")
    credential = add_certificate(
        None, b"", pkcs12_of(identity, "hasło"), password="hasło",
        environment=TEST, label="biuro", actor=None,
    )  # fmt: skip
    assert credential.fingerprint == identity.fingerprint.lower()
    assert credential.valid_to == identity.certificate.not_valid_after_utc
    credential.refresh_from_db(from_queryset=Credential.objects.across_clients())
    with open_credential(credential, actor=None, purpose="próba", client=None) as secret:
        assert isinstance(secret, CertificateSecret)
        assert len(secret.certificate) > 100
        assert len(secret.private_key) > 100


@pytest.mark.parametrize("text", ["", "abc", TOKEN[:30] + " " + TOKEN, TOKEN + "ż", "x" * 5000])
def test_what_cannot_be_a_token_is_refused(text: str) -> None:
    with pytest.raises(TokenMalformed):
        add_token(new_client(), text, environment=TEST, label="token", actor=None)


def test_certificates_outside_their_days_are_refused() -> None:
    day = dt.timedelta(days=1)
    past = seal("9990000029", not_before=NOW - 9 * day, not_after=NOW - day)
    future = seal("9990000029", not_before=NOW + day, not_after=NOW + 9 * day)
    with pytest.raises(CertificateExpired):
        add_certificate(
            None, certificate_of(past), key_of(past), environment=TEST, label="stary", actor=None
        )
    with pytest.raises(CertificateNotYetValid):
        add_certificate(
            None, certificate_of(future), key_of(future), environment=TEST, label="nowy",
            actor=None,
        )  # fmt: skip


def test_a_new_credential_takes_the_place_of_the_old_and_of_its_access() -> None:
    client = new_client()
    actor = Operator.objects.create_user("anna", name="Anna Próbna")
    first = add_token(client, TOKEN, environment=TEST, label="pierwszy", actor=actor)
    AccessGrant.objects.create(
        client=client, environment=TEST, credential=first, ciphertext=b"", wrapped_key=b"",
        access_until=NOW, refresh_until=NOW,
    )  # fmt: skip
    second = add_token(client, TOKEN + "2", environment=TEST, label="drugi", actor=actor)
    assert credential_for(client) == second
    assert Credential.objects.of_client(client).filter(active=True).count() == 1
    assert not AccessGrant.objects.of_client(client).exists()
    events = Event.objects.of_client(client).filter(thing="vault.credential")
    assert [(e.actor, e.thing_id, e.before["credential"]) for e in events] == [
        (actor, first.pk, None),
        (actor, second.pk, first.pk),
    ]


def test_two_credentials_cannot_be_in_use_at_once() -> None:
    client = new_client()
    add_token(client, TOKEN, environment=TEST, label="pierwszy", actor=None)
    add_token(client, TOKEN, environment=TEST, label="drugi", actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.of_client(client).update(active=True)


def test_the_clients_own_goes_before_the_offices() -> None:
    client, other = new_client(), new_client("9990000035")
    identity = seal("9990000041")
    office = add_certificate(
        None, certificate_of(identity), key_of(identity), environment=TEST, label="biuro",
        actor=None,
    )  # fmt: skip
    assert credential_for(client) == office
    own = add_token(client, TOKEN, environment=TEST, label="własny", actor=None)
    assert credential_for(client) == own
    assert credential_for(other) == office


def test_another_environment_has_other_credentials() -> None:
    client = new_client(environment=KsefEnvironment.PRODUCTION)
    add_token(client, TOKEN, environment=TEST, label="testowy", actor=None)
    with pytest.raises(NoCredential) as error:
        credential_for(client)
    assert "Produkcyjne" in str(error.value)


def test_an_expired_certificate_is_named_before_ksef_is_asked() -> None:
    client, identity = new_client(), seal("9990000029")
    add_certificate(
        client, certificate_of(identity), key_of(identity), environment=TEST, label="pieczęć",
        actor=None,
    )  # fmt: skip
    Credential.objects.of_client(client).update(valid_to=NOW - dt.timedelta(days=1))
    with pytest.raises(CertificateExpired) as error:
        credential_for(client)
    assert "pieczęć" in str(error.value)


def test_the_end_of_tokens_is_shown_and_left_to_ksef_to_enforce() -> None:
    client = new_client()
    add_token(client, TOKEN, environment=TEST, label="token", actor=None)
    Credential.objects.of_client(client).update(valid_to=NOW - dt.timedelta(days=1))
    assert credential_for(client).kind == CredentialKind.TOKEN


def test_a_dump_of_the_tables_shows_no_secret() -> None:
    client, identity = new_client(), seal("9990000029")
    add_token(client, TOKEN, environment=TEST, label="token", actor=None)
    add_certificate(
        None, certificate_of(identity), key_of(identity), environment=TEST, label="biuro",
        actor=None,
    )  # fmt: skip
    private = identity.key.private_numbers().private_value.to_bytes(32, "big")
    with connection.cursor() as cursor:
        for table in ("vault_credential", "vault_credentialuse", "office_event"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, memoryview) else str(value).encode()
                    assert TOKEN.encode() not in raw
                    assert private not in raw
