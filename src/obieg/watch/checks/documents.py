"""Does any document wait too long for a person, or for KSeF?"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse

from obieg.core.polish import counted, format_time, today
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState
from obieg.sales.models import Outage, Sale
from obieg.sales.offline.deadlines import Period
from obieg.sales.offline.due import Due, due_of
from obieg.sales.offline.outages import HEAVY, environment_of_sale, owed
from obieg.sales.states import SaleState
from obieg.watch.findings import Finding, Look, Severity

UNCLASSIFIED_HOURS = 24  # the office's promise to its clients
DOCUMENTS = ("dokument", "dokumenty", "dokumentów")
INVOICES = ("faktura", "faktury", "faktur")


def unclassified(look: Look) -> Iterator[Finding]:
    """Documents to be classified by hand that wait beyond the promised time."""
    limit = look.now - timedelta(hours=UNCLASSIFIED_HOURS)
    waiting = look.rows(Dekret).filter(state=DekretState.TO_CLASSIFY, queued_at__lte=limit)
    for row in _counted(waiting, oldest=Min("queued_at")):
        yield _of_client(
            "documents.unclassified",
            f"{counted(row['count'], *DOCUMENTS)} bez klasyfikacji, "
            f"najstarszy od {format_time(row['oldest'])}",
            f"{reverse('queue')}?kolejka=reczna&wiek={UNCLASSIFIED_HOURS}&klient={row['client_id']}",
            row,
        )


def rejected(look: Look) -> Iterator[Finding]:
    """Invoices that KSeF refused and nobody has mended."""
    for row in _counted(look.rows(Sale).filter(state=SaleState.REJECTED)):
        words = ("faktura odrzucona", "faktury odrzucone", "faktur odrzuconych")
        yield _of_client(
            "sales.rejected", f"{counted(row['count'], *words)} przez KSeF", _sales(row), row
        )


def unanswered(look: Look) -> Iterator[Finding]:
    """Sendings of which KSeF has not told what became of them."""
    limit = look.now - timedelta(minutes=look.settings.answer_minutes)
    sent = look.rows(Sale).filter(state=SaleState.SENDING, claimed_at__lte=limit)
    for row in _counted(sent, oldest=Min("claimed_at")):
        yield _of_client(
            "sales.unanswered",
            f"{counted(row['count'], *INVOICES)} bez odpowiedzi KSeF "
            f"od {format_time(row['oldest'])}",
            _sales(row),
            row,
        )


def offline(look: Look) -> Iterator[Finding]:
    """Invoices issued offline that KSeF has to get by a deadline."""
    of_client: dict[int, list[Due]] = defaultdict(list)
    periods = _periods()
    for sale in owed(look.rows(Sale)).select_related("client").defer(*HEAVY):
        due = due_of(sale, periods[environment_of_sale(sale)], today())
        if due.meaning != "ok":
            of_client[sale.client_id].append(due)
    for client_id, dues in of_client.items():
        nearest = min(dues, key=lambda due: due.deadline.day or date.max)
        yield Finding(
            "sales.offline",
            Severity.STOP if any(due.meaning == "stop" for due in dues) else Severity.WATCH,
            f"{counted(len(dues), *INVOICES)} offline do przesłania; {nearest.sale}: "
            f"{nearest.text}",
            reverse("sales-offline"),
            client_id,
            nearest.sale.client.name,
        )


def _periods() -> dict[str, list[Period]]:
    found: dict[str, list[Period]] = defaultdict(list)
    for outage in Outage.objects.all():
        found[outage.environment].append(outage.period)
    return found


def _counted(rows: Any, **more: Any) -> Any:
    found = rows.values("client_id", "client__name").order_by("client_id")
    return found.annotate(count=Count("pk"), **more)


def _sales(row: dict[str, Any]) -> str:
    state = SaleState.SENDING if "oldest" in row else SaleState.REJECTED
    return f"{reverse('sales')}?stan={state}&klient={row['client_id']}"


def _of_client(code: str, text: str, url: str, row: dict[str, Any]) -> Finding:
    return Finding(code, Severity.STOP, text, url, row["client_id"], row["client__name"])
