"""Pages: who may do what, a grant by button, a person by a form, the letter, the overview."""

from io import BytesIO

import pytest
from django.core import mail
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook

from ksef_emulator.testing import Emulator
from obieg.calls.permissions.carrying import carry
from obieg.calls.permissions.knowing import grants_of, strangers
from obieg.calls.permissions.models import Acquaintance, Change, OfficeFirm, Order, Reading
from obieg.calls.permissions.reading import read
from obieg.mail.models import Letter
from obieg.office.models import Client, Event, Operator
from obieg.vault.models import CredentialUse
from tests.calls.permissions.conftest import (
    CUSTOMER,
    OFFICE,
    a_client,
    elsewhere,
    in_ksef,
    keep_token,
    to_anna,
    to_office,
)
from tests.posting.factories import OperatorFactory
from tests.web.conftest import as_operator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ewa(transactional_db: None) -> Operator:
    operator: Operator = OperatorFactory(login="ewa", name="Ewa Wilk", owner=True)
    return operator


@pytest.fixture
def visitor(ewa: Operator) -> Visitor:
    return as_operator(ewa)


def at(name: str, *args: object) -> str:
    return reverse(name, args=args)


def text(visitor: Visitor, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_who_may_do_what_after_reading(
    client: Client, emulator: Emulator, visitor: Visitor, ewa: Operator
) -> None:
    page = at("clients-permissions", client.pk)
    assert "Jeszcze nie odczytano" in text(visitor, page)
    to_anna(emulator, "InvoiceWrite")
    to_office(emulator, "InvoiceRead", can_delegate=True)
    answer = visitor.post(at("clients-permissions-read", client.pk), follow=True)
    shown = answer.content.decode()
    assert "Anna Próbna" in shown
    assert "PESEL 85050512345" in shown
    assert "wystawianie faktur" in shown
    assert "z prawem przekazania" in shown
    assert "? nieznany" in shown, "nobody noted Anna"
    assert "NIP 999-000-00-29" in shown, "who granted it"
    assert CredentialUse.objects.of_client(client).filter(actor=ewa).exists()


def test_one_button_grants_the_office_what_it_lacks(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    to_office(emulator, "InvoiceRead")
    read(client)
    page = at("clients-permissions", client.pk)
    assert "Nadaj biuru brakujące" in text(visitor, page)
    answer = visitor.post(at("clients-permissions-office", client.pk))
    assert answer.status_code == 302
    order = Order.objects.of_client(client).get()
    assert (order.scopes, order.asked_by.login) == (["InvoiceWrite"], "ewa")
    assert "⟳ Zlecone" in text(visitor, page)
    assert ProcrastinateJob.objects.filter(queueing_lock=f"permission-order-{order.pk}").exists()
    carry(order.pk)
    read(client)
    shown = text(visitor, page)
    assert "✓ Wykonane" in shown
    assert "niczego nie brakuje" in shown
    assert in_ksef(emulator) == [(OFFICE, "InvoiceRead"), (OFFICE, "InvoiceWrite")]


def test_a_person_is_granted_by_the_form_and_taken_back(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    read(client)
    form = {
        "number": "850505 12347",
        "first_name": "Anna",
        "last_name": "Próbna",
        "scopes": ["InvoiceRead"],
        "description": "Księgowa klienta",
    }
    address = at("clients-permissions-grant", client.pk)
    wrong = visitor.post(address, {**form, "number": "85050512345"})
    assert wrong.status_code == 422
    assert "nie jest poprawny PESEL" in wrong.content.decode()
    assert visitor.post(address, form).status_code == 302
    carry(Order.objects.of_client(client).get().pk)
    read(client)
    [row] = grants_of(client)
    assert (row.holder_kind, row.holder_name) == ("Pesel", "Anna Próbna")
    assert "Anna Próbna" in text(visitor, at("permissions-revoke", row.pk))
    assert visitor.post(at("permissions-revoke", row.pk)).status_code == 302
    carry(Order.objects.of_client(client).get(act="revoke").pk)
    assert in_ksef(emulator) == []


def test_a_firm_and_who_invoices_in_the_clients_name(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    read(client)
    address = at("clients-permissions-grant", client.pk)
    firm = {"nip": "999-000-00-66", "name": "Nabywca sp. z o.o.", "description": "Umowa nr 7"}
    answer = visitor.post(f"{address}?komu=podmiot", {**firm, "scopes": ["InvoiceRead"]})
    assert answer.status_code == 302
    answer = visitor.post(f"{address}?komu=fakturujacy", {**firm, "scope": "SelfInvoicing"})
    assert answer.status_code == 302
    for order in Order.objects.of_client(client):
        carry(order.pk)
    read(client)
    found = {(row.family, row.holder_value, row.scope) for row in grants_of(client)}
    assert found == {
        ("person", CUSTOMER, "InvoiceRead"),
        ("authorization", CUSTOMER, "SelfInvoicing"),
    }


def test_where_nothing_may_be_granted_there_is_a_letter_with_what_to_do(
    emulator: Emulator, office: OfficeFirm, visitor: Visitor
) -> None:
    client = a_client()
    keep_token(client, emulator, "InvoiceRead")
    read(client)
    shown = text(visitor, at("clients-permissions", client.pk))
    assert "Prośba do klienta z instrukcją" in shown
    assert "Nadaj biuru brakujące" not in shown
    assert "tylko własne uprawnienia: przeglądanie faktur" in shown
    address = at("clients-permissions-letter", client.pk)
    form = visitor.get(address).context["form"]
    assert "NIP podmiotu: 999-000-00-43" in form["text"].value()
    assert "przeglądanie faktur i wystawianie faktur" in form["text"].value()
    letter = {name: form[name].value() for name in ("subject", "text")}
    assert visitor.post(address, {**letter, "recipients": "bez małpy"}).status_code == 422
    sent = {**letter, "recipients": "prezes@firma.example"}
    assert visitor.post(address, sent).status_code == 302
    assert Letter.objects.of_client(client).get().recipients == ["prezes@firma.example"]
    assert visitor.post(address, sent).status_code == 422, "the same was sent today"
    assert visitor.get(address).context["form"]["recipients"].value() == "prezes@firma.example"
    assert mail.outbox == [], "letters go through the office's own outbox"
    assert Event.objects.of_client(client).filter(kind="ask_client").exists()


def test_changes_made_elsewhere_are_shown_until_somebody_has_looked(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    read(client)
    to_anna(emulator, "InvoiceRead")
    read(client)
    page = at("clients-permissions", client.pk)
    assert "Zmiany poza Obiegiem" in text(visitor, page)
    [change] = Change.objects.of_client(client)
    visitor.post(at("clients-permissions-settle", client.pk), {"do": change.pk})
    assert "nadano poza Obiegiem" not in text(visitor, page)
    assert Event.objects.of_client(client).get(kind="settle").after == {"changes": [change.pk]}


def test_who_is_known_is_no_stranger_until_he_leaves(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    to_anna(emulator, "InvoiceRead")
    read(client)
    [row] = grants_of(client)
    visitor.post(at("permissions-acquaint", row.pk), {"wszedzie": "1"})
    assert strangers(client) == []
    known = Acquaintance.objects.across_clients().get()
    assert "Anna Próbna" in text(visitor, at("permissions-known"))
    day = timezone.localdate().isoformat()
    visitor.post(at("permissions-known-left", known.pk), {"left_on": day})
    assert "✕ nie pracuje od" in text(visitor, at("clients-permissions", client.pk))


def test_the_overview_finds_who_lacks_what_and_where_strangers_are(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    to_anna(emulator, "InvoiceRead")
    read(client)
    other = Client.objects.create(nip=CUSTOMER, name="Nietknięta", environment="emulator")
    Reading.objects.create(
        client=other, environment="emulator", read_at=timezone.now(), reach="own", held=[]
    )
    overview = at("permissions")
    assert "brakuje: przeglądanie faktur, wystawianie faktur" in text(visitor, overview)
    names = {
        key: [
            place.client.name for place in visitor.get(f"{overview}?pokaz={key}").context["shown"]
        ]
        for key in ("braki", "obcy", "biuro", "zmiany", "nieodczytane")
    }
    assert names == {
        "braki": ["Nietknięta"],
        "obcy": ["Próbna sp. z o.o."],
        "biuro": ["Próbna sp. z o.o."],
        "zmiany": [],
        "nieodczytane": [],
    }
    answer = visitor.post(at("permissions-read-all"), follow=True)
    assert "Zlecono: 2 odczyty" in answer.content.decode()


def test_the_sheet_lists_every_permission(
    client: Client, emulator: Emulator, visitor: Visitor
) -> None:
    to_anna(emulator, "InvoiceRead")
    elsewhere(
        emulator, "authorize", CUSTOMER, "SelfInvoicing", name="Nabywca", description="Umowa nr 7"
    )
    read(client)
    answer = visitor.get(at("permissions-sheet"))
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    heading, *rows = book.get_sheet_by_index(0).to_python()
    assert [(row[3], row[5], row[11]) for row in rows] == [
        ("Anna Próbna", "przeglądanie faktur", "nie"),
        ("Nabywca", "samofakturowanie", "nie"),
    ]
    assert heading[0] == "Klient"


def test_the_offices_nip_is_entered_once(visitor: Visitor, ewa: Operator) -> None:
    address = at("permissions-office")
    assert visitor.post(address, {"nip": "999", "name": "Biuro"}).status_code == 422
    form = {"nip": "999-000-00-43", "name": "Biuro próbne sp. z o.o."}
    assert visitor.post(address, form).status_code == 302
    firm = OfficeFirm.present()
    assert firm is not None
    assert firm.nip == OFFICE
    assert Event.objects.across_clients().filter(thing="permissions.office", actor=ewa).exists()
