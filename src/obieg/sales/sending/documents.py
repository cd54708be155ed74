"""The frozen bytes of documents, for sending: one, or those of a batch in a stream."""

from collections.abc import Iterator

from django.db.models import F

from obieg.sales.models import KsefSession, Sale, SaleXml
from obieg.sales.sending.errors import BytesMissing
from obieg.sales.states import SaleState

AT_ONCE = 50  # rows from the server-side cursor; a document with attachments may have 3,000,000 B


def xml_of(sale: Sale) -> bytes:
    """The bytes that were frozen, or BytesMissing."""
    row = SaleXml.objects.of_client(sale.client_id).filter(sale=sale, version=sale.version).first()
    return _content(row, sale)


def xmls_of(sales: list[Sale]) -> dict[int, bytes]:
    """The same for some documents of one client, by id."""
    if not sales:
        return {}
    rows = SaleXml.objects.of_client(sales[0].client_id).filter(
        sale__in=sales, version=F("sale__version")
    )
    found = {row.sale_id: row for row in rows}
    return {sale.pk: _content(found.get(sale.pk), sale) for sale in sales}


def documents_of(session: KsefSession) -> Iterator[tuple[str, bytes]]:
    """What `session` is to send, as file name and bytes, in the order of the ids."""
    rows = SaleXml.objects.of_client(session.client_id).filter(
        sale__session=session, sale__state=SaleState.SENDING, version=F("sale__version")
    )
    for row in rows.select_related("sale").order_by("sale_id").iterator(chunk_size=AT_ONCE):
        yield file_name(row.sale_id), _content(row, row.sale)


def file_name(sale_id: int) -> str:
    """The name of a document's file in a batch."""
    return f"{sale_id}.xml"


def sale_id_of(name: str) -> int | None:
    """The id in a name that `file_name` gave."""
    stem = name.removesuffix(".xml")
    return int(stem) if stem.isdecimal() else None


def _content(row: SaleXml | None, sale: Sale) -> bytes:
    if row is None or row.content is None:
        raise BytesMissing(number=str(sale))
    return bytes(row.content)
