"""What a browser's session has proved: a second factor, and when it was asked for proof last.

With it, what was typed into a form that came too late: never a secret.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.rights import GUARDED, RIGHTS_OF_ROLE

FRESH = timedelta(minutes=10)

_SECOND_FACTOR = "second_factor"
_PROVED_AT = "proved_at"
_TYPED = "typed"  # of the last form that came too late: its address and fields


def note_proof(session: SessionBase, *, second_factor: bool) -> None:
    """The person at this browser has just given a password, or with `second_factor` a code."""
    session[_PROVED_AT] = int(timezone.now().timestamp())
    if second_factor:
        session[_SECOND_FACTOR] = True


def is_fresh(session: SessionBase) -> bool:
    """Whether the person was asked for proof within the last FRESH."""
    at = session.get(_PROVED_AT)
    if at is None:
        return False
    return timezone.now() - datetime.fromtimestamp(at, tz=timezone.get_default_timezone()) < FRESH


def keep_typed(session: SessionBase, path: str, fields: dict[str, list[str]]) -> None:
    """Keep what was sent to `path` until the proof is given; the caller leaves secrets out."""
    session[_TYPED] = [path, fields]


def take_typed(session: SessionBase, path: str) -> dict[str, Any]:
    """What was kept for `path`, once, as the initial values of its form."""
    kept_path, fields = session.get(_TYPED) or ("", {})
    if kept_path != path:
        return {}
    del session[_TYPED]
    return {name: _initial(values) for name, values in fields.items()}


def _initial(values: list[str]) -> str | list[str]:
    """What was ticked nowhere is an empty text: a box takes an empty list for ticked."""
    return values if len(values) > 1 else "".join(values)


def gave_second_factor(session: SessionBase) -> bool:
    return bool(session.get(_SECOND_FACTOR))


def needs_second_factor(operator: Operator) -> bool:
    """Whether a right of his opens more than a password should."""
    return bool(RIGHTS_OF_ROLE[operator.role] & GUARDED) and not is_waived()


def is_waived() -> bool:
    """Only in the demo, and only as long as every client is of the local emulator."""
    if not settings.DEMO:
        return False
    real = Client.objects.across_clients().exclude(environment=KsefEnvironment.EMULATOR)
    return not real.exists()
