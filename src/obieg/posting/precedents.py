"""Keeping what decisions teach, and taking it back exactly."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from obieg.posting.history import Lesson, lessons
from obieg.posting.suggestion import Case, Decision, Weight

Taught = tuple[Case, Decision]

_KEY = (
    *("client_id", "direction", "seller_nip", "text", "account", "vat_register"),
    *("deductible_percent", "kpir_column", "cost_centre", "project"),
)
_TYPES = (
    *("bigint", "text", "text", "text", "text", "text"),
    *("smallint", "smallint", "text", "text"),
)
_ROWS = "unnest({}) WITH ORDINALITY AS row({}, count, place)".format(
    ", ".join(f"%s::{kind}[]" for kind in (*_TYPES, "int")), ", ".join(_KEY)
)
# rows are locked in the order of their keys, so that two operators never wait for each other
_TEACH = f"""
    INSERT INTO posting_precedent ({", ".join(_KEY)}, count, last_at)
    SELECT {", ".join(_KEY)}, count, %s FROM {_ROWS} ORDER BY place
    ON CONFLICT ON CONSTRAINT precedent_once DO UPDATE
    SET count = posting_precedent.count + EXCLUDED.count, last_at = EXCLUDED.last_at
"""  # noqa: S608 -- names of columns only
_SAME = " AND ".join(f"kept.{name} IS NOT DISTINCT FROM row.{name}" for name in _KEY)
_LOCK = f"""
    SELECT kept.id, row.count FROM {_ROWS} JOIN posting_precedent AS kept ON {_SAME}
    ORDER BY place FOR NO KEY UPDATE OF kept
"""  # noqa: S608 -- names of columns only
_TAKE_BACK = """
    UPDATE posting_precedent AS kept SET count = greatest(kept.count - taken.count, 0)
    FROM unnest(%s::bigint[], %s::int[]) AS taken(id, count) WHERE kept.id = taken.id
"""
_FORGET = "DELETE FROM posting_precedent WHERE id = ANY(%s) AND count = 0"


class _Key(NamedTuple):
    client_id: int
    direction: str
    lesson: Lesson

    def columns(self) -> tuple[Any, ...]:
        return (self.client_id, self.direction, *self.lesson.place, *self.lesson.treatment)

    def order(self) -> tuple[str, ...]:
        return tuple(f"{value or '':>20}" for value in self.columns())


def teach(decided: Iterable[Taught], weight: Weight = 1) -> None:
    """Count the decisions in the caller's transaction, or with weight -1 take them back.

    A count never falls below zero, and a treatment that nobody decided any more is forgotten.
    """
    counts = Counter(
        _Key(case.client_id, case.direction, lesson)
        for case, decision in decided
        for lesson in lessons(case, decision)
    )
    if not counts:
        return
    rows = [(*key.columns(), counts[key]) for key in sorted(counts, key=_Key.order)]
    arrays = [list(column) for column in zip(*rows, strict=True)]
    if weight > 0:
        _run(_TEACH, [timezone.now(), *arrays])
    else:
        _take_back(arrays)


def _take_back(arrays: Sequence[list[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, arrays)
        found = cursor.fetchall()
        ids, taken = [row[0] for row in found], [row[1] for row in found]
        cursor.execute(_TAKE_BACK, [ids, taken])
        cursor.execute(_FORGET, [ids])


def _run(statement: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
