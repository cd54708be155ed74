"""Rules about the marks of the VAT Act: they must agree with the rates and the amounts."""

from collections.abc import Iterator
from decimal import Decimal

from obieg.fa.check.context import Context, Rule
from obieg.fa.finding import Finding, error, warning
from obieg.fa.model import Invoice, Line, OrderLine

SPLIT_PAYMENT_OVER = Decimal(15_000)  # PLN gross, art. 108a(1a) VAT Act


def exemption_has_its_basis(invoice: Invoice, _: Context) -> Iterator[Finding]:
    marks = invoice.annotations
    place = "Fa/Adnotacje/Zwolnienie"
    exempt = _uses(invoice, "zw", "P_13_7")
    if exempt and not marks.exempt:
        text = "Są pozycje zwolnione (zw), a nie zaznaczono zwolnienia (P_19) i jego podstawy."
        yield warning("fa.check.exempt_unmarked", f"{place}/P_19", text)
    bases = (marks.exempt_by_act, marks.exempt_by_directive, marks.exempt_by_other)
    if marks.exempt and not any(bases):
        text = "Zwolnienie z podatku wymaga podstawy prawnej (P_19A, P_19B albo P_19C)."
        yield error("fa.check.exempt_basis", place, text)
    if marks.exempt and not exempt:
        text = "Zaznaczono zwolnienie z podatku, a żadna pozycja nie jest zwolniona."
        yield warning("fa.check.exempt_unused", f"{place}/P_19", text)


def reverse_charge_is_marked(invoice: Invoice, _: Context) -> Iterator[Finding]:
    if _uses(invoice, "oo", "P_13_10") and not invoice.annotations.reverse_charge:
        text = "Są pozycje ze stawką oo, a nie zaznaczono odwrotnego obciążenia (P_18)."
        yield warning("fa.check.reverse_charge", "Fa/Adnotacje/P_18", text)


def margin_is_marked(invoice: Invoice, _: Context) -> Iterator[Finding]:
    has_sum = any(group.field == "P_13_11" and group.net for group in invoice.sums)
    if has_sum != invoice.annotations.margin:
        what = "nie zaznaczono procedury marży" if has_sum else "nie ma kwoty w P_13_11"
        text = f"Procedura marży: {what}."
        yield warning("fa.check.margin", "Fa/Adnotacje/PMarzy", text)


def community_supply_has_an_eu_buyer(invoice: Invoice, _: Context) -> Iterator[Finding]:
    if _uses(invoice, "0 WDT", "P_13_6_2") and not invoice.buyer.eu_number:
        text = "WDT ze stawką 0% wymaga numeru VAT-UE nabywcy."
        yield warning("fa.check.wdt_buyer", "Podmiot2/DaneIdentyfikacyjne", text)


def split_payment_is_marked(invoice: Invoice, _: Context) -> Iterator[Finding]:
    """Art. 108a(1a); another currency by the rate of the document, which may not tell it."""
    rows: tuple[Line | OrderLine, ...] = (*invoice.lines, *invoice.order_lines)
    listed = any(row.annex15 for row in rows)
    rate = _rate_to_zlote(invoice)
    over = rate is not None and invoice.total * rate > SPLIT_PAYMENT_OVER
    if listed and over and not invoice.annotations.split_payment:
        text = (
            "Faktura przekracza 15 000 zł i ma pozycję z załącznika nr 15: zaznacz mechanizm "
            "podzielonej płatności (P_18A)."
        )
        yield error("fa.check.split_payment", "Fa/Adnotacje/P_18A", text)


def _rate_to_zlote(invoice: Invoice) -> Decimal | None:
    """1 for złote; else the rate given, or the one that P_14_x and P_14_xW were counted by."""
    if invoice.currency == "PLN":
        return Decimal(1)
    rates = [invoice.exchange_rate, *(line.exchange_rate for line in invoice.lines)]
    by_tax = [one.tax_pln / one.tax for one in invoice.sums if one.tax_pln and one.tax]
    return next((rate for rate in (*rates, *by_tax) if rate), None)


def _uses(invoice: Invoice, rate: str, field: str) -> bool:
    return any(line.rate == rate for line in invoice.lines) or any(
        group.field == field and group.net for group in invoice.sums
    )


ANNOTATION_RULES: tuple[Rule, ...] = (
    exemption_has_its_basis,
    reverse_charge_is_marked,
    margin_is_marked,
    community_supply_has_an_eu_buyer,
    split_payment_is_marked,
)
