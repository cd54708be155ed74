"""Errors carry a code, a Polish text and survive a trip between processes."""

import pickle
from datetime import UTC, datetime

from obieg.core.errors import MustWait


def test_an_error_fills_its_text_and_survives_pickling() -> None:
    error = MustWait(until=datetime(2026, 11, 21, 8, 15, tzinfo=UTC))
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == "Limit wywołań: następna próba o 08:15:00."
    assert copy.until == error.until
