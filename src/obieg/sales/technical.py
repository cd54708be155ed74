"""A technical correction says what the refused invoice said: what of it was changed all the same.

Source: CIRFMF/ksef-docs, offline/korekta-techniczna.md: the content must not be corrected, only
what kept KSeF from taking the document. The buyer already holds the refused one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from obieg.core.errors import UserFixable
from obieg.core.money import format_amount
from obieg.core.polish import format_date
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.sales.models import Sale, SaleXml
from obieg.sales.storage import bytes_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that differs, in Polish; of rows only the name."""

    name: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.before} → {self.after})" if self.before else self.name


Read = Callable[[Invoice], Any]
_FIELDS: tuple[tuple[str, Read], ...] = (
    ("numer", lambda one: one.number),
    ("rodzaj", lambda one: one.kind),
    ("data wystawienia", lambda one: one.issue_date),
    ("data sprzedaży", lambda one: one.sale_date),
    ("początek okresu", lambda one: one.period_from),
    ("koniec okresu", lambda one: one.period_to),
    ("NIP sprzedawcy", lambda one: one.seller.nip),
    ("NIP nabywcy", lambda one: one.buyer.nip),
    ("numer VAT UE nabywcy", lambda one: one.buyer.eu_number),
    ("inny numer nabywcy", lambda one: one.buyer.id_number),
    ("waluta", lambda one: one.currency),
    ("kwota należności", lambda one: one.total),
)


def refused_by_ksef(sale: Sale) -> Invoice | None:
    """The document that a technical correction replaces; None where it cannot be read or is none.

    What is broken beyond reading cannot be compared: that it was broken is why it was refused.
    """
    if not sale.corrects_sha256:
        return None
    rows = SaleXml.objects.of_client(sale.client_id).filter(sale=sale, sha256=sale.corrects_sha256)
    row = rows.first()
    if row is None:
        return None
    try:
        return parse(bytes_of(row))
    except UserFixable:
        return None


def changed_content(before: Invoice, after: Invoice) -> Iterator[Changed]:
    """Numbers, days, parties' identifiers and amounts that are not what they were."""
    for name, read in _FIELDS:
        was, now = read(before), read(after)
        if was != now:
            yield Changed(name, _told(was), _told(now))
    for name, read in _LISTS:
        if read(before) != read(after):
            yield Changed(name)


def _row(line: Any) -> tuple[Any, ...]:
    return (
        line.description,
        line.quantity,
        line.unit_net,
        getattr(line, "unit_gross", None),
        line.net,
        getattr(line, "gross", None),
        line.tax,
        line.rate,
        line.rate_oss,
    )


def _corrected(invoice: Invoice) -> list[tuple[str, str, date | None]]:
    found = invoice.correction.corrected if invoice.correction else ()
    return [(one.number, one.ksef_number, one.issue_date) for one in found]


def _told(value: Any) -> str:
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, Decimal):
        return format_amount(value)
    return str(value) if value else "brak"


_LISTS: tuple[tuple[str, Read], ...] = (
    ("kwoty według stawek", lambda one: [(s.field, s.net, s.tax, s.tax_pln) for s in one.sums]),
    ("pozycje", lambda one: [_row(line) for line in (*one.lines, *one.order_lines)]),
    ("korygowane faktury", _corrected),
)
