"""Addresses of the API: they know keys, not the login of a browser."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from obieg.sales.api import views
from obieg.sales.api.endpoints import api

routes = api.urls
for route in routes[0]:
    if isinstance(route, URLPattern):
        login_not_required(route.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", routes),
    path("sprzedaz/api/", views.keys, name="sales-api-keys"),
    path("sprzedaz/api/<int:key_id>/uniewaznij/", views.revoke, name="sales-api-keys-revoke"),
]
