"""Addresses of the queue, the documents and their lists."""

from django.urls import URLPattern, path

from obieg.inbox.models import Direction
from obieg.posting.views import (
    books,
    bulk,
    chart,
    document,
    doubles,
    group,
    lists,
    outside,
    partners,
    queue,
    rules,
)

PURCHASES = {"direction": Direction.PURCHASE}
ACCOUNTS, DIMENSIONS, VEHICLES = ({"noun": noun} for noun in ("accounts", "dimensions", "vehicles"))

urlpatterns: list[URLPattern] = [
    path("kolejka/", queue.queue_page, name="queue"),
    path("kolejka/<int:dekret_id>/zatwierdz/", queue.approve, name="queue-approve"),
    path("kolejka/<int:dekret_id>/odrzuc/", queue.reject, name="queue-reject"),
    path("kolejka/<int:dekret_id>/cofnij/", queue.undo, name="queue-undo"),
    path("kolejka/<int:dekret_id>/podglad/", queue.preview, name="queue-preview"),
    path("kolejka/<int:dekret_id>/podziel/", queue.divide, name="queue-divide"),
    path("kolejka/<int:dekret_id>/plan/", queue.offers, name="queue-offers"),
    path("kolejka/<int:dekret_id>/historia/", queue.history, name="queue-history"),
    path("kolejka/<int:dekret_id>/uwaga/", queue.heeded, name="queue-heed"),
    path("kolejka/<int:dekret_id>/podobne/", group.alike, name="queue-alike"),
    path("kolejka/wiele/", bulk.look, name="queue-bulk"),
    path("kolejka/wiele/zatwierdz/", bulk.approve_all, name="queue-bulk-approve"),
    path("zakupy/", lists.documents, PURCHASES, name="purchases"),
    path("zakupy/arkusz/", lists.spreadsheet, PURCHASES, name="purchases-sheet"),
    path("dokumenty/", lists.documents, name="documents"),
    path("dokumenty/arkusz/", lists.spreadsheet, name="documents-sheet"),
    path("dokument/<int:invoice_id>/", document.document, name="documents-one"),
    path("rejestry/", books.overview, name="books"),
    path("rejestry/vat/", books.vat_registers, name="books-registers"),
    path("rejestry/dziennik/", books.journal, name="books-journal"),
    path("rejestry/obroty/", books.turnover, name="books-turnover"),
    path("rejestry/ksiega/", books.columns, name="books-columns"),
    path("rejestry/okresy/", books.periods, name="books-periods"),
    path("rejestry/okresy/<int:client_id>/zamknij/", books.period_close, name="books-close"),
    path("rejestry/okresy/<int:client_id>/otworz/", books.period_reopen, name="books-reopen"),
    path("rejestry/ustawienia/", books.office, name="books-office"),
    path("rejestry/duble/", doubles.double_list, name="books-doubles"),
    path("rejestry/duble/<int:link_id>/", doubles.double_answer, name="books-doubles-answer"),
    path("reguly/", rules.rule_list, name="books-rules"),
    path("reguly/nowa/", rules.rule_new, name="books-rules-new"),
    path("reguly/<int:rule_id>/", rules.rule_edit, name="books-rules-edit"),
    path("reguly/<int:rule_id>/usun/", rules.rule_delete, name="books-rules-delete"),
    path("reguly/przyjmij/<int:client_id>/", rules.offer_accept, name="books-rules-accept"),
    path("reguly/nie-proponuj/<int:client_id>/", rules.offer_dismiss, name="books-rules-dismiss"),
    path("klienci/<int:client_id>/historia/", partners.partner_list, name="clients-partners"),
    path("klienci/<int:client_id>/historia/jeden/", partners.partner, name="clients-partner"),
    path("klienci/<int:client_id>/spoza-ksef/", outside.entries, name="clients-outside"),
    path(
        "klienci/<int:client_id>/spoza-ksef/plik/", outside.take_in, name="clients-outside-import"
    ),
    path("spoza-ksef/<int:entry_id>/usun/", outside.delete, name="clients-outside-delete"),
    path("klienci/<int:client_id>/plan/", chart.rows, ACCOUNTS, name="clients-chart"),
    path("plan/konto/<int:row_id>/", chart.edit, ACCOUNTS, name="clients-chart-edit"),
    path("klienci/<int:client_id>/plan/kopia/", chart.copy, name="clients-chart-copy"),
    path("klienci/<int:client_id>/plan/plik/", chart.take_in, name="clients-chart-import"),
    path("klienci/<int:client_id>/plan/csv/", chart.export, name="clients-chart-export"),
    path("klienci/<int:client_id>/mpk/", chart.rows, DIMENSIONS, name="clients-dimensions"),
    path("plan/mpk/<int:row_id>/", chart.edit, DIMENSIONS, name="clients-dimensions-edit"),
    path("klienci/<int:client_id>/pojazdy/", chart.rows, VEHICLES, name="clients-vehicles"),
    path("plan/pojazd/<int:row_id>/", chart.edit, VEHICLES, name="clients-vehicles-edit"),
    path("klienci/<int:client_id>/rejestry/", chart.profile, name="clients-registers"),
]
