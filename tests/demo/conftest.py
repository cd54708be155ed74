"""An emulator of its own for every test of the demo."""

from collections.abc import Iterator

import pytest

from ksef_emulator.testing import Emulator as Running
from ksef_emulator.testing import running_emulator
from obieg.demo.emulator import Emulator


@pytest.fixture
def ksef(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running_emulator(rate_limits="off") as running:
        monkeypatch.setenv("OBIEG_EMULATOR_URL", running.url)
        yield running


@pytest.fixture
def emulator(ksef: Running) -> Iterator[Emulator]:
    with Emulator.given() as given:
        yield given
