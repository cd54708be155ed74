"""What a draft is about to be: its record and its bytes."""

from dataclasses import dataclass
from datetime import date, datetime

from obieg.fa.build import build
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.sales.compose import compose
from obieg.sales.content import SaleContent
from obieg.sales.models import Sale
from obieg.sales.originals import resolved
from obieg.sales.sellers import footer_of, seller_of
from obieg.sales.storage import xml_of
from obieg.sales.units import issuing_unit

UNKNOWN_NUMBER = "–"  # stands in a preview for a number that nobody knows yet


@dataclass(frozen=True, slots=True)
class Paper:
    """The document of a draft; `content` is None where it was given as XML."""

    invoice: Invoice
    xml: bytes
    content: SaleContent | None


def said_by(sale: Sale) -> SaleContent | None:
    """The content of a draft; None where it is XML."""
    return None if sale.content is None else SaleContent.model_validate(sale.content)


def paper_of(
    sale: Sale, content: SaleContent | None, *, number: str, now: datetime, day: date, strict: bool
) -> Paper:
    """The document as it would be issued on `day` under `number`; an XML stays as it is.

    Raises UnwritableText, OriginalMissing, and with `strict` OriginalNotAccepted.
    """
    if content is None:
        xml = xml_of(sale)
        return Paper(parse(xml), xml, None)
    full = resolved(content, sale.client, strict=strict)
    invoice = compose(
        full,
        seller=seller_of(sale.client),
        number=number,
        issue_date=issue_day(sale, full, day),
        created_at=now,
        footer=footer_of(sale.client),
        unit=issuing_unit(sale.client),
    )
    return Paper(invoice, build(invoice), full)


def issue_day(sale: Sale, content: SaleContent, day: date) -> date:
    """P_1: as the draft says, else `day`; a technical correction keeps the day it was issued on."""
    kept = sale.issue_date if sale.offline_mode else None
    return content.issue_date or kept or day
