"""What KSeF says about an invoice without showing it; its amounts are never used.

KSeF sends the amounts as binary numbers; money comes from the XML only.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from obieg.ksef.moments import parse_moment


@dataclass(frozen=True, slots=True)
class InvoiceMetadata:
    """One entry (KSeF API 2.9, InvoiceMetadata): aware moments in UTC, SHA-256 in Base64."""

    ksef_number: str
    invoice_number: str  # P_2
    invoice_type: str  # Vat, Kor, Zal, ...
    issue_date: date  # P_1
    invoicing_date: datetime  # accepted for processing
    acquisition_date: datetime  # the KSeF number was given: the date of receipt
    permanent_storage_date: datetime
    invoice_hash: str
    seller_nip: str
    buyer_nip: str | None  # where the buyer is named by a NIP
    has_attachment: bool

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Self:
        """The entry as KSeF writes it; KeyError, TypeError or ValueError where it is malformed."""
        buyer = entry["buyer"]["identifier"]
        return cls(
            ksef_number=entry["ksefNumber"],
            invoice_number=entry["invoiceNumber"],
            invoice_type=entry["invoiceType"],
            issue_date=date.fromisoformat(entry["issueDate"][:10]),
            invoicing_date=parse_moment(entry["invoicingDate"]),
            acquisition_date=parse_moment(entry["acquisitionDate"]),
            permanent_storage_date=parse_moment(entry["permanentStorageDate"]),
            invoice_hash=entry["invoiceHash"],
            seller_nip=entry["seller"]["nip"],
            buyer_nip=buyer.get("value") if buyer["type"] == "Nip" else None,
            has_attachment=bool(entry.get("hasAttachment", False)),
        )


@dataclass(frozen=True, slots=True)
class MetadataPage:
    """A page of a query; with `is_truncated` the query goes on from its last date, page 0."""

    entries: tuple[InvoiceMetadata, ...]
    has_more: bool
    is_truncated: bool
    permanent_storage_hwm_date: datetime | None
