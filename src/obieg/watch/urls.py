"""Addresses of the watch."""

from django.urls import URLPattern, path

from obieg.watch import views

urlpatterns: list[URLPattern] = [
    path("nadzor/", views.overview, name="watch"),
    path("nadzor/przyjmij/", views.acknowledge_alerts, name="watch-acknowledge"),
    path("nadzor/alerty/", views.alerts, name="watch-alerts"),
    path("nadzor/kompletnosc/", views.completeness, name="watch-completeness"),
    path("nadzor/kompletnosc/<int:client_id>/porownaj/", views.compare, name="watch-compare"),
    path("nadzor/ustawienia/", views.settings, name="watch-settings"),
    path("metrics", views.metrics, name="watch-metrics"),
]
