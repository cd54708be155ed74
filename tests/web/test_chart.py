"""The pages of a client's books and of rules, without JavaScript."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.office.models import Event
from obieg.posting.models import Account, Dekret, Dimension, Profile, Rule, Vehicle
from tests.web import offices
from tests.web.conftest import as_operator
from tests.web.offices import Office


def test_an_account_is_added_and_changed_and_the_trail_says_so(
    office: Office, anna: Visitor
) -> None:
    chart = reverse("clients-chart", args=[office.bor.pk])
    typed = {"number": "402-20", "name": "Usługi obce", "active": "on"}
    assert anna.post(chart, typed).status_code == 302
    again = anna.post(chart, typed)
    assert again.status_code == 422
    assert "Takie konto już jest" in again.content.decode()
    account = Account.objects.of_client(office.bor).get(number="402-20")
    edit = reverse("clients-chart-edit", args=[account.pk])
    anna.post(edit, {"number": "INNE", "name": "Obce", "ryczalt_rate": "8,5"})
    account.refresh_from_db(from_queryset=Account.objects.of_client(office.bor))
    assert (account.number, account.name, account.active) == ("402-20", "Obce", False)
    trail = Event.objects.of_client(office.bor).filter(thing="posting.account")
    assert [event.kind for event in trail] == ["create", "edit"]


def test_cost_centres_and_vehicles_are_kept_with_their_days(office: Office, anna: Visitor) -> None:
    dimensions = reverse("clients-dimensions", args=[office.bor.pk])
    typed = {"kind": "mpk", "code": "B1", "name": "Budowa", "valid_from": "2026-12-01"}
    wrong = anna.post(dimensions, {**typed, "valid_to": "2026-11-01"})
    assert "Koniec jest przed początkiem" in wrong.content.decode()
    assert anna.post(dimensions, {**typed, "valid_to": "2026-12-31"}).status_code == 302
    assert Dimension.objects.of_client(office.bor).get().valid_to is not None
    vehicles = reverse("clients-vehicles", args=[office.bor.pk])
    anna.post(vehicles, {"plate": "wa 12345", "vat_percent": "50"})
    assert Vehicle.objects.of_client(office.bor).get().plate == "WA12345"


def test_registers_are_one_a_line(office: Office, anna: Visitor) -> None:
    page = reverse("clients-registers", args=[office.bor.pk])
    form = anna.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    anna.post(page, {**typed, "registers": "ZAKUP\n\nSPRZEDAŻ \nZAKUP\nOSS"})
    profile = Profile.objects.of_client(office.bor).get()
    assert profile.registers == ["ZAKUP", "SPRZEDAŻ", "OSS"]


def test_a_file_is_looked_at_before_it_is_taken_in(office: Office, anna: Visitor) -> None:
    address = reverse("clients-chart-import", args=[office.bor.pk])
    content = b"konto;nazwa\n402-77;Nowe\n;Bez numeru\n"
    look = anna.post(address, {"file": SimpleUploadedFile("plan.csv", content)})
    text = look.content.decode()
    assert "brak numeru konta" in text
    assert "1 wiersz ma błąd" in text
    assert not Account.objects.of_client(office.bor).filter(number="402-77").exists()
    anna.post(address, {"text": look.context["text"], "confirmed": "1"})
    assert Account.objects.of_client(office.bor).filter(number="402-77").exists()


def test_a_file_that_is_no_chart_is_refused_in_polish(office: Office, anna: Visitor) -> None:
    address = reverse("clients-chart-import", args=[office.bor.pk])
    answer = anna.post(address, {"file": SimpleUploadedFile("x.csv", b"PK\x03\x04;\x00")})
    assert answer.status_code == 409
    assert "posting.chart_file_unreadable" in answer.content.decode()


def test_an_operator_cannot_write_the_offices_rule(office: Office, anna: Visitor) -> None:
    typed = {
        "name": "Wszędzie",
        "direction": "purchase",
        "text": "prąd",
        "account": "401-01",
        "deductible_percent": "100",
        "priority": "100",
        "save": "1",
    }
    assert anna.post(reverse("books-rules-new"), typed).status_code == 422
    foreign = anna.post(reverse("books-rules-new"), {**typed, "client": office.cis.pk})
    assert "nie jest do Ciebie przypisany" in foreign.content.decode()
    own = anna.post(reverse("books-rules-new"), {**typed, "client": office.bor.pk})
    assert own.status_code == 302
    assert as_operator(office.ewa).post(reverse("books-rules-new"), typed).status_code == 302
    assert Rule.objects.across_clients().filter(name="Wszędzie").count() == 2


def test_the_offices_rule_is_refused_to_who_serves_one_client(office: Office) -> None:
    rule = Rule.objects.across_clients().filter(client=None)[0]
    anna = as_operator(office.anna)
    refused = anna.post(reverse("books-rules-delete", args=[rule.pk]))
    assert refused.status_code == 409
    assert Rule.objects.across_clients().filter(pk=rule.pk).exists()


@pytest.mark.parametrize(("hours", "told"), [(25, True), (23, False)])
def test_what_nobody_classified_for_a_day_stands_first_today(
    office: Office, anna: Visitor, hours: int, told: bool
) -> None:
    waiting = offices.unknown_purchase(office.bor)
    since = timezone.now() - timedelta(hours=hours)
    Dekret.objects.of_client(office.bor).filter(pk=waiting.pk).update(queued_at=since)
    text = anna.get(reverse("today")).content.decode()
    assert ("1 dokument bez klasyfikacji ponad 24 godziny" in text) is told
    late = anna.get(reverse("queue"), {"kolejka": "reczna", "wiek": "24"})
    assert [row.pk for row in late.context["rows"]] == ([waiting.pk] if told else [])


def test_the_page_of_a_rule_tells_who_changed_what(office: Office, anna: Visitor) -> None:
    rule = offices.own_rule(office.bor, office.anna)
    page = reverse("books-rules-edit", args=[rule.pk])
    form = anna.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in typed.items() if value not in (None, "")}
    saved = anna.post(page, {**kept, "amount_from": "10,50", "save": "1"})
    assert saved.status_code == 302
    text = anna.get(page).content.decode()
    assert "kwota netto od na „10.50”" in text
    assert text.index("Zmieniono") < text.index("Utworzono")
