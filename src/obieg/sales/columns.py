"""The columns of a sale that repeat its content or its bytes, for lists."""

from datetime import date
from decimal import Decimal
from typing import Any

from obieg.core.money import format_amount, to_grosze
from obieg.fa.model import Invoice
from obieg.sales.content import BuyerContent, SaleContent
from obieg.sales.errors import AmountTooLarge
from obieg.sales.totals import totals

_TOO_MUCH = Decimal(10) ** 16  # numeric(18, 2)


def columns_of(content: SaleContent) -> dict[str, Any]:
    """Of a draft, complete or not; AmountTooLarge where the database has no place for a sum."""
    amounts, buyer = totals(content), content.buyer
    tax_id = tax_id_of(buyer)
    terms = [term.due for term in content.payment.terms if term.due]
    return {
        "kind": content.kind,
        "currency": content.currency,
        "sale_date": content.sale_date or content.period_to,
        "due_date": min(terms, default=None),
        "buyer_name": buyer.name,
        "buyer_nip": tax_id,
        "search": _search(content.number, buyer.name, tax_id),
        "net": _amount(amounts.net),
        "tax": _amount(amounts.tax),
        "gross": _amount(amounts.gross),
        "amount_due": _amount(amounts.amount_due),
    }


def columns_of_invoice(invoice: Invoice) -> dict[str, Any]:
    """Of a document that has its bytes."""
    due: tuple[date, ...] = invoice.due_dates
    buyer = invoice.buyer
    return {
        "kind": invoice.kind,
        "currency": invoice.currency,
        "sale_date": invoice.sale_date or invoice.period_to,
        "due_date": due[0] if due else None,
        "buyer_name": buyer.name[:512],
        "buyer_nip": buyer.tax_id[:50],
        "search": _search(invoice.number, buyer.name, buyer.tax_id),
        "net": _amount(invoice.net_total),
        "tax": _amount(invoice.tax_total),
        "gross": _amount(invoice.total),
        "amount_due": _amount(invoice.amount_due),
        "has_attachment": invoice.attachment is not None,
    }


def is_too_large(amount: Decimal) -> bool:
    """Whether neither FA(3) nor the database has a place for `amount`."""
    return abs(amount) >= _TOO_MUCH


def tax_id_of(buyer: BuyerContent) -> str:
    """The identifier to show, written as that of a received invoice is."""
    union = f"{buyer.eu_prefix}{buyer.eu_number}" if buyer.eu_number else ""
    return buyer.nip or union or f"{buyer.id_country}{buyer.id_number}" * bool(buyer.id_number)


def _search(*parts: str) -> str:
    return " ".join(part for part in parts if part).casefold()


def _amount(amount: Decimal) -> Decimal:
    if is_too_large(amount):
        raise AmountTooLarge(amount=format_amount(amount))
    return to_grosze(amount)
