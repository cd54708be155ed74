"""The gateway to KSeF: what one client's context in one environment can be asked for."""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

import structlog
from ksef_client.client import KsefClient
from ksef_client.models import (
    CompressionType,
    EncryptionInfo,
    InvoiceExportRequest,
    InvoiceQueryDateRange,
    InvoiceQueryDateType,
    InvoiceQueryFilters,
    InvoiceQuerySubjectType,
)

from obieg.core.ksef_number import is_ksef_number
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import (
    AccessExpired,
    KsefRefused,
    NotKsefNumber,
    PackageCorrupt,
    WindowTooLong,
)
from obieg.ksef.exports import ExportPackage, ExportStatus, read_status
from obieg.ksef.metadata import InvoiceMetadata, MetadataPage
from obieg.ksef.moments import format_moment, optional_moment
from obieg.ksef.ports import Access
from obieg.ksef.public_keys import FOR_CONTENT, UNKNOWN_KEY, public_keys
from obieg.ksef.rates import Group, Rates
from obieg.ksef.wire import Wire

__all__ = ["ExportPackage", "ExportStatus", "Gateway", "InvoiceMetadata", "MetadataPage"]

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

LONGEST_WINDOW = timedelta(days=100)  # KSeF API 2.9, dateRange
PAGE_SIZE = 250  # KSeF API 2.9, the largest page of metadata


class Gateway:
    """One client's context in one environment; a context manager that closes its connection.

    Every method counts its call first and may raise MustWait; where the access token ended it is
    renewed once. Roles are those of KSeF: Subject1, Subject2, Subject3, SubjectAuthorized.
    """

    def __init__(self, wire: Wire, access: Access) -> None:
        self._wire = wire
        self._access = access

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def order_export(
        self, *, role: str, window_from: datetime, window_to: datetime | None, key: ContentKey
    ) -> str:
        """Order the invoices stored in the window (aware, both ends inclusive); its reference.

        Without `window_to` the export goes up to KSeF's high water mark, but at most 100 days, the
        longest window that KSeF takes: `permanent_storage_hwm_date` of the package says how far.
        A longer window with an end raises WindowTooLong.
        KSeF API 2.9, POST /invoices/exports.
        """
        open_ended = window_to is None
        oldest_open_start = datetime.now(UTC) - LONGEST_WINDOW
        if open_ended and window_from < oldest_open_start:
            window_to = window_from + LONGEST_WINDOW
        _require_window(window_from, window_to)
        dates = InvoiceQueryDateRange(
            date_type=InvoiceQueryDateType.PERMANENTSTORAGE,
            from_=format_moment(window_from),
            to=None if window_to is None else format_moment(window_to),
            restrict_to_permanent_storage_hwm_date=True if open_ended else None,
        )
        filters = InvoiceQueryFilters(date_range=dates, subject_type=InvoiceQuerySubjectType(role))
        try:
            return self._order(filters, key)
        except KsefRefused as refused:
            if refused.ksef_code != UNKNOWN_KEY:
                raise
        public_keys(self._wire).forget()
        return self._order(filters, key)

    def export_status(self, reference: str) -> ExportStatus:
        """How far the export is; Gone after its 7 days. GET /invoices/exports/{referenceNumber}.

        Every answer has fresh links to the parts.
        """
        return self._call(
            Group.INVOICE_EXPORT_STATUS,
            "GET /invoices/exports/{referenceNumber}",
            lambda client, token: read_status(
                client.invoices.get_export_status(reference, access_token=token)
            ),
        )

    def invoice(self, ksef_number: str) -> bytes:
        """The XML as KSeF holds it. GET /invoices/ksef/{ksefNumber}.

        NotKsefNumber, KsefRefused (21164: none such here), KsefBusy (not yet stored),
        PackageCorrupt (another hash than announced).
        """
        if not is_ksef_number(ksef_number):
            raise NotKsefNumber(number=ksef_number)
        answer = self._call(
            Group.INVOICE_DOWNLOAD,
            "GET /invoices/ksef/{ksefNumber}",
            lambda client, token: client.invoices.get_invoice_bytes(
                ksef_number, access_token=token
            ),
        )
        computed = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        if answer.sha256_base64 and answer.sha256_base64 != computed:
            raise PackageCorrupt(what=f"faktura {ksef_number}: inny skrót niż podany przez KSeF")
        return answer.content

    def metadata(
        self,
        *,
        role: str,
        date_from: datetime,
        date_to: datetime | None,
        page_offset: int = 0,
        page_size: int = PAGE_SIZE,
        ksef_number: str | None = None,
        date_type: str = InvoiceQueryDateType.PERMANENTSTORAGE.value,
    ) -> MetadataPage:
        """A page, oldest first, of at most 10,000 entries of a window of at most 100 days.

        `date_type` is PermanentStorage, Invoicing or Issue. POST /invoices/query/metadata.
        """
        _require_window(date_from, date_to)
        filters = InvoiceQueryFilters(
            date_range=InvoiceQueryDateRange(
                date_type=InvoiceQueryDateType(date_type),
                from_=format_moment(date_from),
                to=None if date_to is None else format_moment(date_to),
            ),
            subject_type=InvoiceQuerySubjectType(role),
            ksef_number=ksef_number,
        )

        def read(client: KsefClient, token: str) -> MetadataPage:
            page = client.invoices.query_invoice_metadata(
                filters,
                access_token=token,
                page_offset=page_offset,
                page_size=page_size,
                sort_order="Asc",
            )
            return MetadataPage(
                entries=tuple(InvoiceMetadata.from_json(e.to_dict()) for e in page.invoices),
                has_more=page.has_more,
                is_truncated=page.is_truncated,
                permanent_storage_hwm_date=optional_moment(page.permanent_storage_hwm_date),
            )

        return self._call(Group.INVOICE_METADATA, "POST /invoices/query/metadata", read)

    def rate_limits(self) -> dict[Group, Rates]:
        """The limits that hold now for this context. GET /rate-limits."""

        def read(client: KsefClient, token: str) -> dict[str, Any]:
            return client.rate_limits.get_rate_limits(token).to_dict()

        told = self._call(Group.OTHER, "GET /rate-limits", read)
        return {
            group: Rates(told[group]["perSecond"], told[group]["perMinute"], told[group]["perHour"])
            for group in Group
            if group in told
        }

    def _order(self, filters: InvoiceQueryFilters, key: ContentKey) -> str:
        wrapped = public_keys(self._wire).wrap(self._wire, FOR_CONTENT, key.key)
        request = InvoiceExportRequest(
            encryption=EncryptionInfo(
                encrypted_symmetric_key=wrapped.ciphertext,
                initialization_vector=base64.b64encode(key.iv).decode(),
                public_key_id=wrapped.public_key_id,
            ),
            filters=filters,
            compression_type=CompressionType.ZIP,
        )
        answer = self._call(
            Group.INVOICE_EXPORT,
            "POST /invoices/exports",
            lambda client, token: client.invoices.export_invoices(request, access_token=token),
            success=201,
        )
        return str(answer.reference_number)

    def _call(
        self,
        group: Group,
        operation: str,
        request: Callable[[KsefClient, str], Result],
        *,
        success: int = 200,
    ) -> Result:
        token = self._access.token()
        try:
            return self._wire.call(
                group, operation, lambda client: request(client, token), success=success
            )
        except AccessExpired:
            log.info("ksef.access_renewed", operation=operation)
        fresh = self._access.renew(token)
        return self._wire.call(
            group, operation, lambda client: request(client, fresh), success=success
        )


def _require_window(start: datetime, end: datetime | None) -> None:
    """WindowTooLong where the calendar days in UTC are more than KSeF takes."""
    last = (end or datetime.now(UTC)).astimezone(UTC).date()
    if last - start.astimezone(UTC).date() > LONGEST_WINDOW:
        raise WindowTooLong(days=LONGEST_WINDOW.days)
