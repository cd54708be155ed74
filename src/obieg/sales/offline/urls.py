"""Addresses of the offline modes."""

from django.urls import URLPattern, path

from obieg.sales.offline import views

urlpatterns: list[URLPattern] = [
    path("sprzedaz/offline/", views.overview, name="sales-offline"),
    path("sprzedaz/offline/przerwy/", views.outage_add, name="sales-offline-outage"),
    path(
        "sprzedaz/offline/przerwy/<int:outage_id>/koniec/",
        views.outage_end,
        name="sales-offline-outage-end",
    ),
    path("sprzedaz/<int:sale_id>/offline/", views.mode, name="sales-offline-one"),
]
