"""Whether a dekret may be approved: every finding at once, each with what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from obieg.core.money import ZERO, format_amount, to_grosze
from obieg.fa.model import Invoice
from obieg.inbox.models import Direction
from obieg.posting.books import Books
from obieg.posting.errors import Finding
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret
from obieg.posting.models.books import LAST_KPIR_COLUMN
from obieg.posting.periods import Term, next_open


@dataclass(frozen=True, slots=True)
class Draft:
    """A dekret about to be approved."""

    dekret: Dekret
    invoice: Invoice
    lines: Sequence[LineInput]
    period: date  # the first day of a month
    vat_month: date  # the same, of deducting its VAT
    period_reason: str  # Polish
    term: Term
    exchange_rate: Decimal | None


def findings(draft: Draft, books: Books) -> list[Finding]:
    """What keeps `draft` from being approved; empty where nothing does."""
    of_lines = (
        finding
        for number, line in enumerate(draft.lines, 1)
        for finding in _of_line(number, line, draft, books)
    )
    return [*of_lines, *_of_amounts(draft), *_of_rate(draft), *_of_period(draft, books)]


def _of_line(number: int, line: LineInput, draft: Draft, books: Books) -> Iterator[Finding]:
    yield from _of_account(number, line, books)
    yield from _of_register(number, line, draft.dekret.direction, books)
    yield from _of_dimensions(number, line, draft.invoice.issue_date, books)
    if not 0 <= line.deductible_percent <= 100:
        text = f"Wiersz {number}: odliczenie VAT to od 0 do 100%."
        yield Finding("posting.deductible_percent", text, number, "deductible_percent")
    if line.kpir_column is not None and not 1 <= line.kpir_column <= LAST_KPIR_COLUMN:
        text = f"Wiersz {number}: KPiR ma kolumny od 1 do {LAST_KPIR_COLUMN}."
        yield Finding("posting.kpir_column", text, number, "kpir_column")
    if any(amount != to_grosze(amount) for amount in (line.net, line.vat)):
        text = f"Wiersz {number}: kwoty zapisz z dokładnością do grosza."
        yield Finding("posting.amount_precision", text, number, "net")


def _of_dimensions(number: int, line: LineInput, day: date, books: Books) -> Iterator[Finding]:
    codes = (
        ("cost_centre", "MPK", line.cost_centre, books.cost_centres),
        ("project", "projektu", line.project, books.projects),
    )
    for field, noun, code, known in codes:
        if not code:
            continue
        if code not in known:
            text = f"Wiersz {number}: klient nie ma {noun} „{code}”. Wybierz z listy albo dodaj."
            yield Finding(f"posting.unknown_{field}", text, number, field)
        elif not known[code].is_valid_on(day):
            text = (
                f"Wiersz {number}: {known[code].get_kind_display()} „{code}” nie jest ważny dnia "
                f"{day:%d.%m.%Y} (data faktury). Wybierz inny albo zmień daty w planie klienta."
            )
            yield Finding(f"posting.outdated_{field}", text, number, field)


def _of_account(number: int, line: LineInput, books: Books) -> Iterator[Finding]:
    if not line.account:
        text = f"Wiersz {number}: wpisz konto."
        yield Finding("posting.account_missing", text, number, "account")
    elif line.account not in books.accounts:
        text = (
            f"Wiersz {number}: w planie kont klienta nie ma konta „{line.account}”. "
            "Wybierz inne albo dodaj je do planu."
        )
        yield Finding("posting.unknown_account", text, number, "account")


def _of_register(number: int, line: LineInput, direction: str, books: Books) -> Iterator[Finding]:
    if line.vat_register not in books.registers:
        text = (
            f"Wiersz {number}: klient nie ma rejestru VAT „{line.vat_register}”. "
            "Wybierz inny albo dodaj go w ustawieniach klienta."
        )
        yield Finding("posting.unknown_register", text, number, "vat_register")
    taxed = line.vat and (direction == Direction.SALE or line.deductible_percent)
    if taxed and not line.vat_register:
        text = (
            f"Wiersz {number}: VAT trafia do rozliczenia, więc potrzebny jest rejestr. "
            "Wybierz rejestr VAT albo wpisz odliczenie 0%."
        )
        yield Finding("posting.register_missing", text, number, "vat_register")


def _of_amounts(draft: Draft) -> Iterator[Finding]:
    """Net and VAT are the document's; where its own sums disagree, net may follow P_15."""
    if not draft.lines:
        yield Finding("posting.no_lines", "Dekret nie ma wierszy. Dodaj co najmniej jeden.")
        return
    net = sum((line.net for line in draft.lines), ZERO)
    vat = sum((line.vat for line in draft.lines), ZERO)
    invoice, total = draft.invoice, to_grosze(draft.invoice.total)
    if not invoice.sums:
        yield from _compared("gross", "brutto", net + vat, total, invoice.currency)
        return
    yield from _compared("vat", "VAT", vat, to_grosze(invoice.tax_total), invoice.currency)
    if net + vat != total:
        expected = to_grosze(invoice.net_total)
        yield from _compared("net", "netto", net, expected, invoice.currency)


def _compared(
    field: str, noun: str, given: Decimal, expected: Decimal, currency: str
) -> Iterator[Finding]:
    if given == expected:
        return
    text = (
        f"Suma {noun} wierszy to {format_amount(given, currency)}, a na fakturze jest "
        f"{format_amount(expected, currency)} (różnica {format_amount(given - expected)}). "
        "Popraw kwoty."
    )
    yield Finding(f"posting.{field}_differs", text, None, field)


def _of_rate(draft: Draft) -> Iterator[Finding]:
    if draft.invoice.currency == "PLN":
        return
    if draft.exchange_rate is None:
        text = (
            f"Faktura jest w walucie {draft.invoice.currency} i nie podaje kursu. "
            "Wpisz kurs (ile złotych za jednostkę waluty)."
        )
        yield Finding("posting.exchange_rate_missing", text, None, "exchange_rate")
    elif draft.exchange_rate <= 0:
        text = "Kurs musi być większy od zera."
        yield Finding("posting.exchange_rate", text, None, "exchange_rate")


def _of_period(draft: Draft, books: Books) -> Iterator[Finding]:
    months = {draft.vat_month: "vat_month", draft.period: "period"}
    for month, field in months.items():
        if month in books.closed:
            offered = next_open(month, books.closed)
            text = (
                f"Okres {month:%m.%Y} jest zamknięty. Wybierz {offered:%m.%Y}, najbliższy "
                "otwarty, albo poproś o otwarcie okresu."
            )
            yield Finding("posting.period_closed", text, None, field)
    yield from _of_term(draft)


def _of_term(draft: Draft) -> Iterator[Finding]:
    """Not before the document, and where VAT is deducted, within the months of art. 86."""
    term = draft.term
    deducts = draft.dekret.direction == Direction.PURCHASE and any(
        line.vat and line.deductible_percent for line in draft.lines
    )
    field = "period" if draft.vat_month == draft.period else "vat_month"
    usual = term.vat[0] if term.vat else term.usual
    if draft.period < term.first:
        text = (
            f"Okres {draft.period:%m.%Y} jest wcześniejszy niż miesiąc faktury "
            f"({term.first:%m.%Y}). Wybierz ten miesiąc albo późniejszy."
        )
        yield Finding("posting.period_too_early", text, None, "period")
    elif deducts and draft.vat_month < term.deducted_from:
        text = (
            f"VAT z tej faktury odlicza się najwcześniej za {term.deducted_from:%m.%Y}, miesiąc "
            "otrzymania (art. 86 ust. 10b). Wybierz ten okres albo wpisz odliczenie 0%."
        )
        yield Finding("posting.period_before_receipt", text, None, field)
    elif deducts and term.deducted_until and draft.vat_month > term.deducted_until:
        text = (
            f"VAT z tej faktury odlicza się najpóźniej za {term.deducted_until:%m.%Y} (art. 86 "
            f"ust. 11). Wybierz wcześniejszy okres albo wpisz odliczenie 0% i skoryguj "
            f"deklarację za {usual:%m.%Y}."
        )
        yield Finding("posting.period_too_late", text, None, field)
