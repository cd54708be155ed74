"""Killed before every single step of its work, a worker leaves nothing lost and nothing doubled."""

import os
import signal
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from ksef_emulator.testing import Emulator
from tests.inbox.firm import Firm
from tests.inbox.victim import Victims, victims

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SHARES = 4


@pytest.fixture
def workers(_reach_emulator: None) -> Iterator[Victims]:
    database = urlsplit(os.environ["DATABASE_URL"])
    here = database._replace(path=f"/{connection.settings_dict['NAME']}")
    with victims(urlunsplit(here)) as running:
        yield running


@pytest.mark.parametrize("share", range(SHARES))
def test_before_every_step_of_a_pass(
    share: int, workers: Victims, new_firm: Callable[[], Firm], ksef: Emulator
) -> None:
    """Each share of the steps is a test of its own, so that they can run side by side."""
    ksef.control.change_settings(exportMaxInvoices=3)  # two packages: the way between them counts
    unharmed = new_firm()
    unharmed.buys(4)
    steps, ended = workers.live("synchronise", unharmed.channel().pk)
    assert ended == 0
    assert len(steps) > 60
    assert unharmed.holds_everything()
    assert unharmed.states() == ["stored", "stored"]
    for place in range(1 + share, len(steps) + 1, SHARES):
        ksef.control.clear_requests()
        firm = new_firm()
        firm.buys(4)
        done, ended = workers.live("synchronise", firm.channel().pk, die_at=place)
        where = f"killed before step {place}, after: {done[-1:]}"
        assert ended == signal.SIGKILL or len(done) < place, where
        recorded = firm.packages().exclude(reference="").count()
        ordered, expected = firm.orders(), 2 - recorded
        if firm.states() == ["stored", "stored"]:
            expected = 1  # there was nothing left to do: this is simply the next pass
        firm.synchronise()
        assert firm.holds_everything(), where
        assert firm.orders() - ordered == expected, where
        assert set(firm.states()) == {"stored"}, where


def test_before_every_step_of_storing_a_period_by_hand(
    workers: Victims, new_firm: Callable[[], Firm], ksef: Emulator
) -> None:
    """What KSeF cut off the period becomes a package of its own, or nothing is stored."""
    ksef.control.change_settings(exportMaxInvoices=3)
    unharmed = new_firm()
    unharmed.buys(4)
    steps, _ = workers.live("carry", unharmed.asks_for_today().pk)
    accepted = next(place for place, name in enumerate(steps, 1) if '"manifest"' in name)
    for place in range(accepted, len(steps) + 1):
        firm = new_firm()
        firm.buys(4)
        done, ended = workers.live("carry", firm.asks_for_today().pk, die_at=place)
        where = f"killed before step {place}, after: {done[-1:]}"
        assert ended == signal.SIGKILL or len(done) < place, where
        while firm.packages().exclude(state="stored").exists():
            firm.carry(firm.packages().exclude(state="stored").first())
        assert firm.holds_everything(), where
        assert len(firm.states()) == 2, where
