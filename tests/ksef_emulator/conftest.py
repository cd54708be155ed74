"""Emulators for the tests: one shared, one fresh."""

from collections.abc import Iterator

import pytest

from ksef_emulator.testing import Emulator, running_emulator
from tests.ksef_emulator.ksef_user import KsefUser
from tests.reference import REFERENCE


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One emulator without limits of requests for all tests that do not steer it."""
    schemas = REFERENCE / "schemas" if REFERENCE.is_dir() else None
    with running_emulator(rate_limits="off", schemas=schemas) as running:
        yield running


@pytest.fixture
def own_emulator() -> Iterator[Emulator]:
    """An emulator of one's own, with the limits of the specification."""
    with running_emulator() as running:
        yield running


@pytest.fixture
def user(emulator: Emulator) -> Iterator[KsefUser]:
    """A caller of the shared emulator."""
    caller = KsefUser(emulator)
    yield caller
    caller.close()


@pytest.fixture
def own_user(own_emulator: Emulator) -> Iterator[KsefUser]:
    """A caller of one's own emulator."""
    caller = KsefUser(own_emulator)
    yield caller
    caller.close()
