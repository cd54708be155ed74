"""Lessons as they are stored: read once, and then only what other transactions changed since.

A transaction that ends after a younger one would be overlooked by any mark that follows the rows'
ids. So the mark is PostgreSQL's own: everything that was not visible at a reading was written by a
transaction that is not older than the oldest one still running then.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from obieg.office.scope import ScopedQuerySet
from obieg.posting.learning.lessons import Lesson
from obieg.posting.models import Lesson as Stored

_CHANGED = """
    SELECT oldest_running, id, withdrawn, changed_in
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_running) AS present
    LEFT JOIN posting_lesson ON changed_in >= coalesce(%s, oldest_running)
    ORDER BY id
"""
# a database restored into a new cluster counts its transactions from the beginning again
_FROM_ANOTHER_CLUSTER = """
    UPDATE posting_lesson SET changed_in = 0
    WHERE changed_in > pg_current_xact_id()::text::bigint + 1000000
"""


class Change(NamedTuple):
    """A lesson as it is now."""

    is_live: bool
    changed_in: int


@dataclass(frozen=True, slots=True)
class News:
    """What was changed since the former mark, as this transaction sees it, and the new mark."""

    mark: int
    changes: Mapping[int, Change]  # by the lesson's id, in order


def news_since(mark: int | None) -> News:
    """What changed since `mark`; without one only what transactions still running may change."""
    with connection.cursor() as cursor:
        if mark is None:
            cursor.execute(_FROM_ANOTHER_CLUSTER)
        cursor.execute(_CHANGED, [mark])
        rows = cursor.fetchall()
    changes = {key: Change(not withdrawn, when) for _, key, withdrawn, when in rows if key}
    return News(rows[0][0], changes)


def states_of(keys: Collection[int]) -> Mapping[int, bool]:
    """Whether each lesson is live; those that do not exist, for this transaction, are left out."""
    rows = Stored.objects.across_clients().filter(pk__in=keys)
    return {key: not withdrawn for key, withdrawn in rows.values_list("pk", "withdrawn")}


def read(keys: Collection[int]) -> Iterator[tuple[int, Lesson]]:
    """The lessons of these ids, in order."""
    return _read(Stored.objects.across_clients().filter(pk__in=keys).order_by("pk"))


def latest_of(client_id: int, direction: str, limit: int) -> Sequence[tuple[int, Lesson]]:
    """The last lessons of a client, the oldest first."""
    live = Stored.objects.of_client(client_id).filter(direction=direction, withdrawn=False)
    return list(_read(live.order_by("-pk")[:limit]))[::-1]


def before(key: int | None, limit: int) -> Sequence[tuple[int, Lesson]]:
    """The office's last lessons before the one with this id, the newest first."""
    live = Stored.objects.across_clients().filter(withdrawn=False).order_by("-pk")
    return list(_read((live.filter(pk__lt=key) if key else live)[:limit]))


def _read(rows: ScopedQuerySet[Stored]) -> Iterator[tuple[int, Lesson]]:
    for key, client, direction, taught in rows.values_list("pk", "client", "direction", "taught"):
        yield key, Lesson.from_json(client, direction, taught)
