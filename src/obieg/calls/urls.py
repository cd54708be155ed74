"""Addresses of what is done with credentials in KSeF."""

from django.urls import URLPattern, path

from obieg.calls import views, views_ending, views_review

CLIENT = "klienci/<int:client_id>/poswiadczenia"
END = "klienci/<int:client_id>/koniec-wspolpracy"

urlpatterns: list[URLPattern] = [
    path("poswiadczenia/", views.plan, name="credentials-plan"),
    path("poswiadczenia/przejdz/", views.move_all, name="credentials-move-all"),
    path("poswiadczenia/lista.xlsx", views.sheet, name="credentials-sheet"),
    path("poswiadczenia/przeglad/", views_review.review, name="credentials-review"),
    path("poswiadczenia/przeglad.pdf", views_review.review_file, name="credentials-review-file"),
    path(
        "poswiadczenia/przeglad/potwierdz/",
        views_review.review_confirm,
        name="credentials-review-confirm",
    ),
    path(
        "poswiadczenia/<int:credential_id>/zniszcz/",
        views_ending.retire_one,
        name="credentials-retire",
    ),
    path(f"{CLIENT}/", views.credentials, name="clients-credentials"),
    path(f"{CLIENT}/proba/", views.try_now, name="clients-credentials-try"),
    path(f"{CLIENT}/przejdz/", views.move, name="clients-credentials-move"),
    path(f"{CLIENT}/zamow/", views.enrol, name="clients-credentials-enrol"),
    path(f"{CLIENT}/zadanie.xml", views.to_sign, name="clients-credentials-request"),
    path(f"{CLIENT}/podpisane/", views.signed, name="clients-credentials-signed"),
    path(f"{END}/", views_ending.ending, name="clients-ending"),
    path(f"{END}/protokol/", views_ending.protocol, name="clients-ending-protocol"),
]
