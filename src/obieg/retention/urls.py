"""Addresses of personal data."""

from django.urls import URLPattern, path

from obieg.retention.views import client, office

ALL = "dane-osobowe"
CLIENT = "klienci/<int:client_id>/dane-osobowe"

urlpatterns: list[URLPattern] = [
    path(f"{ALL}/", office.periods_table, name="retention"),
    path(f"{ALL}/okresy/", office.periods, name="retention-periods"),
    path(f"{ALL}/osoba/", office.person, name="retention-person"),
    path(f"{ALL}/osoba/plik.csv", office.person_sheet, name="retention-person-sheet"),
    path(f"{ALL}/operatorzy/<int:operator_id>/", office.forget, name="retention-forget"),
    path(f"{ALL}/pliki/<int:handover_id>/", client.file, name="retention-file"),
    path(f"{ALL}/usuniecia/<int:erasure_id>/", client.protocol, name="retention-protocol"),
    path(f"{CLIENT}/", client.data, name="retention-client"),
    path(f"{CLIENT}/wydaj/", client.hand_over, name="retention-hand-over"),
    path(f"{CLIENT}/wstrzymaj/", client.hold, name="retention-hold"),
    path(f"{CLIENT}/usun/", client.erase, name="retention-erase"),
]
