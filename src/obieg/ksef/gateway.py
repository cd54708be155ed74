"""The gateway to KSeF: what one client's context in one environment can be asked for."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Self

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
from obieg.ksef.certificates import Certificates
from obieg.ksef.channel import Channel
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import NotKsefNumber, PackageCorrupt, WindowTooLong
from obieg.ksef.exports import ExportPackage, ExportStatus, read_status
from obieg.ksef.metadata import InvoiceMetadata, MetadataPage
from obieg.ksef.moments import format_moment, optional_moment
from obieg.ksef.permissions import Permissions
from obieg.ksef.ports import Access
from obieg.ksef.rates import Group, Rates, told_rates
from obieg.ksef.sessions import Sessions
from obieg.ksef.tokens import KsefTokens
from obieg.ksef.wire import Wire

__all__ = ["ExportPackage", "ExportStatus", "Gateway", "InvoiceMetadata", "MetadataPage"]

LONGEST_WINDOW = timedelta(days=100)  # KSeF API 2.9, dateRange
PAGE_SIZE = 250  # KSeF API 2.9, the largest page of metadata


class Gateway:
    """One client's context in one environment; a context manager that closes its connection.

    Every method counts its call first and may raise MustWait; where the access token ended it is
    renewed once. Roles are those of KSeF: Subject1, Subject2, Subject3, SubjectAuthorized.
    """

    def __init__(self, wire: Wire, access: Access) -> None:
        self._channel = Channel(wire, access)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._channel.wire.close()

    @property
    def sessions(self) -> Sessions:
        """Sending: online and batch sessions, their statuses and UPO."""
        return Sessions(self._channel)

    @property
    def certificates(self) -> Certificates:
        """KSeF's own certificates of the one who logged in."""
        return Certificates(self._channel)

    @property
    def tokens(self) -> KsefTokens:
        """KSeF tokens of the context."""
        return KsefTokens(self._channel)

    @property
    def permissions(self) -> Permissions:
        """What the one who logged in may do here."""
        return Permissions(self._channel)

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
        return self._channel.sealed(key, lambda encryption: self._order(filters, encryption))

    def export_status(self, reference: str) -> ExportStatus:
        """How far the export is; Gone after its 7 days. GET /invoices/exports/{referenceNumber}.

        Every answer has fresh links to the parts.
        """
        return self._channel.call(
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
        answer = self._channel.call(
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

        return self._channel.call(Group.INVOICE_METADATA, "POST /invoices/query/metadata", read)

    def rate_limits(self) -> dict[Group, Rates]:
        """The limits that hold now for this context. GET /rate-limits."""

        def read(client: KsefClient, token: str) -> dict[str, Any]:
            return client.rate_limits.get_rate_limits(token).to_dict()

        told = self._channel.call(Group.OTHER, "GET /rate-limits", read)
        return {group: told_rates(told[group]) for group in Group if group in told}

    def _order(self, filters: InvoiceQueryFilters, encryption: EncryptionInfo) -> str:
        request = InvoiceExportRequest(
            encryption=encryption, filters=filters, compression_type=CompressionType.ZIP
        )
        answer = self._channel.call(
            Group.INVOICE_EXPORT,
            "POST /invoices/exports",
            lambda client, token: client.invoices.export_invoices(request, access_token=token),
            success=201,
        )
        return str(answer.reference_number)


def _require_window(start: datetime, end: datetime | None) -> None:
    """WindowTooLong where the calendar days in UTC are more than KSeF takes."""
    last = (end or datetime.now(UTC)).astimezone(UTC).date()
    if last - start.astimezone(UTC).date() > LONGEST_WINDOW:
        raise WindowTooLong(days=LONGEST_WINDOW.days)
