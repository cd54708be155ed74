"""Addresses of the audit."""

from django.urls import URLPattern, path

from obieg.audit import views

urlpatterns: list[URLPattern] = [
    path("slad/", views.entries, name="audit"),
    path("slad/plik.csv", views.sheet, name="audit-sheet"),
]
