"""An emulator with the limits of the specification, and a client who may be served through it."""

from collections.abc import Iterator

import pytest

from ksef_emulator.testing import Emulator, running_emulator
from obieg.office.models import Client, KsefEnvironment
from obieg.vault.credentials import add_token
from tests.ksef.office import CLIENT


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with running_emulator() as running:
        monkeypatch.setenv("OBIEG_EMULATOR_URL", running.url)
        yield running


@pytest.fixture
def client_with_token(emulator: Emulator, transactional_db: None) -> Client:
    client = Client.objects.create(
        nip=CLIENT, name="Próbna sp. z o.o.", environment=KsefEnvironment.EMULATOR
    )
    token = emulator.control.make_token(CLIENT)["token"]
    add_token(client, token, environment=client.environment, label="token", actor=None)
    return client
