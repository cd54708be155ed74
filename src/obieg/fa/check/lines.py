"""Rules about the rows: numbers, quantities, prices, dates of delivery."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from obieg.core.money import GROSZ, ZERO, format_amount, to_grosze
from obieg.core.polish import format_date
from obieg.fa.check.context import Context, Rule, at
from obieg.fa.finding import Finding, warning
from obieg.fa.model import Invoice, Line

_NEEDS_ROWS = frozenset({"VAT", "ROZ"})


def lines_with_paths(invoice: Invoice) -> Iterator[tuple[str, Line]]:
    count = len(invoice.lines)
    for number, line in enumerate(invoice.lines, 1):
        yield at("Fa/FaWiersz", number, count), line


def rows_exist(invoice: Invoice, _: Context) -> Iterator[Finding]:
    if invoice.kind in _NEEDS_ROWS and not invoice.lines:
        yield warning("fa.check.no_lines", "Fa/FaWiersz", "Faktura nie ma żadnej pozycji.")


def numbers_are_unique(invoice: Invoice, _: Context) -> Iterator[Finding]:
    """A state before and a state after may share a number; nothing else may."""
    counts = Counter((line.number, line.before) for line in invoice.lines)
    for path, line in lines_with_paths(invoice):
        if counts[line.number, line.before] > 1:
            text = f"Numer wiersza {line.number} powtarza się."
            yield warning("fa.check.line_number", f"{path}/NrWierszaFa", text)


def price_times_quantity_is_value(invoice: Invoice, _: Context) -> Iterator[Finding]:
    for path, line in lines_with_paths(invoice):
        computed = _computed(line)
        given = line.net if line.unit_net is not None else line.gross
        if not computed or given is None or any(abs(one - given) <= GROSZ for one in computed):
            continue
        element = "P_11" if line.unit_net is not None else "P_11A"
        yield warning(
            "fa.check.line_value",
            f"{path}/{element}",
            f"Wiersz {line.number}: z ilości i ceny wynika {format_amount(computed[0])}, a wartość "
            f"wynosi {format_amount(given)}.",
        )


def _computed(line: Line) -> tuple[Decimal, ...]:
    """Quantity times the net price (else the gross one), the discount off the unit or the row.

    The schema leaves open which of the two P_10 is; both are in use.
    """
    price = line.unit_net if line.unit_net is not None else line.unit_gross
    if price is None or line.quantity is None:
        return ()
    discount = line.discount or ZERO
    off_unit = (price - discount) * line.quantity
    return to_grosze(off_unit), to_grosze(price * line.quantity - discount)


def quantity_is_positive(invoice: Invoice, _: Context) -> Iterator[Finding]:
    if invoice.is_correction:
        return
    for path, line in lines_with_paths(invoice):
        if line.quantity is not None and line.quantity < 0:
            text = f"Wiersz {line.number} ma ujemną ilość na fakturze, która nie jest korektą."
            yield warning("fa.check.negative_quantity", f"{path}/P_8B", text)


def delivery_date_belongs_to_the_header(invoice: Invoice, _: Context) -> Iterator[Finding]:
    days = {line.delivery_date for line in invoice.lines}
    (day, *others) = days or {None}
    if day and not others and len(invoice.lines) > 1:
        text = f"Każdy wiersz ma tę samą datę {format_date(day)}. Podaj ją raz, w polu P_6."
        yield warning("fa.check.same_delivery_date", "Fa/FaWiersz/P_6A", text)


def name_is_given(invoice: Invoice, _: Context) -> Iterator[Finding]:
    if invoice.is_correction:
        return
    for path, line in lines_with_paths(invoice):
        if not line.description:
            text = f"Wiersz {line.number} nie ma nazwy towaru lub usługi."
            yield warning("fa.check.line_name", f"{path}/P_7", text)


LINE_RULES: tuple[Rule, ...] = (
    rows_exist,
    numbers_are_unique,
    price_times_quantity_is_value,
    quantity_is_positive,
    delivery_date_belongs_to_the_header,
    name_is_given,
)
