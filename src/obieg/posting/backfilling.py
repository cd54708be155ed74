"""Books after the fact: vouchers for dekrets that were approved before there was a journal."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from obieg.office.models import Client
from obieg.office.scope import ScopedQuerySet
from obieg.posting import journal
from obieg.posting.books import books_of
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret, DekretLine, Voucher
from obieg.posting.states import DekretState

AT_ONCE = 200  # dekrets in a transaction
Progress = Callable[[int, int], None]  # how many are entered, and of how many


def enter_missing(client: Client, progress: Progress | None = None) -> int:
    """Enter the client's approved dekrets that have no voucher, in the order of decisions.

    Each goes to the month that it was approved in, even where that was closed since: the decision
    is older. How many there were. Safe to run twice, after a crash, and while the office works.
    """
    ids = list(_missing(client).order_by("decided_at", "pk").values_list("pk", flat=True))
    entered = 0
    for start in range(0, len(ids), AT_ONCE):
        entered += _enter(client, ids[start : start + AT_ONCE])
        if progress:
            progress(min(start + AT_ONCE, len(ids)), len(ids))
    return entered


def _missing(client: Client) -> ScopedQuerySet[Dekret]:
    """Approved by somebody, and not in the books."""
    in_books = Voucher.objects.of_client(client).filter(
        dekret=OuterRef("pk"), reverses=None, reversed_by=None
    )
    return Dekret.objects.of_client(client).filter(
        ~Exists(in_books),
        state__in=[DekretState.APPROVED, DekretState.EXPORTED],
        decided_by__isnull=False,
    )


@transaction.atomic
def _enter(client: Client, ids: Sequence[int]) -> int:
    rows = Dekret.objects.of_client(client).filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    # read again under the lock: somebody may have entered or taken back some of them meanwhile
    still = _missing(client).filter(pk__in=ids).order_by("decided_at", "pk")
    dekrets = list(still.select_related("invoice", "client", "decided_by"))
    lines: dict[int, list[LineInput]] = defaultdict(list)
    for row in DekretLine.objects.of_client(client).filter(dekret__in=ids).order_by("position"):
        lines[row.dekret_id].append(LineInput.of(row))
    books = books_of([client.pk])
    journal.post_decided([(dekret, lines[dekret.pk]) for dekret in dekrets], books)
    return len(dekrets)
