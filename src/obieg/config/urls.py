"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("obieg.web.urls")),
    path("", include("obieg.logins.urls")),
    path("", include("obieg.office.urls")),
    path("", include("obieg.inbox.urls")),
    path("", include("obieg.posting.urls")),
    path("", include("obieg.sales.urls")),
    path("", include("obieg.sales.offline.urls")),
    path("", include("obieg.exports.urls")),
    path("", include("obieg.sales.importing.urls")),
    path("", include("obieg.sales.api.urls")),
    path("", include("obieg.vault.urls")),
    path("", include("obieg.calls.urls")),
    path("", include("obieg.calls.permissions.urls")),
    path("", include("obieg.mail.urls")),
    path("", include("obieg.audit.urls")),
    path("", include("obieg.watch.urls")),
    path("", include("obieg.retention.urls")),
]
