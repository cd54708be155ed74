"""What is done with the ticked documents of the list, all at once; each refusal is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from obieg.core.errors import ObiegError
from obieg.core.polish import counted, today
from obieg.fa.finding import Severity
from obieg.fa.render import to_html
from obieg.fa.view import view
from obieg.inbox.models import Invoice
from obieg.inbox.queries import xml_of as received_xml
from obieg.office.models import Operator
from obieg.office.request import OperatorRequest
from obieg.office.rights import Right
from obieg.sales import issuing, listing, printing
from obieg.sales.models import Sale
from obieg.sales.offline.choosing import issue_or_mark
from obieg.sales.sending import send
from obieg.sales.sending.upo import fetch_upo
from obieg.sales.spreadsheet import workbook
from obieg.sales.storage import xml_of
from obieg.sales.views.files import PDF, attachment
from obieg.sales.views.lists import XLSX
from obieg.sales.views.rebates import asked_for

MOST = 500  # documents at once: what is done while the browser waits
MOST_IN_ONE = 200  # documents in one PDF: it is made in memory before it is sent
TOLD = 20  # refusals shown one by one
DOCUMENTS = ("dokument", "dokumenty", "dokumentów")


@dataclass
class Outcome:
    """How many it was done with, and why not with the others."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, request: OperatorRequest, what: str) -> None:
        if self.done:
            messages.success(request, f"{what}: {counted(self.done, *DOCUMENTS)}.")
        for number, reason in self.refused[:TOLD]:
            messages.warning(request, f"{number}: {reason}")
        if len(self.refused) > TOLD:
            left = counted(len(self.refused) - TOLD, *DOCUMENTS)
            messages.warning(request, f"… i jeszcze {left}, z podobnych powodów.")


@require_POST
def selected(request: OperatorRequest) -> HttpResponse:
    """Do what the pressed button says with the ticked documents."""
    entries = listing.chosen(request.user, request.POST.getlist("chosen")[:MOST])
    act = request.POST.get("act", "")
    if act in FILES:
        return FILES[act](request, entries)
    if act not in ACTS:
        return _back(request)
    right, told, do = ACTS[act]
    if not request.user.may(right):
        raise PermissionDenied
    own = [entry.document for entry in entries if isinstance(entry.document, Sale)]
    outcome = do(own, request.user)
    skipped = len(entries) - len(own)
    if skipped:
        messages.info(request, f"Pominięto wystawione poza Obiegiem: {skipped}.")
    outcome.tell(request, told)
    return _back(request)


def _check(sales: Iterable[Sale], operator: Operator) -> Outcome:  # noqa: ARG001 - as the others
    """Findings of each; what has none is counted."""
    outcome = Outcome()
    for sale in sales:
        errors = [one for one in issuing.findings_of(sale) if one.severity == Severity.ERROR]
        if errors:
            count = counted(len(errors), "błąd", "błędy", "błędów")
            outcome.refused.append((_name(sale), f"{count}, pierwszy: {errors[0].text}"))
        else:
            outcome.done += 1
    return outcome


def _issue(sales: Iterable[Sale], operator: Operator) -> Outcome:
    return _each(sales, lambda sale: issuing.issue(sale, actor=operator))


def _outside(sales: Iterable[Sale], operator: Operator) -> Outcome:
    return _each(sales, lambda sale: issuing.mark_outside(sale, actor=operator))


def _offline(sales: Iterable[Sale], operator: Operator) -> Outcome:
    return _each(sales, lambda sale: issue_or_mark(sale, actor=operator))


def _fetch(sales: Iterable[Sale], operator: Operator) -> Outcome:
    return _each(sales, lambda sale: fetch_upo(sale, actor=operator))


def _send(sales: list[Sale], operator: Operator) -> Outcome:
    queued = send(sales, actor=operator)
    refused = [(_name(sale), str(reason)) for sale, reason in queued.refused]
    return Outcome(queued.online + queued.batch, refused)


def _each(sales: Iterable[Sale], act: Callable[[Sale], object]) -> Outcome:
    outcome = Outcome()
    for sale in sales:
        try:
            act(sale)
        except ObiegError as error:
            outcome.refused.append((_name(sale), str(error)))
        else:
            outcome.done += 1
    return outcome


def _name(sale: Sale) -> str:
    return sale.number or f"Szkic dla {sale.buyer_name or 'nieznanego nabywcy'}"


def _one_pdf(request: OperatorRequest, entries: list[listing.Entry]) -> HttpResponse:
    """The documents one after another in one file, to be printed or sent."""
    printable = _printable(request, entries)
    if not printable:
        return _back(request)
    if len(printable) > MOST_IN_ONE:
        found = counted(len(printable), *DOCUMENTS)
        messages.warning(
            request,
            f"Zaznaczono {found}, a w jednym pliku PDF mieści się {MOST_IN_ONE}. "
            "Zaznacz mniej albo wybierz osobne pliki w ZIP.",
        )
        return _back(request)
    name = f"faktury-{today().isoformat()}.pdf"
    return attachment(printing.pdfs_in_one(printable), name, PDF, inline=True)


def _pdf(request: OperatorRequest, entries: list[listing.Entry]) -> HttpResponse:
    """An archive, made while it is sent; receipts are in it too."""
    printable = _printable(request, entries)
    if not printable:
        return _back(request)
    name = f"faktury-{today().isoformat()}.zip"
    return StreamingHttpResponse(  # type: ignore[return-value] # a response all the same
        printing.pdfs_in_zip(printable, with_upo=True),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _print(request: OperatorRequest, entries: list[listing.Entry]) -> HttpResponse:
    """The documents one after another on a page that prints each on its own sheet."""
    seen = []
    for document in _printable(request, entries):
        xml = received_xml(document) if isinstance(document, Invoice) else xml_of(document)
        shown = view(xml, ksef_number=document.ksef_number or None)
        seen.append(mark_safe(to_html(shown)))  # noqa: S308 - to_html escapes every value
    if not seen:
        return _back(request)
    return render(request, "sales/print.html", {"seen": seen})


def _sheet(request: OperatorRequest, entries: list[listing.Entry]) -> HttpResponse:  # noqa: ARG001
    return attachment(workbook(entries), f"sprzedaz-{today().isoformat()}.xlsx", XLSX)


def _printable(request: OperatorRequest, entries: list[listing.Entry]) -> list[listing.Document]:
    """Those that have bytes: drafts from the form have none yet."""
    found: list[listing.Document] = []
    for entry in entries:
        document = entry.document
        if isinstance(document, Sale) and not document.sha256:
            messages.warning(request, f"{_name(document)}: najpierw wystaw, potem drukuj.")
        else:
            found.append(document)
    return found


def _back(request: OperatorRequest) -> HttpResponse:
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if inside else "sales")


def _collective(request: OperatorRequest, entries: list[listing.Entry]) -> HttpResponse:
    """One correction of all of them: a rebate on what one buyer bought."""
    if not request.user.may(Right.ISSUE):
        raise PermissionDenied
    return asked_for(request, entries) if entries else _back(request)


Do = Callable[[list[Sale], Operator], Outcome]
ACTS: dict[str, tuple[Right, str, Do]] = {
    "check": (Right.ISSUE, "Sprawdzono bez błędów", _check),
    "issue": (Right.ISSUE, "Wystawiono", _issue),
    "send": (Right.SEND, "Zlecono wysyłkę", _send),
    "upo": (Right.SEND, "Odebrano UPO", _fetch),
    "offline": (Right.ISSUE, "Wystawiono w trybie offline", _offline),
    "outside": (Right.ISSUE, "Oznaczono jako niedotyczące KSeF", _outside),
}
FILES: dict[str, Callable[[OperatorRequest, list[listing.Entry]], HttpResponse]] = {
    "pdf": _pdf,
    "one-pdf": _one_pdf,
    "print": _print,
    "sheet": _sheet,
    "collective": _collective,
}
