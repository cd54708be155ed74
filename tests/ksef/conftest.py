"""Emulators for the gateway's tests."""

from collections.abc import Iterator

import pytest

from ksef_emulator.testing import Emulator, running_emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """One of its own for every test, without limits of requests."""
    with running_emulator(rate_limits="off") as running:
        yield running
