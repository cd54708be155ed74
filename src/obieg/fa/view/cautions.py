"""What a reader should know before paying or posting: each caution has a permanent code."""

from collections.abc import Iterator
from decimal import Decimal

from obieg.core.money import format_amount
from obieg.core.polish import format_date
from obieg.fa.model import CorrectedInvoice, Invoice
from obieg.fa.sums import lines_difference, total_difference
from obieg.fa.view.page import Caution

_NAMED = 3  # corrected invoices that a caution names before it only counts


def cautions_of(invoice: Invoice) -> tuple[Caution, ...]:
    """Every caution, the most costly to miss first."""
    return (
        *_amount_due(invoice),
        *_correction(invoice),
        *_total(invoice),
        *_lines(invoice),
        *_due_date(invoice),
    )


def _amount_due(invoice: Invoice) -> Iterator[Caution]:
    if invoice.amount_due == invoice.total:
        return
    reasons = [f"{c.reason}: +{_money(c.amount, invoice)}" for c in invoice.settlement.charges]
    reasons += [f"{c.reason}: −{_money(c.amount, invoice)}" for c in invoice.settlement.deductions]
    because = f" ({'; '.join(reasons)})" if reasons else ""
    yield Caution(
        "fa.amount_due_differs",
        f"Do zapłaty jest {_money(invoice.amount_due, invoice)}, a należność ogółem (P_15) wynosi "
        f"{_money(invoice.total, invoice)}{because}.",
    )


def _correction(invoice: Invoice) -> Iterator[Caution]:
    if not invoice.is_correction:
        return
    change = "kwota się nie zmienia"
    if invoice.total:
        sign = "+" if invoice.total > 0 else ""
        change = f"kwota zmienia się o {sign}{_money(invoice.total, invoice)} brutto"
    yield Caution("fa.correction", f"To jest korekta {_corrected(invoice)}: {change}.")


def _corrected(invoice: Invoice) -> str:
    """What is corrected, in the genitive: `faktury FV 1 z 15.02.2026` or `12 faktur`."""
    corrected = invoice.correction.corrected if invoice.correction else ()
    if not corrected:
        return "faktury bez podanego numeru"
    if len(corrected) > _NAMED:
        return f"{len(corrected)} faktur"
    noun = "faktury" if len(corrected) == 1 else "faktur"
    return f"{noun} {', '.join(map(_named, corrected))}"


def _named(corrected: CorrectedInvoice) -> str:
    day = f" z {format_date(corrected.issue_date)}" if corrected.issue_date else ""
    ksef = f" ({corrected.ksef_number})" if corrected.ksef_number else ""
    return f"{corrected.number}{day}{ksef}"


def _total(invoice: Invoice) -> Iterator[Caution]:
    difference = total_difference(invoice)
    if difference:
        parts = invoice.net_total + invoice.tax_total
        yield Caution(
            "fa.total_differs",
            f"Netto i VAT z podsumowania stawek dają {_money(parts, invoice)}, a należność ogółem "
            f"(P_15) wynosi {_money(invoice.total, invoice)}: różnica "
            f"{_money(difference, invoice)}.",
        )


def _lines(invoice: Invoice) -> Iterator[Caution]:
    difference = lines_difference(invoice)
    if difference:
        yield Caution(
            "fa.lines_differ",
            f"Pozycje dają netto {_money(invoice.net_total + difference, invoice)}, a podsumowanie "
            f"stawek {_money(invoice.net_total, invoice)}: różnica {_money(difference, invoice)}.",
        )


def _due_date(invoice: Invoice) -> Iterator[Caution]:
    plain = {term.due or invoice.due_after(term) for term in invoice.payment.terms}
    hidden = [day for day in invoice.due_dates if day not in plain]
    if hidden:
        days = ", ".join(map(format_date, hidden))
        yield Caution("fa.hidden_due_date", f"Termin płatności zapisano w opisie: {days}.")
    for term in invoice.payment.terms:
        if term.described and not term.due:
            day = invoice.due_after(term)
            meant = f", czyli {format_date(day)}" if day else ""
            text = f"Termin płatności podano tylko opisem: {term.described}{meant}."
            yield Caution("fa.described_due_date", text)


def _money(amount: Decimal, invoice: Invoice) -> str:
    return format_amount(amount, invoice.currency)
