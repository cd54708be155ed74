"""Addresses of the clients' pages and of what came out of KSeF."""

from django.urls import URLPattern, path

from obieg.inbox import views

urlpatterns: list[URLPattern] = [
    path("klienci/", views.clients, name="clients"),
    path("klienci/kwarantanna/", views.quarantine, name="clients-quarantine"),
    path("kwarantanna/<int:file_id>/", views.quarantined_file, name="clients-quarantined-file"),
    path("klienci/<int:client_id>/", views.client_page, name="clients-page"),
    path(
        "klienci/<int:client_id>/synchronizuj/", views.synchronise_now, name="clients-synchronise"
    ),
    path("klienci/<int:client_id>/okres/", views.fetch_period, name="clients-period"),
    path("klienci/<int:client_id>/numer/", views.fetch_by_number, name="clients-number"),
    path("klienci/<int:client_id>/token/", views.token_add, name="clients-token"),
    path("klienci/<int:client_id>/certyfikat/", views.certificate_add, name="clients-certificate"),
    path(
        "klienci/<int:client_id>/odczytaj/",
        views.quarantine_retry,
        name="clients-quarantine-retry",
    ),
    path("dostep-biura/", views.office_access, name="office-access"),
    path("dokument/<int:invoice_id>/xml/", views.invoice_xml, name="documents-xml"),
]
