"""The same invoice twice: found when the second one arrives, answered by a person."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from obieg.fa.model import Invoice
from obieg.inbox.models import Direction
from obieg.inbox.signals import Arrival
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting import attention
from obieg.posting.models import Dekret, Link
from obieg.posting.pairing import link

THING = "posting.link"
NEAR = 31  # days between the two dates of issue, where the amount is the same
_NOISE = frozenset({"f", "fa", "fv", "fvat", "faktura", "vat", "nr", "no", "numer", "fs", "fz"})
_ZEROS = re.compile(r"[^1-9]")
_LETTER_O = re.compile(r"(?<![^\W\d_])o+(?=\d)|(?<=\d)o+(?![^\W\d_])")  # typed for a zero
_WORDS = re.compile(r"[^\W\d_]+|\d+")
# one scan of what is near: equal keys have equal digits, zeros left out (what is not a digit from 1
# to 9 is taken from the number; by regular expression that takes five times as long)
_NEAR = """
    SELECT id, seller_nip, kind, number, issue_date, gross FROM inbox_invoice
    WHERE client_id = %s AND direction = 'purchase' AND issue_date BETWEEN %s AND %s
      AND seller_nip = ANY(%s)
      AND translate(number, translate(number, '123456789', ''), '') = ANY(%s)
    ORDER BY id
"""


def number_key(number: str) -> tuple[str, ...]:
    """What is left of an invoice's number whoever typed it: `FV 012/2026` is `12/2026`."""
    typed = _LETTER_O.sub(lambda found: "0" * len(found[0]), number.casefold())
    words = _WORDS.findall(typed)
    digits = (word.lstrip("0") or "0" if word.isdigit() else word for word in words)
    return tuple(word for word in digits if word not in _NOISE)


def digits_of(number: str) -> str:
    """What equal keys have in common: the digits from 1 to 9."""
    return _ZEROS.sub("", number)


class _Paper(NamedTuple):
    """What two documents are compared by."""

    id: int
    seller: str
    kind: str
    number: str
    issued: date
    gross: Decimal

    def is_like(self, earlier: "_Paper") -> bool:
        """Whether two of one key are near enough to be one: by the day, or by the amount."""
        days = abs((self.issued - earlier.issued).days)
        return days == 0 or (days <= NEAR and self.gross == earlier.gross)


def find(client: Client, arrivals: Sequence[Arrival]) -> set[int]:
    """Link purchases with the first one of the same number; the ids of the later ones."""
    bought = [one for one in arrivals if one.direction == Direction.PURCHASE]
    if not bought:
        return set()
    fresh = {one.invoice_id for one in bought}
    seen: dict[tuple[object, ...], list[_Paper]] = defaultdict(list)
    pairs: dict[int, int] = {}
    for paper in _near(client, [one.invoice for one in bought]):
        alike = seen[paper.seller, paper.kind, *number_key(paper.number)]
        if paper.id in fresh and (earliest := next(filter(paper.is_like, alike), None)):
            pairs[paper.id] = earliest.id
        alike.append(paper)
    link(client, Link.Kind.DOUBLE, pairs.items())
    return set(pairs)


def _near(client: Client, invoices: Sequence[Invoice]) -> list[_Paper]:
    """The client's purchases that may be one of `invoices`, themselves among them, by id."""
    days = [invoice.issue_date for invoice in invoices]
    sellers = {invoice.seller.tax_id[:50] for invoice in invoices} - {""}
    digits = {digits_of(invoice.number) for invoice in invoices}
    since, until = min(days) - timedelta(NEAR), max(days) + timedelta(NEAR)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [client.pk, since, until, list(sellers), list(digits)])
        return [_Paper(*row) for row in cursor.fetchall()]


def waiting(operator: Operator) -> ScopedQuerySet[Link]:
    """The possible doubles that nobody has judged, the newest first."""
    found = Link.objects.visible_to(operator).filter(kind=Link.Kind.DOUBLE, answer="")
    shown = ("client", "invoice__dekret", "other__dekret")
    return found.select_related(*shown).order_by("-pk")


@transaction.atomic
def answer(asked: Link, same: bool, *, operator: Operator) -> Link:
    """Say whether the two are one document; the warning goes, the link and who said it stay.

    Rejecting the double is a decision of its own. Raises Link.DoesNotExist for a foreign client.
    """
    held = Link.objects.visible_to(operator).select_for_update(of=("self",)).get(pk=asked.pk)
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
