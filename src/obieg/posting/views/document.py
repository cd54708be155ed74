"""One document: its KSeF card, its view, its dekret with the trail."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from obieg.fa.render import to_html
from obieg.fa.view import view
from obieg.inbox.models import Invoice
from obieg.inbox.queries import xml_of
from obieg.office.request import OperatorRequest
from obieg.posting.desk import Desk
from obieg.posting.models import Dekret


def document(request: OperatorRequest, invoice_id: int) -> HttpResponse:
    """Three panes; one that is not posted (a third party's) has no dekret."""
    rows = Invoice.objects.visible_to(request.user).select_related("client", "package")
    invoice = get_object_or_404(rows, pk=invoice_id)
    dekret = (
        Dekret.objects.of_client(invoice.client_id)
        .select_related("invoice", "client__posting_profile", "decided_by")
        .filter(invoice=invoice)
        .first()
    )
    desk = Desk.of(dekret) if dekret else None
    seen = desk.invoice_html if desk else to_html(view(xml_of(invoice)))
    facts = {"invoice": invoice, "desk": desk, "invoice_html": seen, "query": ""}
    return render(request, "posting/document.html", facts)
