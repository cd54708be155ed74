"""Delays for who guesses: every attempt is counted before it is judged, and growing waits follow.

Counted first, so that a hundred guesses sent at once are a hundred guesses. The counting is the
same for logins that exist and for those that do not.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from obieg.logins.errors import TooManyTries
from obieg.logins.models import Tries
from obieg.office.models import Event, Operator

# Failures in a row that cost nothing; many people of an office share one address.
FREE = {Tries.Kind.LOGIN: 5, Tries.Kind.CODE: 5, Tries.Kind.ADDRESS: 30, Tries.Kind.KEY: 30}
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
SHARED = (Tries.Kind.ADDRESS, Tries.Kind.KEY)  # one person's success says nothing of the others


@dataclass(frozen=True)
class Subject:
    """Whose attempts are counted together."""

    kind: Tries.Kind
    text: str

    @property
    def digest(self) -> str:
        return salted_hmac(f"obieg.logins.{self.kind}", self.text, algorithm="sha256").hexdigest()


def of_login(typed: str) -> Subject:
    return Subject(Tries.Kind.LOGIN, unicodedata.normalize("NFKC", typed).strip().casefold())


def of_address(address: str) -> Subject:
    return Subject(Tries.Kind.ADDRESS, address)


def of_code(operator: Operator) -> Subject:
    return Subject(Tries.Kind.CODE, operator.login)


def of_keys(address: str) -> Subject:
    return Subject(Tries.Kind.KEY, address)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted, and is now judged: exactly one of `passed` and `failed`."""

    rows: tuple[Tries, ...]

    def passed(self) -> None:
        """Begin anew for the person; for an address take only this attempt back."""
        for row in self.rows:
            kept = max(row.failures - 1, 0) if row.kind in SHARED else 0
            Tries.objects.filter(pk=row.pk).update(failures=kept, until=None)

    def failed(self) -> None:
        """Leave the count as it is; a wait that begins with it is written to the trail."""
        for row in self.rows:
            if row.until:
                _trail(row, "lockout", None, {"until": row.until.isoformat()})


def attempt(*subjects: Subject) -> Attempt:
    """Count an attempt for each, or raise TooManyTries where one of them has to wait."""
    with transaction.atomic():
        return Attempt(tuple(_count(subject) for subject in subjects))


def waiting() -> Iterable[Tries]:
    """Who has to wait now, the longest first."""
    return Tries.objects.filter(until__gt=timezone.now()).order_by("-until")


def unlock(row: Tries, *, actor: Operator) -> None:
    """Let the next attempt be made at once."""
    Tries.objects.filter(pk=row.pk).update(failures=0, until=None)
    _trail(row, "unlock", actor, {})


def _count(subject: Subject) -> Tries:
    now = timezone.now()
    Tries.objects.bulk_create([_first(subject)], ignore_conflicts=True)
    row = Tries.objects.select_for_update().get(kind=subject.kind, digest=subject.digest)
    if row.until and row.until > now:
        raise TooManyTries(until=timezone.localtime(row.until))
    row.failures = 1 if now - row.last_at > FORGOTTEN_AFTER else row.failures + 1
    wait = wait_after(row.failures, FREE[subject.kind])
    row.last_at, row.until = now, now + wait if wait else None
    row.save(update_fields=["failures", "last_at", "until"])
    return row


def wait_after(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures in a row: nothing, then doubling to an hour."""
    over = failures - free
    if over < 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(over, 10)), LONGEST_WAIT)


def _first(subject: Subject) -> Tries:
    """A new row; a login that nobody has is not repeated on any page."""
    personal = subject.kind not in SHARED
    known = not personal or Operator.objects.filter(login__iexact=subject.text).exists()
    shown = subject.text[:150] if known else "nieznany login"
    return Tries(kind=subject.kind, digest=subject.digest, shown=shown)


def _trail(row: Tries, kind: str, actor: Operator | None, after: dict[str, str]) -> None:
    facts = {"of": row.kind, "whose": row.shown, **after}
    Event.objects.create(thing="logins.tries", thing_id=row.pk, actor=actor, kind=kind, after=facts)
