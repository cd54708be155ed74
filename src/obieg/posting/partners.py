"""Contractors with history: the other parties of a client's documents, from its documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Prefetch, Q

from obieg.core.calendar import Month
from obieg.core.money import ZERO
from obieg.inbox.models import Direction, Invoice
from obieg.office.models import Client
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models import DekretLine, Rule, SellerAccount

PAGE = 100
MONTHS = 24  # of the chart
DOCUMENTS = 200  # on the page of one
COLUMN = {Direction.PURCHASE: "seller", Direction.SALE: "buyer"}
ORDERS = {
    "dokumenty": "documents DESC, last DESC",
    "kwota": "total DESC NULLS LAST, last DESC",
    "data": "last DESC, documents DESC",
}
# the grouping goes by the index (client, direction, …); names are looked up for one page only
_PARTNERS = """
    SELECT found.*, named.name FROM (
        SELECT {side}_nip AS nip, count(*) AS documents, max(issue_date) AS last, max(id) AS newest,
            sum(gross) FILTER (WHERE currency = 'PLN') AS total,
            count(*) FILTER (WHERE currency <> 'PLN') AS in_currency
        FROM inbox_invoice
        WHERE client_id = %s AND direction = %s AND search LIKE ALL(%s) AND {side}_nip <> ''
        GROUP BY {side}_nip ORDER BY {order} LIMIT %s OFFSET %s
    ) AS found
    JOIN LATERAL (SELECT {side}_name AS name FROM inbox_invoice WHERE id = newest) AS named ON true
    ORDER BY {order}
"""
_ACCOUNTS = """
    SELECT {side}_nip, line.account, count(*) FROM inbox_invoice AS invoice
    JOIN posting_dekret AS dekret ON dekret.invoice_id = invoice.id
    JOIN posting_dekretline AS line ON line.dekret_id = dekret.id
    WHERE invoice.client_id = %s AND invoice.direction = %s AND {side}_nip = ANY(%s)
    GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""


@dataclass(frozen=True, slots=True)
class Usual:
    """The account that most of a partner's lines went to, and its share in per cent."""

    account: str
    share: int


@dataclass(slots=True)
class Partner:
    """Another party of a client's purchases, or of its sales."""

    nip: str
    documents: int
    last: date
    total: Decimal | None  # gross, of the documents in PLN
    in_currency: int  # documents in another currency
    name: str
    usual: Usual | None = None
    rules: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the chart: what was invoiced in PLN, and where its bar stands."""

    month: Month
    amount: Decimal
    x: int
    y: int
    height: int


def partners(
    client: Client, direction: Direction, words: Sequence[str] = (), order: str = "", start: int = 0
) -> list[Partner]:
    """A page of the client's partners, and one more where another page follows."""
    statement = _PARTNERS.format(side=COLUMN[direction], order=ORDERS.get(order, ORDERS["data"]))
    patterns = [f"%{_literal(word.casefold())}%" for word in words] or ["%"]
    with connection.cursor() as cursor:
        cursor.execute(statement, [client.pk, str(direction), patterns, PAGE + 1, start])
        rows = cursor.fetchall()
    found = [
        Partner(nip, documents, last, total, in_currency, name)
        for nip, documents, last, _, total, in_currency, name in rows
    ]
    nips = [partner.nip for partner in found]
    usual, rules = usual_accounts(client, direction, nips), _rules(client, direction, nips)
    for partner in found:
        partner.usual = next(iter(usual.get(partner.nip, ())), None)
        partner.rules = rules.get(partner.nip, 0)
    return found


def usual_accounts(
    client: Client, direction: Direction, nips: Sequence[str]
) -> Mapping[str, list[Usual]]:
    """By partner, the accounts of its decided lines, the most frequent first."""
    with connection.cursor() as cursor:
        statement = _ACCOUNTS.format(side=COLUMN[direction])
        cursor.execute(statement, [client.pk, str(direction), list(nips)])
        counts: dict[str, list[tuple[str, int]]] = {}
        for nip, account, count in cursor.fetchall():
            counts.setdefault(nip, []).append((account, count))
    return {
        nip: [Usual(account, round(100 * count / sum(n for _, n in own))) for account, count in own]
        for nip, own in counts.items()
    }


def documents_of(client: Client, direction: Direction, nip: str) -> list[Invoice]:
    """The last documents of one partner, with their dekrets, the newest first."""
    side = f"{COLUMN[direction]}_nip"
    rows = Invoice.objects.of_client(client).filter(direction=direction, **{side: nip})
    shown = rows.select_related("dekret").prefetch_related(
        Prefetch("dekret__lines", DekretLine.objects.of_client(client))
    )
    return list(shown.order_by("-issue_date", "-pk")[:DOCUMENTS])


def rules_of(client: Client, direction: Direction, nip: str) -> list[Rule]:
    """The client's and the office's rules that name the partner."""
    return list(_concerning(client, direction, [nip]).order_by("client", "priority", "pk"))


def accounts_of(client: Client, nip: str) -> list[SellerAccount]:
    """The bank accounts that a seller put on its invoices, the newest first."""
    rows = SellerAccount.objects.of_client(client).filter(seller_nip=nip)
    return list(rows.select_related("invoice").order_by("-pk"))


def bars(documents: Iterable[Invoice], until: Month, *, height: int, step: int) -> list[Bar]:
    """The last MONTHS months as bars of at most `height`, one each `step`; sums of gross in PLN."""
    months = [until]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    sums = dict.fromkeys(months, ZERO)
    for invoice in documents:
        month = Month.of(invoice.issue_date)
        if invoice.currency == "PLN" and month in sums:
            sums[month] += invoice.gross
    most = max(*sums.values(), Decimal(1))
    found = []
    for place, (month, amount) in enumerate(sums.items()):
        tall = max(int(height * amount / most), 0)
        found.append(Bar(month, amount, place * step, height - tall, tall))
    return found


def _rules(client: Client, direction: Direction, nips: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for nip in _concerning(client, direction, nips).values_list("seller_nip", flat=True):
        found[nip] = found.get(nip, 0) + 1
    return found


def _concerning(client: Client, direction: Direction, nips: Sequence[str]) -> ScopedQuerySet[Rule]:
    rules = Rule.objects.across_clients().filter(
        Q(client=client) | Q(client__isnull=True), direction=direction, active=True
    )
    return rules.filter(seller_nip__in=nips)


def _literal(word: str) -> str:
    """The word as LIKE takes it literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
