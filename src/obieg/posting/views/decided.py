"""What the operator has decided lately, kept in the session: the way back by one key."""

from typing import Any

from django.http import HttpRequest

from obieg.posting.models import Dekret
from obieg.posting.states import DekretState

KEY = "decided"
REMEMBERED = 20


def remember(request: HttpRequest, dekret: Dekret, state: DekretState) -> None:
    """The last decision is the first to be taken back."""
    entry = {"id": dekret.pk, "number": dekret.invoice.number, "state": str(state)}
    request.session[KEY] = [*_without(request, dekret), entry][-REMEMBERED:]


def forget(request: HttpRequest, dekret: Dekret) -> None:
    """Taken back, here or from the document's page."""
    request.session[KEY] = _without(request, dekret)


def facts(request: HttpRequest) -> dict[str, Any]:
    """The last decision, for the line that offers to take it back."""
    entries = request.session.get(KEY, [])
    return {"last": entries[-1] if entries else None}


def _without(request: HttpRequest, dekret: Dekret) -> list[dict[str, Any]]:
    return [entry for entry in request.session.get(KEY, []) if entry["id"] != dekret.pk]
