"""Addresses of the queue, the documents and their lists."""

from django.urls import URLPattern, path

from obieg.inbox.models import Direction
from obieg.posting.views import bulk, document, lists, queue

PURCHASES = {"direction": Direction.PURCHASE}
SALES = {"direction": Direction.SALE}

urlpatterns: list[URLPattern] = [
    path("kolejka/", queue.queue_page, name="queue"),
    path("kolejka/<int:dekret_id>/zatwierdz/", queue.approve, name="queue-approve"),
    path("kolejka/<int:dekret_id>/odrzuc/", queue.reject, name="queue-reject"),
    path("kolejka/<int:dekret_id>/cofnij/", queue.undo, name="queue-undo"),
    path("kolejka/<int:dekret_id>/podglad/", queue.preview, name="queue-preview"),
    path("kolejka/<int:dekret_id>/podziel/", queue.divide, name="queue-divide"),
    path("kolejka/<int:dekret_id>/plan/", queue.offers, name="queue-offers"),
    path("kolejka/<int:dekret_id>/historia/", queue.history, name="queue-history"),
    path("kolejka/wiele/", bulk.look, name="queue-bulk"),
    path("kolejka/wiele/zatwierdz/", bulk.approve_all, name="queue-bulk-approve"),
    path("zakupy/", lists.documents, PURCHASES, name="purchases"),
    path("zakupy/arkusz/", lists.spreadsheet, PURCHASES, name="purchases-sheet"),
    path("sprzedaz/", lists.documents, SALES, name="sales"),
    path("sprzedaz/arkusz/", lists.spreadsheet, SALES, name="sales-sheet"),
    path("dokumenty/", lists.documents, name="documents"),
    path("dokumenty/arkusz/", lists.spreadsheet, name="documents-sheet"),
    path("dokument/<int:invoice_id>/", document.document, name="documents-one"),
]
