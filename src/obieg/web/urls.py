"""Addresses that belong to no room."""

from django.urls import URLPattern, path

from obieg.web import views

urlpatterns: list[URLPattern] = [
    path("health", views.health, name="health"),
]
