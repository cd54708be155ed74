"""A client who lets the office manage his permissions, one who does not, and an emulator."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from ksef_emulator.testing import Emulator, running_emulator
from obieg.calls.models import ToldRates
from obieg.calls.permissions.models import OfficeFirm
from obieg.ksef.granted import Identifier
from obieg.office.models import Client, KsefEnvironment
from obieg.vault.credentials import add_certificate, add_token
from obieg.vault.models import Credential
from tests.ksef.office import gateway_of
from tests.ksef_emulator.certificates import Identity, seal
from tests.vault.firms import certificate_of, key_of

FIRM, OFFICE, CUSTOMER = "9990000029", "9990000043", "9990000066"
ANNA = Identifier("Pesel", "85050512345")


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with running_emulator(rate_limits="off") as running:
        monkeypatch.setenv("OBIEG_EMULATOR_URL", running.url)
        yield running


@pytest.fixture
def office(transactional_db: None) -> OfficeFirm:
    return OfficeFirm.objects.create(nip=OFFICE, name="Biuro próbne sp. z o.o.")


@pytest.fixture
def client(emulator: Emulator, office: OfficeFirm) -> Client:
    """With a certificate of its own: an owner's, so that everything is allowed."""
    client = a_client()
    keep(client, seal(FIRM))
    return client


def a_client() -> Client:
    """With wide limits: a test reads more often in a second than an office in a night."""
    ToldRates.objects.create(
        environment="emulator", context=FIRM, group="other", told_at=timezone.now(),
        per_second=1000, per_minute=1000, per_hour=1000,
    )  # fmt: skip
    return Client.objects.create(
        nip=FIRM, name="Próbna sp. z o.o.", environment=KsefEnvironment.EMULATOR
    )


def keep(client: Client | None, identity: Identity) -> Credential:
    return add_certificate(
        client, certificate_of(identity), key_of(identity),
        environment="emulator", label="certyfikat", actor=None,
    )  # fmt: skip


def keep_token(client: Client, emulator: Emulator, *permissions: str) -> Credential:
    token = emulator.control.make_token(FIRM, list(permissions))["token"]
    return add_token(client, token, environment="emulator", label="token", actor=None)


def elsewhere(emulator: Emulator, act: str, *args: object, **more: object) -> None:
    """What the client does himself, in the Ministry's application."""
    with gateway_of(emulator, FIRM) as gateway:
        reference = getattr(gateway.permissions, act)(*args, **more)
        assert gateway.permissions.operation(reference).is_done


def to_anna(emulator: Emulator, *scopes: str) -> None:
    elsewhere(
        emulator, "grant_to_person", ANNA, scopes,
        first_name="Anna", last_name="Próbna", description="Księgowa",
    )  # fmt: skip


def to_office(emulator: Emulator, *scopes: str, can_delegate: bool = False) -> None:
    elsewhere(
        emulator, "grant_to_firm", OFFICE, scopes,
        name="Biuro próbne", description="Obsługa faktur", can_delegate=can_delegate,
    )  # fmt: skip


def in_ksef(emulator: Emulator) -> list[tuple[str, str]]:
    """What KSeF itself lists: holder and permission, doubles too."""
    with gateway_of(emulator, FIRM) as gateway:
        return sorted((one.holder.value, one.scope) for one in gateway.permissions.of_persons())
