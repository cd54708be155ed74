"""Addresses of taking sales in from files."""

from django.urls import URLPattern, path

from obieg.sales.importing import views

urlpatterns: list[URLPattern] = [
    path("sprzedaz/wczytaj/", views.import_files, name="sales-import"),
    path("sprzedaz/wzor.csv", views.template, {"kind": "csv"}, name="sales-import-template-csv"),
    path("sprzedaz/wzor.xlsx", views.template, {"kind": "xlsx"}, name="sales-import-template-xlsx"),
]
