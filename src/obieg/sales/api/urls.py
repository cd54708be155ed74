"""Addresses of the API: they know keys, not the login of a browser."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from obieg.sales.api import views
from obieg.sales.api.endpoints import api

patterns, app_name, namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        login_not_required(pattern.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", (patterns, app_name, namespace)),
    path("sprzedaz/api/", views.keys, name="sales-api-keys"),
    path("sprzedaz/api/<int:key_id>/uniewaznij/", views.revoke, name="sales-api-keys-revoke"),
]
