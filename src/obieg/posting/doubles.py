"""The same invoice twice: found when the second one arrives, answered by a person."""

import re
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from obieg.inbox.models import Direction
from obieg.inbox.signals import Arrival
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting import attention
from obieg.posting.models import Dekret, Link

THING = "posting.link"
NEAR = 31  # days between the two dates of issue, where the amount is the same
_NOISE = frozenset({"f", "fa", "fv", "fvat", "faktura", "vat", "nr", "no", "numer", "fs", "fz"})
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_LIKE = """
    SELECT later.id, later.number, earlier.id, earlier.number
    FROM inbox_invoice later JOIN inbox_invoice earlier
      ON earlier.client_id = later.client_id AND earlier.seller_nip = later.seller_nip
     AND earlier.direction = later.direction AND earlier.id < later.id
     AND earlier.kind = later.kind
     AND (earlier.issue_date = later.issue_date OR earlier.gross = later.gross
          AND abs(earlier.issue_date - later.issue_date) <= %s)
    WHERE later.id = ANY(%s) AND later.client_id = %s AND later.seller_nip <> ''
"""


def number_key(number: str) -> tuple[str, ...]:
    """What is left of an invoice's number whoever typed it: `FV 012/2026` is `12/2026`."""
    words = _WORDS.findall(number.casefold())
    digits = (word.lstrip("0") or "0" if word.isdigit() else word for word in words)
    return tuple(word for word in digits if word not in _NOISE)


def find(client: Client, arrivals: Sequence[Arrival]) -> set[int]:
    """Link purchases with what came before under the same number; the ids of the later ones."""
    ids = [one.invoice_id for one in arrivals if one.direction == Direction.PURCHASE]
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, [NEAR, ids, client.pk])
        pairs = [
            (later, earlier)
            for later, number, earlier, other in cursor.fetchall()
            if number_key(number) == number_key(other)
        ]
    Link.objects.bulk_create(
        (
            Link(client=client, kind=Link.Kind.DOUBLE, invoice_id=later, other_id=earlier)
            for later, earlier in pairs
        ),
        ignore_conflicts=True,
    )
    return {later for later, _ in pairs}


def waiting(operator: Operator) -> ScopedQuerySet[Link]:
    """The possible doubles that nobody has judged, the newest first."""
    found = Link.objects.visible_to(operator).filter(kind=Link.Kind.DOUBLE, answer="")
    shown = ("client", "invoice__dekret", "other__dekret")
    return found.select_related(*shown).order_by("-pk")


@transaction.atomic
def answer(link: Link, same: bool, *, operator: Operator) -> Link:
    """Say whether the two are one document; the warning goes, the link and who said it stay.

    Rejecting the double is a decision of its own. Raises Link.DoesNotExist for a foreign client.
    """
    held = Link.objects.visible_to(operator).select_for_update(of=("self",)).get(pk=link.pk)
    before = held.answer
    held.answer = Link.Answer.SAME if same else Link.Answer.DIFFERENT
    held.answered_by, held.answered_at = operator, timezone.now()
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    Event.objects.create(
        client_id=held.client_id,
        thing=THING,
        thing_id=held.pk,
        actor=operator,
        kind="answer",
        before={"answer": before},
        after={"answer": held.answer},
    )
    if not _still_open(held):
        _drop_warning(held)
    return held


def links_of(client_id: int, invoice_id: int) -> list[Link]:
    """Everything that the document has to do with others, in both directions."""
    links = Link.objects.of_client(client_id).select_related("invoice", "other")
    return list(links.filter(Q(invoice=invoice_id) | Q(other=invoice_id)).order_by("pk"))


def _still_open(link: Link) -> bool:
    same = Link.objects.of_client(link.client_id).filter(invoice=link.invoice_id, answer="")
    return same.filter(kind=Link.Kind.DOUBLE).exists()


def _drop_warning(link: Link) -> None:
    rows = Dekret.objects.of_client(link.client_id).filter(invoice=link.invoice_id)
    for dekret in rows.select_for_update(no_key=True):
        dekret.warnings = [code for code in dekret.warnings if code != attention.DOUBLE]
        dekret.save(update_fields=["warnings"])
