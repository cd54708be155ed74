"""Operations of /invoices: metadata, one invoice, exports."""

import re
from typing import Any

from pydantic import Field
from starlette.responses import Response

from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.identifiers import KSEF_NUMBER_PATTERN
from ksef_emulator.invoices.exports import ExportRequest, export_status, start_export
from ksef_emulator.invoices.filters import Filters, Selection, beyond_hwm
from ksef_emulator.invoices.repository import content_for, is_announced_later
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.records import Permission
from ksef_emulator.wire import Choice, Page

QUERY_LIMIT = 10_000  # records per set of filters (KSeF API 2.9, POST /invoices/query/metadata)


class SortOrder(Choice):
    """Direction of sorting."""

    ASC = "Asc"
    DESC = "Desc"


class MetadataPage(Page):
    """Query parameters of the metadata query."""

    sort_order: SortOrder = SortOrder.ASC
    page_size: int = Field(default=10, ge=10, le=250)


@operation(
    "POST",
    "/invoices/query/metadata",
    group=Group.INVOICE_METADATA,
    needs=(Permission.INVOICE_READ,),
)
def query_metadata(call: Call) -> Response:
    """One page of metadata."""
    page, filters = call.query(MetadataPage), call.body(Filters)
    selection = Selection(call.world, filters, call.context)
    if selection.beyond_hwm:
        raise beyond_hwm()
    start = page.page_offset * page.page_size
    if start >= QUERY_LIMIT:
        raise invalid("'pageOffset': Przekroczono limit 10 000 rekordów na zestaw filtrów.")
    rows = selection.rows(
        call.world,
        "meta",
        limit=page.page_size + 1,
        offset=start,
        descending=page.sort_order is SortOrder.DESC,
    )
    more = len(rows) > page.page_size
    end = start + page.page_size
    shown = rows[: min(page.page_size, QUERY_LIMIT - start)]
    return _listed(
        [meta for (meta,) in shown],
        more=more,
        truncated=more and end >= QUERY_LIMIT,
        hwm=selection.hwm.isoformat(timespec="microseconds") if selection.hwm else None,
    )


def _listed(metadata: list[str], *, more: bool, truncated: bool, hwm: str | None) -> Response:
    """The answer from JSON texts that are stored ready."""
    head = f'{{"hasMore":{_json(more)},"isTruncated":{_json(truncated)}'
    mark = f',"permanentStorageHwmDate":"{hwm}"' if hwm else ""
    body = f'{head}{mark},"invoices":[{",".join(metadata)}]}}'
    return Response(body, media_type="application/json")


def _json(value: bool) -> str:  # a plain conversion
    return "true" if value else "false"


@operation(
    "GET",
    "/invoices/ksef/{ksefNumber}",
    group=Group.INVOICE_DOWNLOAD,
    needs=(Permission.INVOICE_READ,),
)
def invoice_by_number(call: Call) -> Response:
    """The bytes of one invoice."""
    number = call.path("ksefNumber")
    if not re.fullmatch(KSEF_NUMBER_PATTERN, number):
        raise invalid("'ksefNumber': Nieprawidłowy format.")
    found = content_for(call.world, number, call.context)
    if found is None:
        raise BadRequest(
            21164,
            "Faktura o podanym identyfikatorze nie istnieje.",
            f"Faktura o numerze KSeF {number} nie została znaleziona.",
        )
    if is_announced_later(call.world, number):
        raise BadRequest(
            21165,
            "Faktura o podanym numerze KSeF nie jest jeszcze dostępna.",
            f"Faktura o numerze KSeF {number} została przetworzona, ale nie jest jeszcze dostępna"
            " do pobrania. Spróbuj ponownie później.",
        )
    content, digest = found
    return Response(content, media_type="application/xml", headers={"x-ms-meta-hash": digest})


@operation(
    "POST",
    "/invoices/exports",
    group=Group.INVOICE_EXPORT,
    needs=(Permission.INVOICE_READ,),
    status=201,
)
def export_invoices(call: Call) -> dict[str, Any]:
    """Start an export."""
    return {"referenceNumber": start_export(call, call.body(ExportRequest))}


@operation(
    "GET",
    "/invoices/exports/{referenceNumber}",
    group=Group.INVOICE_EXPORT_STATUS,
    needs=(Permission.INVOICE_READ,),
)
def status_of_export(call: Call) -> dict[str, Any]:
    """How an export is getting on, with fresh links to its parts."""
    return export_status(call, call.reference())
