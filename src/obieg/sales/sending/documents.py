"""The frozen bytes of documents, for sending: one, some, or those of a batch in a stream."""

import logging
from collections.abc import Iterator

from django.db.models import F

from obieg.office.scope import ScopedQuerySet
from obieg.sales.errors import DocumentAltered, DocumentMissing
from obieg.sales.models import KsefSession, Sale, SaleXml
from obieg.sales.sending.errors import BytesLost
from obieg.sales.states import SaleState
from obieg.sales.storage import bytes_of

log = logging.getLogger(__name__)
AT_ONCE = 50  # rows from the server-side cursor; a document with attachments may have 3,000,000 B


def xml_of(sale: Sale) -> bytes:
    """The bytes that were frozen, or BytesLost."""
    row = _frozen(sale.client_id).filter(sale=sale).first()
    if row is None:
        raise BytesLost(number=str(sale), sale_id=sale.pk)
    return _content(row)


def xmls_of(client_id: int, sales: list[Sale]) -> dict[int, bytes]:
    """The same for some documents of a client, by id; those whose bytes were lost are not there."""
    found = {}
    for row in _frozen(client_id).filter(sale__in=sales):
        try:
            found[row.sale_id] = _content(row)
        except BytesLost:
            log.exception("the bytes of an accepted document are lost")
    return found


def documents_of(session: KsefSession) -> Iterator[tuple[str, bytes]]:
    """What `session` is to send, as file name and bytes, in the order of the ids; BytesLost."""
    rows = _frozen(session.client_id).filter(sale__session=session, sale__state=SaleState.SENDING)
    for row in rows.order_by("sale_id").iterator(chunk_size=AT_ONCE):
        yield file_name(row.sale_id), _content(row)


def file_name(sale_id: int) -> str:
    """The name of a document's file in a batch."""
    return f"{sale_id}.xml"


def sale_id_of(name: str) -> int | None:
    """The id in a name that `file_name` gave."""
    stem = name.removesuffix(".xml")
    return int(stem) if stem.isdecimal() else None


def _frozen(client_id: int) -> ScopedQuerySet[SaleXml]:
    rows = SaleXml.objects.of_client(client_id).filter(version=F("sale__version"))
    return rows.select_related("sale").only(
        "sale_id", "sale__number", "sha256", "content", "path", "version"
    )


def _content(row: SaleXml) -> bytes:
    try:
        return bytes_of(row)
    except (DocumentMissing, DocumentAltered) as error:
        raise BytesLost(number=str(row.sale), sale_id=row.sale_id) from error
