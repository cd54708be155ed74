"""Addresses of what is done with credentials in KSeF."""

from django.urls import URLPattern, path

from obieg.calls import views, views_ending, views_renewal, views_review
from obieg.calls.own import views as views_own
from obieg.calls.tokens import views as views_tokens

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
    path(
        "poswiadczenia/uniewaznienia/<int:revocation_id>/",
        views_ending.revoke_again,
        name="credentials-revoke",
    ),
    path("poswiadczenia/odnawianie/", views_renewal.renewal, name="credentials-renewal"),
    path(
        "poswiadczenia/odnawianie/ustaw/",
        views_renewal.renewal_settings,
        name="credentials-renewal-settings",
    ),
    path(
        "poswiadczenia/<int:credential_id>/odnow/",
        views_renewal.renew_one,
        name="credentials-renew",
    ),
    path("moje-poswiadczenia/", views_own.own, name="own-credentials"),
    path("moje-poswiadczenia/token/", views_own.token_add, name="own-credentials-token"),
    path(
        "moje-poswiadczenia/certyfikat/",
        views_own.certificate_add,
        name="own-credentials-certificate",
    ),
    path(
        "moje-poswiadczenia/<int:credential_id>/zniszcz/",
        views_own.retire,
        name="own-credentials-retire",
    ),
    path(f"{CLIENT}/", views.credentials, name="clients-credentials"),
    path(f"{CLIENT}/wybor/", views.choose_way, name="clients-credentials-choice"),
    path(f"{CLIENT}/tokeny/", views_tokens.tokens, name="clients-tokens"),
    path(f"{CLIENT}/tokeny/nowy/", views_tokens.generate, name="clients-tokens-generate"),
    path(f"{CLIENT}/tokeny/lista/", views_tokens.read, name="clients-tokens-read"),
    path(f"{CLIENT}/tokeny/uniewaznij/", views_tokens.revoke, name="clients-tokens-revoke"),
    path(
        "poswiadczenia/tokeny/<int:request_id>/sprawdz/",
        views_tokens.search,
        name="clients-tokens-search",
    ),
    path(f"{CLIENT}/proba/", views.try_now, name="clients-credentials-try"),
    path(f"{CLIENT}/przejdz/", views.move, name="clients-credentials-move"),
    path(f"{CLIENT}/zamow/", views.enrol, name="clients-credentials-enrol"),
    path(f"{CLIENT}/zadanie.xml", views.to_sign, name="clients-credentials-request"),
    path(f"{CLIENT}/podpisane/", views.signed, name="clients-credentials-signed"),
    path(f"{END}/", views_ending.ending, name="clients-ending"),
    path(f"{END}/postep/", views_ending.progress, name="clients-ending-progress"),
    path(f"{END}/ponow/", views_ending.repeat, name="clients-ending-repeat"),
    path(f"{END}/protokol/", views_ending.protocol, name="clients-ending-protocol"),
    path(f"{END}/protokol.pdf", views_ending.protocol_file, name="clients-ending-protocol-file"),
]
