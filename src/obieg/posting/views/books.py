"""The books of a client's month: registers, journal, turnover, KPiR or ryczałt; closing."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from obieg.core.calendar import Month
from obieg.core.money import ZERO
from obieg.core.polish import today
from obieg.inbox.models import Direction
from obieg.office.changes import record_change
from obieg.office.models import AccountingForm, Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import closing, registers, sheets
from obieg.posting.books_form import BooksForm, JournalForm, RegisterForm
from obieg.posting.chart_forms import OfficeBooksForm
from obieg.posting.errors import PeriodWaits
from obieg.posting.models import (
    BookEntry,
    ClosedPeriod,
    JournalEntry,
    OfficeBooks,
    Profile,
    RegisterEntry,
    Voucher,
)
from obieg.posting.sheets import Cell
from obieg.posting.together import of_taxpayer, vat_balance

MOST = 2000  # rows on a page; the spreadsheet has them all
PLACES = {
    "registers": "Rejestry VAT",
    "journal": "Dziennik",
    "turnover": "Obroty",
    "columns": "KPiR i ryczałt",
    "periods": "Okresy",
}


def overview(request: OperatorRequest) -> HttpResponse:
    """Every month of every client in which something is posted."""
    facts = {"months": registers.months(request.user), "here": "overview"}
    return render(request, "posting/books/overview.html", facts)


def vat_registers(request: OperatorRequest) -> HttpResponse:
    """The registers of a month, their sums by rate, and the control against the documents."""
    form = RegisterForm(request.GET, operator=request.user)
    client = _client(form)
    if client is None:
        return _choose(request, form, "registers")
    asked = form.cleaned_data
    rows = registers.register_rows(client, form.period, asked["rodzaj"], asked["rejestr"])
    if "arkusz" in request.GET:
        return _download(form, "rejestry-vat", REGISTER_HEADINGS, map(_register_cells, rows))
    sums = registers.sums_by_rate(rows)
    facts = {
        "rows": rows[:MOST],
        "sums": sums,
        "balance": vat_balance(sums),
        "together": of_taxpayer(client, form.period, request.user),
        "control": registers.control(client, form.period),
        "registers": registers.registers_of(client, form.period),
    }
    return _page(request, form, "registers", **facts)


def journal(request: OperatorRequest) -> HttpResponse:
    """The entries of a month, Wn and Ma."""
    form = JournalForm(request.GET, operator=request.user)
    client = _client(form)
    if client is None:
        return _choose(request, form, "journal")
    rows = registers.journal_rows(client, form.period, form.cleaned_data["konto"])
    if "arkusz" in request.GET:
        return _download(form, "dziennik", JOURNAL_HEADINGS, map(_journal_cells, rows))
    sides = registers.turnover(client, form.period)
    facts = {"rows": rows[:MOST], "totals": _totals(sides)}
    return _page(request, form, "journal", **facts)


def turnover(request: OperatorRequest) -> HttpResponse:
    """What went through each account in a month."""
    form = BooksForm(request.GET, operator=request.user)
    client = _client(form)
    if client is None:
        return _choose(request, form, "turnover")
    rows = registers.turnover(client, form.period)
    if "arkusz" in request.GET:
        cells: list[list[Cell]] = [[*row, row.balance] for row in rows]
        return _download(form, "obroty", ("Konto", "Wn", "Ma", "Saldo okresu"), cells)
    return _page(request, form, "turnover", rows=rows, totals=_totals(rows))


def columns(request: OperatorRequest) -> HttpResponse:
    """The rows of the KPiR, or the revenue by rates of the ryczałt."""
    form = BooksForm(request.GET, operator=request.user)
    client = _client(form)
    if client is None:
        return _choose(request, form, "columns")
    rows = registers.book_rows(client, form.period)
    if "arkusz" in request.GET:
        return _download(form, "ksiega", BOOK_HEADINGS, map(_book_cells, rows))
    facts = {"rows": rows[:MOST], "sums": registers.column_sums(rows)}
    return _page(request, form, "columns", **facts)


def periods(request: OperatorRequest) -> HttpResponse:
    """The last months of a client: what each waits for, which are closed, who closed them."""
    form = BooksForm(request.GET, operator=request.user)
    client = _client(form)
    if client is None:
        return _choose(request, form, "periods")
    closed = {
        row.period: row
        for row in ClosedPeriod.objects.of_client(client).select_related("closed_by")
    }
    months = _last_months(12)
    left = closing.open_before(client, months[0])
    rows = [
        {
            "period": period,
            "closed": closed.get(period),
            "ready": closing.readiness(client, period),
            "earlier": [month for month in left if month < period],
        }
        for period in months
    ]
    return _page(request, form, "periods", rows=rows, history=closing.history(client))


@needs(Right.EDIT_KSEF)
def office(request: OperatorRequest) -> HttpResponse:
    """What the office decides for the books of all its clients."""
    typed = request.POST if request.method == "POST" else None  # an unticked box sends nothing
    form = OfficeBooksForm(typed, instance=OfficeBooks.present())
    if form.is_valid():
        with transaction.atomic():
            form.save()
            record_change(form, thing="posting.office", kind="edit", actor=request.user)
        messages.success(request, "Zapisano ustawienia ksiąg.")
        return redirect("books-office")
    own = Profile.objects.visible_to(request.user).filter(deducts_before_filing__isnull=False)
    facts = {"form": form, "here": "office", "own": own.select_related("client")}
    return render(request, "posting/books/office.html", facts)


@require_POST
@needs(Right.POST)
def period_close(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Close a month."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    period = _month(request)
    concerns = closing.concerns(client, period.first)
    closing.close_period(client, period.first, operator=request.user)
    for concern in concerns:
        messages.warning(request, concern)
    messages.success(request, f"Zamknięto {period.number:02d}.{period.year}: {client.name}.")
    return redirect(_address("books-periods", client))


@require_POST
@needs(Right.EDIT_KSEF)
def period_reopen(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Open a closed month again."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    period = _month(request)
    closing.reopen_period(client, period.first, operator=request.user)
    messages.success(request, f"Otwarto {period.number:02d}.{period.year}: {client.name}.")
    return redirect(_address("books-periods", client))


REGISTER_HEADINGS = (
    *("Poz.", "Rejestr", "Data wystawienia", "Data sprzedaży", "Numer", "Numer KSeF"),
    *("NIP", "Kontrahent", "Stawka", "Netto", "VAT", "Brutto", "VAT do odliczenia", "Uwaga"),
)
JOURNAL_HEADINGS = (
    *("Poz.", "Zaksięgowano", "Kto", "Dokument", "Treść", "Konto", "Wn", "Ma", "MPK", "Projekt"),
    "Uwaga",
)
BOOK_HEADINGS = (
    *("Poz.", "Data", "Numer KSeF", "Numer dowodu", "Kontrahent", "NIP", "Opis zdarzenia"),
    *("Kolumna KPiR", "Stawka ryczałtu", "Kwota", "Uwaga"),
)


def _register_cells(row: RegisterEntry) -> list[Cell]:
    invoice = row.voucher.dekret.invoice
    return [
        *(row.voucher.number, row.register, invoice.issue_date, invoice.sale_date),
        *(invoice.number, invoice.ksef_number, *_partner(row.voucher)[::-1]),
        *(row.vat_rate, row.net, row.vat, row.net + row.vat, row.deducted, _remark(row.voucher)),
    ]


def _journal_cells(row: JournalEntry) -> list[Cell]:
    voucher = row.voucher
    return [
        *(voucher.number, voucher.made_at.date(), voucher.made_by.name),
        *(voucher.dekret.invoice.number, row.description, row.account),
        row.amount if row.side == "Wn" else None,
        row.amount if row.side == "Ma" else None,
        *(row.cost_centre, row.project, _remark(voucher)),
    ]


def _book_cells(row: BookEntry) -> list[Cell]:
    invoice = row.voucher.dekret.invoice
    return [
        *(row.voucher.number, invoice.issue_date, invoice.ksef_number, invoice.number),
        *(*_partner(row.voucher), row.description, row.kpir_column, row.ryczalt_rate),
        *(row.amount, _remark(row.voucher)),
    ]


def _partner(voucher: Voucher) -> tuple[str, str]:
    invoice = voucher.dekret.invoice
    if voucher.dekret.direction == Direction.SALE:
        return invoice.buyer_name, invoice.buyer_nip
    return invoice.seller_name, invoice.seller_nip


def _remark(voucher: Voucher) -> str:
    return f"storno poz. {voucher.reverses.number}" if voucher.reverses else ""


def _client(form: BooksForm) -> Client | None:
    return form.client if form.is_valid() else None


def _choose(request: OperatorRequest, form: BooksForm, here: str) -> HttpResponse:
    facts = {"form": form, "here": here, "title": PLACES[here]}
    return render(request, "posting/books/choose.html", facts)


def _page(request: OperatorRequest, form: BooksForm, here: str, **facts: Any) -> HttpResponse:
    client, period = form.client, form.period
    assert client is not None  # noqa: S101 - the callers ask for one
    closed = (
        ClosedPeriod.objects.of_client(client).filter(period=period).select_related("closed_by")
    )
    facts |= {
        "form": form,
        "client": client,
        "period": period,
        "here": here,
        "title": PLACES[here],
        "closed": closed.first(),
        "is_full": client.accounting_form == AccountingForm.FULL_BOOKS,
        "most": MOST,
        "context": f"klient={client.pk}&okres={Month.of(period)}",
    }
    return render(request, f"posting/books/{here}.html", facts)


def _download(
    form: BooksForm, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    assert form.client is not None  # noqa: S101 - the callers ask for one
    file_name = f"{name}-{form.client.nip}-{Month.of(form.period)}.xlsx"
    return sheets.download(sheets.sheet(name, headings, rows), file_name)


def _totals(rows: Sequence[registers.Turnover]) -> tuple[Decimal, Decimal]:
    return sum((row.debit for row in rows), ZERO), sum((row.credit for row in rows), ZERO)


def _last_months(count: int) -> list[date]:
    month = Month.of(today())
    found: list[date] = []
    while len(found) < count:
        found.append(month.first)
        month = month.previous()
    return found


def _month(request: OperatorRequest) -> Month:
    try:
        return Month.parse(request.POST.get("okres", ""))
    except ValueError as error:
        raise PeriodWaits(problem="Wybierz okres, np. 11.2026.") from error


def _address(name: str, client: Client) -> str:
    return f"{reverse(name)}?klient={client.pk}"
