"""Addresses of sales."""

from django.urls import URLPattern, path

from obieg.sales.views import (
    actions,
    buyers,
    contractors,
    corrections,
    document,
    environment,
    files,
    form,
    keeping,
    lists,
    selected,
    seller,
    sessions,
)

CLIENT = "klienci/<int:client_id>"
SALE = "sprzedaz/<int:sale_id>"

urlpatterns: list[URLPattern] = [
    path("sprzedaz/", lists.sales, name="sales"),
    path("sprzedaz/arkusz/", lists.spreadsheet, name="sales-sheet"),
    path("sprzedaz/zaznaczone/", selected.selected, name="sales-selected"),
    path("sprzedaz/nowa/", form.new, name="sales-new"),
    path(f"{SALE}/", document.document, name="sales-one"),
    path(f"{SALE}/edycja/", form.edit, name="sales-edit"),
    path(f"{SALE}/szkic/", keeping.keep, name="sales-keep"),
    path(f"{SALE}/wystaw/", actions.issue, name="sales-issue"),
    path(f"{SALE}/wyslij/", actions.send_one, name="sales-send"),
    path(f"{SALE}/cofnij/", actions.reopen, name="sales-reopen"),
    path(f"{SALE}/anuluj/", actions.cancel, name="sales-cancel"),
    path(f"{SALE}/usun/", actions.delete, name="sales-delete"),
    path(f"{SALE}/kopia/", actions.copy, name="sales-copy"),
    path(f"{SALE}/pobierz-upo/", actions.fetch, name="sales-fetch"),
    path(f"{SALE}/numer-ksef/", actions.elsewhere, name="sales-elsewhere"),
    path(f"{SALE}/popraw/", corrections.correct, name="sales-correct"),
    path(f"{SALE}/pdf/", files.sale_pdf, name="sales-pdf"),
    path(f"{SALE}/xml/", files.sale_xml, name="sales-xml"),
    path("sprzedaz/upo/<int:upo_id>/", files.upo_file, name="sales-upo"),
    path("sprzedaz/ksef/<int:invoice_id>/popraw/", corrections.received, name="sales-received"),
    path("dokument/<int:invoice_id>/pdf/", files.invoice_pdf, name="documents-pdf"),
    path("sprzedaz/sesje/", sessions.sessions, name="sales-sessions"),
    path("sprzedaz/sesje/<int:session_id>/", sessions.session, name="sales-session"),
    path("sprzedaz/sesje/<int:session_id>/zamknij/", sessions.close, name="sales-session-close"),
    path("sprzedaz/sesje/<int:session_id>/upo/", sessions.fetch, name="sales-session-fetch"),
    path("sprzedaz/sesje/<int:session_id>/oddaj/", sessions.give_back, name="sales-session-free"),
    path(f"{CLIENT}/sprzedaz/", seller.settings, name="clients-sales"),
    path(f"{CLIENT}/sprzedaz/logo/", seller.logo, name="clients-sales-logo"),
    path(f"{CLIENT}/sprzedaz/wysylka/", seller.policies, name="clients-sales-policies"),
    path(f"{CLIENT}/sprzedaz/rachunki/", seller.account, name="clients-sales-account"),
    path(
        "klienci/rachunki/<int:account_id>/usun/",
        seller.account_remove,
        name="clients-sales-account-remove",
    ),
    path(f"{CLIENT}/sprzedaz/serie/", seller.series, name="clients-sales-series"),
    path(
        "klienci/serie/<int:series_id>/",
        seller.series_edit,
        name="clients-sales-series-edit",
    ),
    path(f"{CLIENT}/sprzedaz/sumy/", form.live_totals, name="sales-totals"),
    path(f"{CLIENT}/sprzedaz/szkic/", keeping.keep_new, name="sales-keep-new"),
    path(f"{CLIENT}/sprzedaz/nabywcy/", buyers.suggestions, name="sales-buyers"),
    path("sprzedaz/nabywcy/<int:contractor_id>/", buyers.fill, name="sales-buyer"),
    path(f"{CLIENT}/kontrahenci/", contractors.contractors, name="clients-contractors"),
    path(f"{CLIENT}/kontrahenci/nowy/", contractors.contractor_add, name="clients-contractors-add"),
    path(
        "kontrahenci/<int:contractor_id>/",
        contractors.contractor_edit,
        name="clients-contractors-edit",
    ),
    path(
        "kontrahenci/<int:contractor_id>/usun/",
        contractors.remove,
        name="clients-contractors-remove",
    ),
    path(f"{CLIENT}/srodowisko/", environment.environment, name="clients-environment"),
]
