"""Addresses of mail."""

from django.urls import URLPattern, path

from obieg.mail import views

urlpatterns: list[URLPattern] = [
    path("poczta/", views.letters, name="mail-letters"),
    path("poczta/serwer/", views.server, name="mail-server"),
    path("poczta/proba/", views.trial, name="mail-trial"),
    path("poczta/<int:letter_id>/ponow/", views.again, name="mail-again"),
]
