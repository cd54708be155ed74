"""Rules about the sums: rows against rates, tax against its base, parts against the total."""

from collections.abc import Iterator
from decimal import Decimal

from obieg.core.money import GROSZ, ZERO, format_amount, to_grosze
from obieg.fa.check.context import Context, Rule
from obieg.fa.finding import Finding, error, warning
from obieg.fa.lines import effective_lines
from obieg.fa.model import Invoice, Line, OrderLine, RateSum
from obieg.fa.rates import HUNDRED, SUM_BY_FIELD, SUM_BY_RATE, percent_of
from obieg.fa.sums import lines_comparable, total_difference


def rows_add_up_by_rate(invoice: Invoice, _: Context) -> Iterator[Finding]:
    """The rows' net against P_13_x, rate by rate, within a grosz for each row and one more."""
    if not lines_comparable(invoice) or any(not line.rate for line in invoice.lines):
        return
    expected = {group.field: group.net for group in invoice.sums}
    found: dict[str, Decimal] = {}
    for line in effective_lines(invoice):
        field = SUM_BY_RATE[line.rate].net if line.rate in SUM_BY_RATE else ""
        found[field] = found.get(field, ZERO) + line.net
    tolerance = GROSZ * (len(invoice.lines) + 1)
    for field in sorted((expected | found).keys() - {"", "P_13_11"}):
        net, given = found.get(field, ZERO), expected.get(field, ZERO)
        if abs(net - given) > tolerance:
            label = SUM_BY_FIELD[field].label
            yield warning(
                "fa.check.rate_sum",
                f"Fa/{field}",
                f"Wiersze ze stawką {label} dają netto {format_amount(net)}, a w podsumowaniu jest "
                f"{format_amount(given)}.",
            )


def tax_follows_from_its_base(invoice: Invoice, _: Context) -> Iterator[Finding]:
    """P_14_x against P_13_x times one of the group's rates, within a grosz for each row.

    Rows of both rates of a group (8 and 7) put the tax anywhere between the two; the differences
    of a correction that changes one into the other have no such bounds.
    """
    tolerance = GROSZ * (len(invoice.lines) + 1)
    for group in invoice.sums:
        rates = SUM_BY_FIELD[group.field].rates
        if not SUM_BY_FIELD[group.field].tax or not rates:
            continue
        taxes = [to_grosze(group.net * percent_of(rate) / HUNDRED) for rate in rates]
        if _mixed(invoice, rates) and (
            invoice.is_correction or _is_between(group.tax, taxes, tolerance)
        ):
            continue
        if all(abs(group.tax - tax) > tolerance for tax in taxes):
            yield error(
                "fa.check.tax",
                f"Fa/{SUM_BY_FIELD[group.field].tax}",
                f"Podatek {format_amount(group.tax)} nie wynika z podstawy "
                f"{format_amount(group.net)} przy stawce {group.label}; powinno być "
                f"{format_amount(taxes[0])}.",
            )


def _is_between(tax: Decimal, taxes: list[Decimal], tolerance: Decimal) -> bool:
    return min(taxes) - tolerance <= tax <= max(taxes) + tolerance


def _mixed(invoice: Invoice, rates: tuple[str, ...]) -> bool:
    """Whether rows have more than one of `rates`; advances may have had another than the rows."""
    rows: tuple[Line | OrderLine, ...] = (*invoice.lines, *invoice.order_lines)
    used = {row.rate for row in rows}
    return len(used.intersection(rates)) > 1 or bool(invoice.advances)


def parts_make_the_total(invoice: Invoice, _: Context) -> Iterator[Finding]:
    difference = total_difference(invoice)
    if difference:
        yield warning(
            "fa.check.total",
            "Fa/P_15",
            f"Netto i VAT dają {format_amount(invoice.net_total + invoice.tax_total)}, a należność "
            f"ogółem wynosi {format_amount(invoice.total)}.",
        )


def tax_is_in_zlote_too(invoice: Invoice, _: Context) -> Iterator[Finding]:
    """Art. 106e(11): the tax of an invoice in foreign currency is shown in złote."""
    if invoice.currency == "PLN":
        return
    for group in invoice.sums:
        if group.tax and group.tax_pln is None and _has_pln(group):
            field = SUM_BY_FIELD[group.field].tax_pln
            text = f"Faktura jest w {invoice.currency}: podaj VAT w złotych ({group.label})."
            yield error("fa.check.tax_pln", f"Fa/{field}", text)


def _has_pln(group: RateSum) -> bool:
    return bool(SUM_BY_FIELD[group.field].tax_pln)


AMOUNT_RULES: tuple[Rule, ...] = (
    rows_add_up_by_rate,
    tax_follows_from_its_base,
    parts_make_the_total,
    tax_is_in_zlote_too,
)
