"""Addresses of the office: operators, absence, the client's data."""

from django.urls import URLPattern, path

from obieg.office import views, views_branches

urlpatterns: list[URLPattern] = [
    path("operatorzy/", views.operators, name="operators"),
    path("operatorzy/nowy/", views.operator_add, name="operators-add"),
    path("operatorzy/<int:operator_id>/", views.operator_edit, name="operators-edit"),
    path("operatorzy/zastepstwa/", views.cover_list, name="operators-covers"),
    path("operatorzy/zastepstwa/<int:cover_id>/", views.cover_end, name="operators-cover-end"),
    path("klienci/<int:client_id>/dane/", views.client_edit, name="clients-edit"),
    path(
        "klienci/<int:client_id>/oddzialy/nowy/", views_branches.branch_add, name="clients-branch"
    ),
    path("klienci/<int:client_id>/nip/", views_branches.identity, name="clients-identity"),
]
