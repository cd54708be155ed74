"""What an operator types into the form of a dekret."""

from typing import Any

from obieg.posting.decisions import LineInput
from obieg.posting.models import Dekret
from obieg.posting.suggestion import ProposedLine


def proposed(dekret: Dekret) -> list[ProposedLine]:
    return [ProposedLine.from_dict(stored) for stored in dekret.proposal]


def line(dekret: Dekret, number: int = 1, **changes: Any) -> LineInput:
    """A proposed line with some fields changed."""
    kept = LineInput.of(proposed(dekret)[number - 1])
    return LineInput.from_dict({**kept.to_dict(), **changes})
