"""Learning from dekrets that taught nothing: those approved before there were lessons."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from obieg.inbox.models import Direction
from obieg.office.models import Client
from obieg.posting import lessons
from obieg.posting.books import books_of
from obieg.posting.documents import cases_of
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret, DekretLine, Lesson
from obieg.posting.office_memory import OF_CLIENT
from obieg.posting.states import DekretState

AT_ONCE = 100  # dekrets in a transaction


def learn_untaught(client: Client) -> int:
    """Learn from the client's decided dekrets that have no lesson, in the order of decisions.

    How many there were. Safe to run twice, and while the office works. Only the last ones of each
    direction: older ones are not remembered, and would come back as the latest.
    """
    known = Lesson.objects.of_client(client).filter(dekret=OuterRef("pk"), withdrawn=False)
    decided = Dekret.objects.of_client(client).filter(
        state__in=[DekretState.APPROVED, DekretState.EXPORTED]
    )
    late: set[int] = set()
    for direction in Direction.values:
        rows = decided.filter(direction=direction).order_by("-decided_at", "-pk")
        late.update(rows.values_list("pk", flat=True)[:OF_CLIENT])
    untaught = decided.filter(~Exists(known), pk__in=late)
    ids = list(untaught.order_by("decided_at", "pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        _learn(client, ids[start : start + AT_ONCE])
    return len(ids)


@transaction.atomic
def _learn(client: Client, ids: list[int]) -> None:
    held = Dekret.objects.of_client(client).filter(pk__in=ids).select_for_update(no_key=True)
    dekrets = {dekret.pk: dekret for dekret in held}
    cases = cases_of(dekrets.values())
    lines: dict[int, list[LineInput]] = {key: [] for key in ids}
    for row in DekretLine.objects.of_client(client).filter(dekret__in=ids).order_by("position"):
        lines[row.dekret_id].append(LineInput.of(row))
    decided = (
        lessons.Decided(dekrets[key], cases[key], lines[key])
        for key in ids
        if key in cases and lines[key]
    )
    lessons.teach(decided, books_of([client.pk]))
