"""Addresses of credentials."""

from django.urls import URLPattern, path

from obieg.vault import views

OFFLINE = "klienci/<int:client_id>/certyfikat-offline"

urlpatterns: list[URLPattern] = [
    path(f"{OFFLINE}/", views.offline, name="clients-offline"),
    path(f"{OFFLINE}/zamow/", views.offline_enrol, name="clients-offline-enrol"),
    path(f"{OFFLINE}/plik/", views.offline_file, name="clients-offline-file"),
]
