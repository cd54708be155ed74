"""Addresses of logging in."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from obieg.logins.views import entry, office, own

OPERATOR = "operatorzy/<int:operator_id>"

urlpatterns: list[URLPattern] = [
    path("logowanie/", entry.Login.as_view(), name="login"),
    path("logowanie/kod/", entry.code, name="login-code"),
    path("wyloguj/", LogoutView.as_view(), name="logout"),
    path("potwierdz/", entry.confirm, name="login-confirm"),
    path("haslo/", entry.Password.as_view(), name="password"),
    path("drugi-skladnik/", own.second_factor, name="second-factor"),
    path("drugi-skladnik/kody/", own.second_factor_codes, name="second-factor-codes"),
    path("drugi-skladnik/telefon/", own.second_factor_move, name="second-factor-move"),
    path("sesje/", own.browsers, name="sessions"),
    path("sesje/<int:browser_id>/zakoncz/", own.browser_end, name="sessions-end"),
    path("operatorzy/blokady/", office.waits, name="operators-waits"),
    path("operatorzy/blokady/<int:tries_id>/", office.unlock, name="operators-unlock"),
    path("operatorzy/sesje/<int:browser_id>/", office.session_end, name="operators-session-end"),
    path(f"{OPERATOR}/logowania/", office.operator_logins, name="operators-logins"),
    path(f"{OPERATOR}/telefon/", office.second_factor_off, name="operators-second-factor-off"),
]
