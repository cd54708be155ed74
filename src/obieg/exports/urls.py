"""Addresses of the exports."""

from django.urls import URLPattern, path

from obieg.exports import views

urlpatterns: list[URLPattern] = [
    path("eksport/", views.exports, name="exports"),
    path("eksport/wykonaj/", views.export_make, name="exports-make"),
    path("eksport/<int:export_id>/plik/", views.export_file, name="exports-file"),
]
