"""An emulator, and clients that send to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from django.conf import LazySettings

from ksef_emulator.testing import Emulator, running_emulator
from obieg.office.models import Client, KsefEnvironment
from obieg.vault.credentials import add_token
from tests.ksef_emulator.invoices import nip
from tests.sales.seller import Seller

_numbers = count(700_000)


@pytest.fixture(scope="session")
def running_ksef() -> Iterator[Emulator]:
    """One emulator for the room's tests; each test has clients of its own in it."""
    with running_emulator(rate_limits="off") as running:
        yield running


@pytest.fixture
def ksef(running_ksef: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """The emulator, as its options made it."""
    monkeypatch.setenv("OBIEG_EMULATOR_URL", running_ksef.url)
    before = running_ksef.control.change_settings()
    yield running_ksef
    running_ksef.control.clear_faults()
    running_ksef.control.change_settings(**before)
    running_ksef.control.set_clock(datetime.now(UTC))


@pytest.fixture
def new_seller(ksef: Emulator, settings: LazySettings, tmp_path: Path) -> Callable[[], Seller]:
    """Makes clients that no test has used, each with access to the emulator."""
    settings.DATA = tmp_path

    def make() -> Seller:
        number = nip(next(_numbers))
        client = Client.objects.create(
            nip=number, name=f"Sprzedawca {number}", environment=KsefEnvironment.EMULATOR
        )
        token = ksef.control.make_token(number)["token"]
        add_token(client, token, environment="emulator", label="próba", actor=None)
        return Seller(client, ksef.control)

    return make


@pytest.fixture
def seller(new_seller: Callable[[], Seller]) -> Seller:
    return new_seller()
