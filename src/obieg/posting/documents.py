"""The stored bytes of documents, read again."""

from collections.abc import Iterable

from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.inbox.models import InvoiceXml
from obieg.posting.models import Dekret
from obieg.posting.proposing import case_of
from obieg.posting.suggestion import Case


def cases_of(dekrets: Iterable[Dekret]) -> dict[int, Case]:
    """The case of each dekret, by the dekret's id; one query."""
    known = {dekret.invoice_id: dekret for dekret in dekrets}
    stored = InvoiceXml.objects.across_clients().filter(pk__in=known)
    return {
        dekret.pk: case_of(dekret.client_id, dekret.direction, parse(bytes(xml)))
        for invoice_id, xml in stored.values_list("invoice_id", "xml")
        for dekret in [known[invoice_id]]
    }


def invoice_of(dekret: Dekret) -> Invoice:
    """The document of a dekret, parsed."""
    return cases_of([dekret])[dekret.pk].invoice
