"""Opening KSeF for a client: who may, with what, and what happens when the access ends."""

import json
import logging
import re
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from ksef_emulator.testing import Emulator
from obieg.calls.access import LOGIN, LoginBusy
from obieg.calls.gateways import learn_rates, open_gateway
from obieg.calls.models import Embargo, KsefCall, ToldRates
from obieg.core.errors import MustWait, ObiegError
from obieg.ksef.environment import EnvironmentUnknown
from obieg.ksef.errors import AccessDenied, AccessExpired, KsefUnavailable, RateLimited
from obieg.ksef.gateway import Gateway
from obieg.ksef.rates import SPECIFICATION, Group
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.vault.credentials import add_certificate, add_token
from obieg.vault.errors import NoCredential, SecretTampered
from obieg.vault.models import AccessGrant, Credential, CredentialUse
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.ksef_user import KsefUser

pytestmark = pytest.mark.django_db(transaction=True)


def look(gateway: Gateway) -> object:
    start = datetime.now(UTC) - timedelta(days=1)
    return gateway.metadata(role="Subject2", date_from=start, date_to=None)


def asked(emulator: Emulator, path: str) -> int:
    return sum(request["path"].endswith(path) for request in emulator.control.requests())


def grant_to_office(emulator: Emulator, client: Client, office_nip: str) -> None:
    user = KsefUser(emulator)
    answer = user.post(
        "/testdata/permissions",
        {
            "contextIdentifier": {"type": "Nip", "value": client.nip},
            "authorizedIdentifier": {"type": "Nip", "value": office_nip},
            "permissions": [{"permissionType": "InvoiceRead", "description": "Biuro próbne"}],
        },
    )
    user.close()
    assert answer.status_code == 200, answer.text


def test_one_login_serves_many_gateways(emulator: Emulator, client_with_token: Client) -> None:
    for _ in range(3):
        with open_gateway(client_with_token, purpose="próba") as gateway:
            look(gateway)
    assert asked(emulator, "/auth/challenge") == 1
    purposes = CredentialUse.objects.across_clients().values_list("purpose", flat=True)
    assert list(purposes) == ["logowanie: próba"]


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_offices_certificate_opens_the_contexts_that_granted_it(
    emulator: Emulator, transactional_db: None, kind: str
) -> None:
    emulated = KsefEnvironment.EMULATOR
    granting = Client.objects.create(nip="9990000029", name="Pierwsza", environment=emulated)
    stranger = Client.objects.create(nip="9990000035", name="Druga", environment=emulated)
    actor = Operator.objects.create_user("anna", name="Anna Próbna")
    office = seal("9990000041", kind)
    add_certificate(
        None,
        office.certificate.public_bytes(Encoding.DER),
        office.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        environment=emulated, label="biuro", actor=actor,
    )  # fmt: skip
    grant_to_office(emulator, granting, "9990000041")
    with open_gateway(granting, purpose="próba", actor=actor) as gateway:
        look(gateway)
    with open_gateway(stranger, purpose="próba") as gateway, pytest.raises(AccessDenied):
        look(gateway)
    uses = CredentialUse.objects.across_clients().order_by("pk").values_list("client", "actor")
    assert list(uses) == [(granting.pk, actor.pk), (stranger.pk, None)]


def test_without_a_credential_nothing_is_asked(emulator: Emulator) -> None:
    client = Client.objects.create(
        nip="9990000029", name="Próbna", environment=KsefEnvironment.EMULATOR
    )
    with pytest.raises(NoCredential), open_gateway(client, purpose="próba"):
        pass
    assert emulator.control.requests() == []


def test_an_emulator_that_is_not_configured_is_named(
    client_with_token: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OBIEG_EMULATOR_URL")
    with pytest.raises(EnvironmentUnknown), open_gateway(client_with_token, purpose="próba"):
        pass


def test_access_near_its_end_is_refreshed_without_the_credential(
    emulator: Emulator, client_with_token: Client
) -> None:
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    soon = datetime.now(UTC) + timedelta(seconds=30)
    AccessGrant.objects.of_client(client_with_token).update(access_until=soon)
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    assert asked(emulator, "/auth/token/refresh") == 1
    assert asked(emulator, "/auth/challenge") == 1
    assert CredentialUse.objects.across_clients().count() == 1


def test_a_refresh_that_ksef_refuses_leads_to_a_login(
    emulator: Emulator, client_with_token: Client
) -> None:
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    AccessGrant.objects.of_client(client_with_token).update(access_until=datetime.now(UTC))
    emulator.control.add_fault("status", path="/auth/token/refresh", status=401)
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    assert asked(emulator, "/auth/challenge") == 2


def test_access_that_ends_midway_is_renewed_once_for_all(
    emulator: Emulator, client_with_token: Client
) -> None:
    with (
        open_gateway(client_with_token, purpose="pierwsza") as first,
        open_gateway(client_with_token, purpose="druga") as second,
    ):
        look(first)
        look(second)
        emulator.control.expire_access_tokens()
        look(first)
        look(second)
    assert asked(emulator, "/auth/challenge") == 2


def test_access_that_is_never_good_ends_in_an_error(
    emulator: Emulator, client_with_token: Client
) -> None:
    emulator.control.add_fault("status", path="/invoices/query", status=401, times=None)
    with open_gateway(client_with_token, purpose="próba") as gateway, pytest.raises(AccessExpired):
        look(gateway)
    assert asked(emulator, "/invoices/query/metadata") == 2


def test_a_new_credential_does_not_inherit_the_access_of_the_old(
    emulator: Emulator, client_with_token: Client
) -> None:
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    token = emulator.control.make_token(client_with_token.nip)["token"]
    add_token(client_with_token, token, environment="emulator", label="nowy", actor=None)
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    assert asked(emulator, "/auth/challenge") == 2


def test_access_copied_to_another_client_does_not_open(
    emulator: Emulator, client_with_token: Client
) -> None:
    with open_gateway(client_with_token, purpose="próba") as gateway:
        look(gateway)
    other = Client.objects.create(
        nip="9990000035", name="Inna", environment=KsefEnvironment.EMULATOR
    )
    credential = Credential.objects.across_clients().get()
    Credential.objects.across_clients().update(client=None)
    grant = AccessGrant.objects.of_client(client_with_token).get()
    grant.pk, grant.client, grant.credential = None, other, credential
    grant.save()
    with open_gateway(other, purpose="próba") as gateway, pytest.raises(SecretTampered):
        look(gateway)


def test_threads_that_begin_together_log_in_once(
    emulator: Emulator, client_with_token: Client
) -> None:
    def work(_: int) -> None:
        try:
            with open_gateway(client_with_token, purpose="próba") as gateway:
                look(gateway)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert asked(emulator, "/auth/challenge") == 1
    assert asked(emulator, "/auth/token/redeem") == 1


def test_a_login_that_takes_too_long_elsewhere_is_not_awaited_for_ever(
    emulator: Emulator, client_with_token: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obieg.calls.access.LOCK_TIMEOUT", "100ms")

    def begin() -> None:
        try:
            with open_gateway(client_with_token, purpose="próba") as gateway:
                look(gateway)
        finally:
            connection.close()

    with connection.cursor() as cursor, ThreadPoolExecutor(1) as pool:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOGIN, client_with_token.pk])
        with pytest.raises(LoginBusy):
            pool.submit(begin).result()
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOGIN, client_with_token.pk])
    begin()


def test_too_many_requests_become_an_embargo(emulator: Emulator, client_with_token: Client) -> None:
    emulator.control.add_fault("status", path="/invoices/query", status=429, retryAfter=900)
    with open_gateway(client_with_token, purpose="próba") as gateway:
        with pytest.raises(RateLimited):
            look(gateway)
        with pytest.raises(MustWait) as waiting:
            look(gateway)
        assert not isinstance(waiting.value, RateLimited), "KSeF was not even asked"
    assert asked(emulator, "/invoices/query/metadata") == 1
    embargo = Embargo.objects.get()
    assert (embargo.context, embargo.group) == (client_with_token.nip, Group.INVOICE_METADATA)


def test_every_call_is_in_the_ledger_with_its_outcome(
    emulator: Emulator, client_with_token: Client
) -> None:
    emulator.control.add_fault("cut_after", path="/invoices/query")
    with open_gateway(client_with_token, purpose="próba") as gateway:
        with pytest.raises(KsefUnavailable):
            look(gateway)
        look(gateway)
    rows = KsefCall.objects.across_clients().order_by("pk")
    outcomes = list(rows.values_list("operation", "status"))
    assert outcomes[-2:] == [
        ("POST /invoices/query/metadata", None),
        ("POST /invoices/query/metadata", 200),
    ]
    served = [(r["method"], r["status"]) for r in emulator.control.requests() if r["status"]]
    recorded = [(op.split()[0], status) for op, status in outcomes if status]
    assert recorded == served
    credential = Credential.objects.across_clients().get()
    assert set(rows.values_list("credential_id", flat=True)) == {credential.pk}


def test_the_limits_that_ksef_tells_are_kept(emulator: Emulator, client_with_token: Client) -> None:
    learn_rates(client_with_token)
    learn_rates(client_with_token)
    told = ToldRates.objects.get(group=Group.INVOICE_EXPORT)
    rates = SPECIFICATION[Group.INVOICE_EXPORT]
    assert (told.per_second, told.per_minute, told.per_hour) == (
        rates.per_second,
        rates.per_minute,
        rates.per_hour,
    )


def test_no_secret_is_written_anywhere(
    emulator: Emulator, client_with_token: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Token, access token and refresh token, through success, refusal and failure."""
    caplog.set_level(logging.DEBUG)
    token = emulator.control.make_token(client_with_token.nip)["token"]
    add_token(client_with_token, token, environment="emulator", label="nowy", actor=None)
    written = []
    with structlog.testing.capture_logs() as logs:
        for fault in (None, "cut_after", "cut_midway", "status"):
            AccessGrant.objects.of_client(client_with_token).delete()
            if fault:
                emulator.control.add_fault(fault, path="/auth/token/redeem", status=400)
            try:
                with open_gateway(client_with_token, purpose="próba") as gateway:
                    look(gateway)
            except ObiegError as error:
                written.append("".join(traceback.format_exception(error)))
    assert len(written) >= 3
    AccessGrant.objects.of_client(client_with_token).delete()
    with open_gateway(client_with_token, purpose="próba") as gateway:
        access = gateway._channel.access
        secret = token.partition("|")[2]  # before it stands the number in KSeF, no secret
        planted = {secret, access.token(), access._stored().refresh.token}  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            written += [
                repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
                for row in cursor.fetchall()
            ]
    haystack = "".join([*written, caplog.text, json.dumps(logs, default=str)])
    for secret in planted:
        for piece in re.split(r"[.|]", secret):
            assert len(piece) < 15 or piece not in haystack
    assert max(map(len, planted)) > 300
