"""An emulator, and clients whose channels download from it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from ksef_emulator.testing import Emulator, running_emulator
from obieg.inbox.signals import invoices_stored
from obieg.office.models import Client, KsefEnvironment
from obieg.vault.credentials import add_token
from tests.inbox.firm import Firm
from tests.ksef_emulator.invoices import nip

_numbers = count(500_000)


@pytest.fixture(scope="session")
def ksef() -> Iterator[Emulator]:
    """One emulator for the room's tests; each test has firms of its own in it."""
    with running_emulator(rate_limits="off") as running:
        yield running


@pytest.fixture(autouse=True)
def _room_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: what other rooms make of arrivals is tested in their own."""
    monkeypatch.setattr(invoices_stored, "receivers", [])


@pytest.fixture(autouse=True)
def _reach_emulator(ksef: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OBIEG_EMULATOR_URL", ksef.url)
    before = ksef.control.change_settings()
    yield
    ksef.control.clear_faults()
    ksef.control.change_settings(**before)
    ksef.control.set_clock(datetime.now(UTC))


@pytest.fixture
def new_firm(ksef: Emulator) -> Callable[[], Firm]:
    """Makes clients that no test has used, each with access to the emulator."""

    def make() -> Firm:
        number = nip(next(_numbers))
        client = Client.objects.create(
            nip=number, name=f"Firma {number}", environment=KsefEnvironment.EMULATOR
        )
        token = ksef.control.make_token(number)["token"]
        add_token(client, token, environment="emulator", label="próba", actor=None)
        return Firm(client, ksef.control)

    return make


@pytest.fixture
def firm(new_firm: Callable[[], Firm]) -> Firm:
    return new_firm()
