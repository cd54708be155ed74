"""Addresses of the office: login, operators, the client's data."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from obieg.office import views

urlpatterns: list[URLPattern] = [
    path("logowanie/", views.Login.as_view(), name="login"),
    path("wyloguj/", LogoutView.as_view(), name="logout"),
    path("haslo/", views.Password.as_view(), name="password"),
    path("operatorzy/", views.operators, name="operators"),
    path("operatorzy/nowy/", views.operator_add, name="operators-add"),
    path("operatorzy/<int:operator_id>/", views.operator_edit, name="operators-edit"),
    path("klienci/<int:client_id>/dane/", views.client_edit, name="clients-edit"),
]
