"""The columns of an invoice that lists, searches and sums need beside its bytes."""

from decimal import Decimal
from typing import Any

from obieg.core.money import to_grosze
from obieg.fa.model import Invoice, Party
from obieg.inbox.errors import Unstorable

NAMES = (
    *("schema", "kind", "number", "issue_date", "sale_date", "due_date", "currency"),
    *("net", "tax", "gross", "amount_due"),
    *("seller_nip", "seller_name", "buyer_nip", "buyer_name", "search"),
)
TOO_MUCH = Decimal(10) ** 16  # numeric(18, 2)
NAME_LENGTH = 512
TAX_ID_LENGTH = 50


def columns_of(invoice: Invoice) -> tuple[Any, ...]:
    """The values of NAMES; Unstorable where the database has no place for a value."""
    seller, buyer = _party(invoice.seller), _party(invoice.buyer)
    due = invoice.due_dates
    return (
        _short("schema", invoice.schema, 10),
        _short("RodzajFaktury", invoice.kind, 10),
        _short("P_2", invoice.number, 256),
        invoice.issue_date,
        invoice.sale_date or invoice.period_to,
        due[0] if due else None,
        _short("KodWaluty", invoice.currency, 3),
        _amount("P_13", invoice.net_total),
        _amount("P_14", invoice.tax_total),
        _amount("P_15", invoice.total),
        _amount("DoZaplaty", invoice.amount_due),
        *seller,
        *buyer,
        " ".join((invoice.number, *seller, *buyer)).casefold(),
    )


def _party(party: Party) -> tuple[str, str]:
    return party.tax_id[:TAX_ID_LENGTH], party.name[:NAME_LENGTH]


def _short(field: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unstorable(field=field, value=f"{text[:limit]}…")
    return text


def _amount(field: str, amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= TOO_MUCH:
        raise Unstorable(field=field, value=str(amount)[:100])
    return to_grosze(amount)
