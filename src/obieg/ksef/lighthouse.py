"""Latarnia: the public service that announces KSeF's failures and unavailability.

Its messages: FAILURE_START and FAILURE_END of one `eventId`, and MAINTENANCE_ANNOUNCEMENT with
both ends. The SDK reads a category that it does not know as a failure; here it is left out, since
a failure moves legal deadlines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx
import structlog

from obieg.ksef.environment import Environment
from obieg.ksef.errors import KsefUnavailable
from obieg.ksef.moments import optional_moment, parse_moment
from obieg.ksef.trust import trusted

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10
CATEGORIES = frozenset({"FAILURE", "TOTAL_FAILURE", "MAINTENANCE"})
PUBLIC = {
    "test": "https://api-latarnia-test.ksef.mf.gov.pl",
    "demo": "https://api-latarnia-test.ksef.mf.gov.pl",
    "production": "https://api-latarnia.ksef.mf.gov.pl",
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """One event as last announced; aware UTC, `end` is None while nobody said when it ends."""

    event: int
    category: str  # FAILURE, TOTAL_FAILURE, MAINTENANCE
    title: str
    text: str
    start: datetime
    end: datetime | None
    published: datetime

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """One message; KeyError, TypeError or ValueError where it is not one."""
        return cls(
            event=int(told["eventId"]),
            category=str(told["category"]),
            title=str(told.get("title") or ""),
            text=str(told.get("text") or ""),
            start=parse_moment(told["start"]),
            end=optional_moment(told.get("end")),
            published=parse_moment(told["published"]),
        )


def announcements(
    environment: Environment, *, http: httpx.Client | None = None
) -> tuple[Announcement, ...]:
    """Every announced event, the oldest first; KsefUnavailable where Latarnia does not answer.

    GET {Latarnia}/messages: public, without a login, outside KSeF's limits.
    """
    client = http or httpx.Client(timeout=TIMEOUT_SECONDS, verify=trusted())
    try:
        answer = client.get(f"{_address(environment)}/messages")
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise KsefUnavailable(reason=f"Latarnia: {type(error).__name__}") from error
    finally:
        if http is None:
            client.close()
    if not isinstance(told, list):
        raise KsefUnavailable(reason="Latarnia: nieczytelna odpowiedź")
    return _newest(_readable(told))


def _address(environment: Environment) -> str:
    return PUBLIC.get(environment.name) or f"{environment.api_url}/latarnia"


def _readable(told: Iterable[Any]) -> list[Announcement]:
    """The messages that say something about an outage; others are logged, not guessed at."""
    read = []
    for message in told:
        try:
            announcement = Announcement.read(message)
        except (KeyError, TypeError, ValueError):
            log.warning("lighthouse.unreadable_message", message=str(message)[:500])
            continue
        if announcement.category in CATEGORIES:
            read.append(announcement)
        else:
            log.warning("lighthouse.unknown_category", category=announcement.category)
    return read


def _newest(messages: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """The last word on every event."""
    by_event: dict[int, Announcement] = {}
    for message in sorted(messages, key=lambda one: one.published):
        by_event[message.event] = message
    return tuple(sorted(by_event.values(), key=lambda one: one.start))
