"""What decisions teach is kept in their transaction, and withdrawn with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Func

from obieg.posting import lesson_feed
from obieg.posting.books import Books
from obieg.posting.copying import copy_in
from obieg.posting.learning.lessons import Lesson as Taught
from obieg.posting.lines import LineInput, decision_of
from obieg.posting.models import Dekret, Lesson
from obieg.posting.office_memory import MEMORY
from obieg.posting.splits import shares_of
from obieg.posting.suggestion import Case

AGAIN = 25  # later decisions of the client that are measured anew when one is taken back
_KEYS = """
    SELECT nextval(pg_get_serial_sequence('posting_lesson', 'id')) FROM generate_series(1, %s)
"""


class CurrentTransaction(Func):
    """The number of the transaction that writes."""

    template = "pg_current_xact_id()::text::bigint"
    arity = 0
    output_field = BigIntegerField()


class Decided(NamedTuple):
    """A dekret, its document, and the lines as they are posted."""

    dekret: Dekret
    case: Case
    lines: Sequence[LineInput]


def teach(decided: Iterable[Decided], books: Mapping[int, Books]) -> None:
    """Learn the decisions, in order, in the caller's transaction.

    What they leave to the account, its column of the KPiR, is learned as it is posted.
    """
    known = [
        (one, decision_of(one.case, lines), lines)
        for one in decided
        for lines in [[_posted(line, books[one.dekret.client_id]) for line in one.lines]]
    ]
    known = [one for one in known if one[1]]
    for whose in dict.fromkeys((one.dekret.client_id, one.dekret.direction) for one, *_ in known):
        MEMORY.refresh(*whose)
    _store(
        (
            key,
            one.dekret.pk,
            MEMORY.learn(key, one.case, decision, [shares_of(part, lines) for part, _ in decision]),
        )
        for key, (one, decision, lines) in zip(_keys(len(known)), known, strict=True)
    )


def take_back(dekret: Dekret) -> None:
    """Forget what the dekret taught, in the caller's transaction.

    The client's next decisions were measured with the mistake in mind, and are measured again.
    """
    withdrawn = _withdraw(dekret)
    if withdrawn is None:
        return
    live = Lesson.objects.of_client(dekret.client_id).filter(
        direction=dekret.direction, withdrawn=False, pk__gt=withdrawn
    )
    # whoever takes another back at this moment measures the rest, and is not waited for
    held = live.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
    later = dict(held.values_list("pk", "dekret")[: AGAIN + 1])
    if not 0 < len(later) <= AGAIN:
        return
    former = dict(lesson_feed.read(later))
    live.filter(pk__in=later).update(withdrawn=True, changed_in=CurrentTransaction())
    MEMORY.refresh(dekret.client_id, dekret.direction)
    _store(
        (key, later[old], MEMORY.learn_again(key, lesson))
        for key, (old, lesson) in zip(_keys(len(former)), former.items(), strict=True)
    )


def _posted(line: LineInput, books: Books) -> LineInput:
    """The line with the account's own column where it names none."""
    return replace(line, kpir_column=line.kpir_column or books.accounts.get(line.account))


def _withdraw(dekret: Dekret) -> int | None:
    """The lesson that was withdrawn; none where the dekret taught nothing."""
    live = Lesson.objects.of_client(dekret.client_id).filter(dekret=dekret, withdrawn=False)
    while (key := live.values_list("pk", flat=True).first()) is not None:
        # somebody may have just measured it anew, under another id
        if live.filter(pk=key).update(withdrawn=True, changed_in=CurrentTransaction()):
            return key
    return None


def _keys(count: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [count])
        return [key for (key,) in cursor.fetchall()]


def _store(rows: Iterable[tuple[int, int, Taught]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {CurrentTransaction.template}")
        ((now,),) = cursor.fetchall()
    copy_in(
        [
            Lesson(
                pk=key,
                client_id=lesson.document.client,
                direction=lesson.document.direction,
                dekret_id=dekret,
                taught=lesson.to_json(),
                changed_in=now,
            )
            for key, dekret, lesson in rows
        ]
    )
