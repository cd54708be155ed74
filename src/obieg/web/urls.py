"""Addresses that belong to no single room."""

from django.urls import URLPattern, path

from obieg.web import views

urlpatterns: list[URLPattern] = [
    path("", views.today_page, name="today"),
    path("health", views.health, name="health"),
    path("wyglad/", views.theme, name="theme"),
    path("pokaz/", views.demo_loading, name="demo-loading"),
    path("klienci/nowy/", views.client_add, name="clients-add"),
]
