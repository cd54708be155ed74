"""What the page of the invoice's form shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from obieg.core.errors import UserFixable
from obieg.core.money import format_amount
from obieg.fa.finding import Finding
from obieg.office.models import Client
from obieg.office.request import OperatorRequest
from obieg.sales.beginnings import accounts_of
from obieg.sales.columns import is_too_large
from obieg.sales.errors import AmountTooLarge
from obieg.sales.forms.choices import UNITS
from obieg.sales.forms.invoice import InvoiceForm
from obieg.sales.forms.lines import LineRow
from obieg.sales.forms.places import Placed, placed
from obieg.sales.models import Sale
from obieg.sales.numbering import preview_number
from obieg.sales.totals import LineTotals, totals


@dataclass(frozen=True, slots=True)
class Shown:
    """Totals as the templates read them."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    amount_due: Decimal
    rates: tuple[Any, ...]
    in_foreign: bool


def sums_of(form: InvoiceForm) -> tuple[Shown, list[tuple[str, LineTotals]]]:
    """The totals of what is typed, and the amounts of each row by the row's part of ids."""
    content = form.content()
    found = totals(content)
    shown = Shown(
        found.net,
        found.tax,
        found.gross,
        found.amount_due,
        found.rates,
        content.currency != "PLN",
    )
    amounts = []
    for way, lines in (("lines", found.lines), ("order_lines", found.order_lines)):
        for row, line in zip(form.rows_of(way), lines, strict=True):
            if isinstance(row, LineRow):
                row.amounts = line
            amounts.append((row.prefix or "", line))
    return shown, amounts


def blame_large_rows(form: InvoiceForm) -> None:
    """Say it at each row whose amount is too large to be saved."""
    _, amounts = sums_of(form)
    large = {place: line.gross for place, line in amounts if is_too_large(line.gross)}
    for _, row in form.every_row():
        if row.prefix in large:
            row.blame(("price",), str(AmountTooLarge(amount=format_amount(large[row.prefix]))))


def facts(
    request: OperatorRequest,
    client: Client,
    form: InvoiceForm,
    sale: Sale | None = None,
    findings: Iterable[Finding] = (),
    confirm: Iterable[Finding] = (),
    error: UserFixable | None = None,
    *,
    may_wait: bool = False,
) -> dict[str, Any]:
    """Everything for `sales/form/page.html` and its body."""
    shown, _ = sums_of(form)
    found = placed(findings, form)
    notes: dict[str, list[Placed]] = {}
    for one in found:
        notes.setdefault(one.field_id, []).append(one)
    annotations = form.annotations
    return {
        "client": client,
        "sale": sale,
        "form": form,
        "totals": shown,
        "findings": found,
        "notes": notes,
        "faults": form.faults(),
        "error_count": sum(one.is_error for one in found),
        "warning_count": sum(not one.is_error for one in found),
        "confirm": list(confirm),
        "error": error,
        "may_wait": may_wait,
        "annotations_open": any(field.value() for field in annotations),
        "units": UNITS,
        "accounts": accounts_of(client),
        "next_number": _next_number(client, form),
        "clients": _clients(request) if sale is None else (),
    }


def _next_number(client: Client, form: InvoiceForm) -> str:
    try:
        return preview_number(client, form.content())
    except UserFixable:  # an unknown series, a wrong pattern: the findings say it
        return ""


def _clients(request: OperatorRequest) -> list[Client]:
    return list(Client.objects.visible_to(request.user).active())
