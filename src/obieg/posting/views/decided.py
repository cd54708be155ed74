"""What the operator has decided lately, kept in the session: the way back by one key."""

from collections.abc import Sequence
from decimal import Decimal
from time import time
from typing import Any

from django.http import HttpRequest

from obieg.posting.models import Dekret
from obieg.posting.states import DekretState

KEY = "decided"
REMEMBERED = 20
PACE = "pace"
PACED = 50  # decisions
PAUSE = 300  # seconds
FEWEST = 4  # decisions: fewer say nothing


def remember(request: HttpRequest, dekret: Dekret, state: DekretState) -> None:
    """The last decision is the first to be taken back."""
    entry = {"id": dekret.pk, "number": dekret.invoice.number, "state": str(state)}
    request.session[KEY] = [*_without(request, dekret), entry][-REMEMBERED:]
    request.session[PACE] = [*request.session.get(PACE, []), int(time())][-PACED:]


def forget(request: HttpRequest, dekret: Dekret) -> None:
    """Taken back, here or from the document's page."""
    request.session[KEY] = _without(request, dekret)


def facts(request: HttpRequest) -> dict[str, Any]:
    """The last decision, for the line that offers to take it back."""
    entries = request.session.get(KEY, [])
    return {"last": entries[-1] if entries else None, "pace": pace(request.session.get(PACE, []))}


def pace(moments: Sequence[int]) -> Decimal | None:
    """Documents a minute of the present spell of work; None while it is too short to tell.

    `moments` are seconds, the oldest first; a pause longer than PAUSE begins a new spell.
    """
    spell = list(moments[-1:])
    for earlier in reversed(moments[:-1]):
        if spell[0] - earlier > PAUSE:
            break
        spell.insert(0, earlier)
    if len(spell) < FEWEST or spell[-1] == spell[0]:
        return None
    return round(Decimal(60 * (len(spell) - 1)) / (spell[-1] - spell[0]), 1)


def _without(request: HttpRequest, dekret: Dekret) -> list[dict[str, Any]]:
    return [entry for entry in request.session.get(KEY, []) if entry["id"] != dekret.pk]
