"""Addresses of permissions in KSeF."""

from django.urls import URLPattern, path

from obieg.calls.permissions import views, views_office, views_orders

CLIENT = "klienci/<int:client_id>/uprawnienia"

urlpatterns: list[URLPattern] = [
    path("uprawnienia/", views_office.overview, name="permissions"),
    path("uprawnienia/odczytaj/", views_office.read_all, name="permissions-read-all"),
    path("uprawnienia/lista.xlsx", views_office.sheet, name="permissions-sheet"),
    path("uprawnienia/biuro/", views_office.office, name="permissions-office"),
    path("uprawnienia/znani/", views_office.known, name="permissions-known"),
    path(
        "uprawnienia/znani/<int:known_id>/odszedl/",
        views_office.left,
        name="permissions-known-left",
    ),
    path("uprawnienia/<int:grant_id>/znam/", views.know, name="permissions-acquaint"),
    path("uprawnienia/<int:grant_id>/odbierz/", views_orders.revoke, name="permissions-revoke"),
    path(f"{CLIENT}/", views.permissions, name="clients-permissions"),
    path(f"{CLIENT}/odczytaj/", views.read_now, name="clients-permissions-read"),
    path(f"{CLIENT}/potrzeby/", views.set_needs, name="clients-permissions-needs"),
    path(f"{CLIENT}/przejrzane/", views.settle, name="clients-permissions-settle"),
    path(f"{CLIENT}/prosba/", views.write, name="clients-permissions-letter"),
    path(f"{CLIENT}/biuro/", views_orders.grant_office, name="clients-permissions-office"),
    path(f"{CLIENT}/nadaj/", views_orders.grant, name="clients-permissions-grant"),
]
