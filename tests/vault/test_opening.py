"""No secret leaves the vault unrecorded, and none leaves it twice in a message."""

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from obieg.office.models import KsefEnvironment, Operator
from obieg.vault.credentials import add_token
from obieg.vault.errors import CredentialWithdrawn, OtherMasterKey, SecretTampered
from obieg.vault.models import Credential, CredentialUse
from obieg.vault.opening import open_credential
from tests.vault.firms import TOKEN, new_client

TEST = KsefEnvironment.TEST


def uses() -> list[tuple[str, int | None, int | None]]:
    rows = CredentialUse.objects.across_clients().order_by("pk")
    return list(rows.values_list("purpose", "client_id", "actor_id"))


@pytest.fixture
def credential(db: None) -> Credential:
    return add_token(new_client(), TOKEN, environment=TEST, label="token", actor=None)


def test_a_use_says_who_what_for_and_in_whose_context(credential: Credential) -> None:
    actor = Operator.objects.create_user("anna", name="Anna Próbna")
    with open_credential(
        credential, actor=actor, purpose="synchronizacja", client=credential.client
    ):
        pass
    assert uses() == [("synchronizacja", credential.client_id, actor.pk)]


def test_a_use_is_recorded_even_when_the_operation_fails(credential: Credential) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        open_credential(credential, actor=None, purpose="wysyłka", client=None),
    ):
        _ = 1 // 0
    assert uses() == [("wysyłka", None, None)]


def test_a_use_is_recorded_even_when_nothing_could_be_opened(
    credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBIEG_MASTER_KEY", "11" * 32)
    with (
        pytest.raises(OtherMasterKey),
        open_credential(credential, actor=None, purpose="pierwsza", client=None),
    ):
        pass
    monkeypatch.undo()
    credential.ciphertext = bytes(credential.ciphertext)[:-1] + b"\x00"
    with (
        pytest.raises(SecretTampered),
        open_credential(credential, actor=None, purpose="druga", client=None),
    ):
        pass
    assert [purpose for purpose, _, _ in uses()] == ["pierwsza", "druga"]


def test_a_withdrawn_credential_stays_closed(credential: Credential) -> None:
    add_token(credential.client, TOKEN, environment=TEST, label="nowy", actor=None)
    withdrawn = Credential.objects.across_clients().get(pk=credential.pk)
    with (
        pytest.raises(CredentialWithdrawn),
        open_credential(withdrawn, actor=None, purpose="stare", client=None),
    ):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_use_is_committed_before_the_secret_is_out() -> None:
    credential = add_token(new_client(), TOKEN, environment=TEST, label="token", actor=None)

    def seen_by_another() -> int:
        try:
            return CredentialUse.objects.across_clients().count()
        finally:
            connection.close()

    with (
        open_credential(credential, actor=None, purpose="próba", client=None),
        ThreadPoolExecutor(1) as pool,
    ):
        assert pool.submit(seen_by_another).result() == 1


@pytest.mark.django_db(transaction=True)
def test_a_credential_is_not_opened_inside_a_transaction() -> None:
    credential = add_token(new_client(), TOKEN, environment=TEST, label="token", actor=None)
    with (
        transaction.atomic(),
        pytest.raises(RuntimeError, match="durable"),
        open_credential(credential, actor=None, purpose="próba", client=None),
    ):
        pass
    assert uses() == []


def test_a_secret_shows_itself_nowhere(
    credential: Credential, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with open_credential(credential, actor=None, purpose="próba", client=None) as secret:
        shown = f"{secret!r} {secret} {credential!r} {vars(credential)}"
        shown += "".join(traceback.format_exception(ValueError(secret)))
    assert "5ecre7" not in shown + caplog.text
