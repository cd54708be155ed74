"""Rules about dates and kinds: what each kind of invoice must and must not have."""

from collections.abc import Iterator

from obieg.core.ksef_number import is_ksef_number
from obieg.core.polish import format_date
from obieg.fa.check.context import Context, Rule, at
from obieg.fa.finding import Finding, error, warning
from obieg.fa.model import Invoice


def issue_date_fits(invoice: Invoice, context: Context) -> Iterator[Finding]:
    day = format_date(invoice.issue_date)
    if invoice.issue_date > context.today:
        text = f"Data wystawienia {day} jest w przyszłości; KSeF odrzuci taką fakturę."
        yield error("fa.check.future_date", "Fa/P_1", text)
    elif invoice.issue_date < context.today:
        text = f"Data wystawienia {day} nie jest dzisiejsza: dla KSeF będzie to faktura offline."
        yield warning("fa.check.not_today", "Fa/P_1", text)


def period_runs_forward(invoice: Invoice, _: Context) -> Iterator[Finding]:
    start, end = invoice.period_from, invoice.period_to
    if start and end and start > end:
        text = f"Okres zaczyna się {format_date(start)}, a kończy wcześniej: {format_date(end)}."
        yield error("fa.check.period", "Fa/OkresFa", text)


def correction_names_its_invoice(invoice: Invoice, _: Context) -> Iterator[Finding]:
    corrected = invoice.correction.corrected if invoice.correction else ()
    if invoice.is_correction and not corrected:
        text = "Faktura korygująca nie podaje faktury, którą koryguje."
        yield error("fa.check.no_corrected", "Fa/DaneFaKorygowanej", text)
    if invoice.correction and not invoice.is_correction:
        text = f"Faktura rodzaju {invoice.kind} ma dane faktury korygowanej. Zmień rodzaj na KOR."
        yield error("fa.check.unexpected_correction", "Fa/RodzajFaktury", text)
    for number, one in enumerate(corrected, 1):
        if one.ksef_number and not is_ksef_number(one.ksef_number):
            path = at("Fa/DaneFaKorygowanej", number, len(corrected))
            text = f"Numer KSeF {one.ksef_number} ma złą sumę kontrolną. Sprawdź numer."
            yield warning("fa.check.ksef_number", f"{path}/NrKSeFFaKorygowanej", text)


def advance_has_its_papers(invoice: Invoice, _: Context) -> Iterator[Finding]:
    if invoice.kind == "ZAL" and invoice.order is None:
        text = "Faktura zaliczkowa nie ma danych zamówienia albo umowy (art. 106f ust. 1 pkt 4)."
        yield warning("fa.check.no_order", "Fa/Zamowienie", text)
    if invoice.kind == "ROZ" and not invoice.advances:
        text = "Faktura rozliczeniowa nie podaje faktur zaliczkowych (art. 106f ust. 3)."
        yield warning("fa.check.no_advances", "Fa/FakturaZaliczkowa", text)
    for number, one in enumerate(invoice.advances, 1):
        if one.ksef_number and not is_ksef_number(one.ksef_number):
            path = at("Fa/FakturaZaliczkowa", number, len(invoice.advances))
            text = f"Numer KSeF {one.ksef_number} ma złą sumę kontrolną. Sprawdź numer."
            yield warning("fa.check.ksef_number", f"{path}/NrKSeFFaZaliczkowej", text)


KIND_RULES: tuple[Rule, ...] = (
    issue_date_fits,
    period_runs_forward,
    correction_names_its_invoice,
    advance_has_its_papers,
)
