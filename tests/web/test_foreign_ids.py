"""Bodies that name another client's things change nothing of his, and tell nothing of him."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client as Visitor
from django.urls import reverse

from obieg.office.models import Client, Cover, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models import Account, Rule
from obieg.sales.models import ApiToken, Sale
from obieg.watch.models import Alert
from tests.posting.factories import OperatorFactory
from tests.sales.factories import a_content, a_contractor, a_sale
from tests.vault.firms import keep_offline
from tests.web import offices
from tests.web.conftest import as_operator
from tests.web.offices import Office
from tests.web.test_access import TABLE

# kept of everybody's calls and acts: a refused act may be written there
TRAILS = {"office.event", "calls.ksefcall", "vault.credentialuse"}
SILENT = {"logout", "password", "sessions-end"}  # they end the session that asks


@pytest.fixture
def zofia(office: Office) -> Operator:
    """May do everything, at Cis alone."""
    operator: Operator = OperatorFactory(
        login="z-cisu", name="Zofia z Cisu", role="owner", serving=[office.cis]
    )
    return operator


@pytest.fixture
def visitor(zofia: Operator) -> Visitor:
    return as_operator(zofia)


def held_by(client: Client) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the client, of every table that knows whose its rows are."""
    found = {}
    for model in apps.get_models():
        rows = model._default_manager.all()
        if isinstance(rows, ScopedQuerySet) and model._meta.label_lower not in TRAILS:
            names = [field.attname for field in model._meta.concrete_fields]
            own = rows.of_client(client) if model is not Client else rows.across_clients()
            if model is Client:
                own = own.filter(pk=client.pk)
            found[model._meta.label] = sorted(own.values_list(*names), key=repr)
    return found


def things_of(office: Office) -> dict[str, Any]:
    """Fields as the product's forms name them, each with what is Bór's."""
    bor = office.bor
    dekret = offices.unknown_purchase(bor)
    draft = a_sale("draft", client=bor)
    account = Account.objects.of_client(bor).first()
    credential = keep_offline(bor, environment=bor.environment)
    alert = Alert.objects.create(
        client=bor, key="x", code="jobs.worker", severity="stop", text="x", url="/"
    )
    whose = dict.fromkeys(("client", "klient", "source", "served", "head", "branch_of"), bor.pk)
    what = {
        "dekret": dekret.pk,
        "shown": dekret.pk,
        "document": dekret.pk,
        "invoice": dekret.invoice_id,
        "sale": draft.pk,
        "alert": alert.pk,
        "credential": credential.pk,
        "chosen_credential": credential.pk,
        "contractor": a_contractor(bor).pk,
        "kontrahent": a_contractor(bor).pk,
        "operator": office.anna.pk,
        "absent": office.anna.pk,
        "covering": office.anna.pk,
        "chosen": [f"s{draft.pk}", f"o{draft.pk}", f"r{dekret.invoice_id}"],
        "account": account.pk if account else 1,
        "key": str(dekret.pk),
        "act": "delete",
        "next": f"/klienci/{bor.pk}/",
    }
    return whose | what


@pytest.mark.slow
def test_no_address_takes_a_foreign_thing_from_a_body(office: Office, visitor: Visitor) -> None:
    office.bor.name = "Tajny Klient"
    office.bor.save()
    offices.sure_purchases(office.bor, 1)
    if not Account.objects.of_client(office.cis).filter(number="401-05").exists():
        Account.objects.create(client=office.cis, number="401-05", name="Paliwo")  # of a rule
    body = things_of(office)
    swapped = replace(office, bor=office.cis, cis=office.bor, anna=office.zofia, zofia=office.anna)
    before = held_by(office.bor)
    asked = 0
    for name, rule in TABLE.items():
        if name in SILENT:
            continue
        with transaction.atomic():
            args = [rule.key(swapped)] if rule.key else []
            answer = visitor.post(reverse(name.partition(" ")[0], args=args), body)
            text = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code < 500, name
            assert "Tajny Klient" not in text.decode(errors="replace"), name
            assert held_by(office.bor) == before, name
            transaction.set_rollback(True)
        asked += 1
    assert asked > 150


# address, the own thing that it is of, and a body that is right but for whose the things are
BODIES: dict[str, tuple[Callable[[Office], list[int]], Callable[[Office], dict[str, Any]]]] = {
    "exports-make": (lambda _: [], lambda o: {"client": o.bor.pk, "period": "2026-11"}),
    "clients-chart-copy": (lambda o: [o.cis.pk], lambda o: {"source": o.bor.pk}),
    "sales-api-keys": (lambda _: [], lambda o: {"name": "sklep", "client": o.bor.pk}),
    "books-rules-new": (
        lambda _: [],
        lambda o: {"client": o.bor.pk, "direction": "purchase", "name": "x", "account": "402"},
    ),
    "sales-import": (
        lambda _: [],
        lambda o: {"client": o.bor.pk, "uploads": SimpleUploadedFile("a.xml", b"<a/>")},
    ),
    "operators-add": (
        lambda _: [],
        lambda o: {
            "login": "nowy",
            "name": "Nowy Nowak",
            "role": "accountant",
            "is_active": "on",
            "password_typed": "zupełnie nowe hasło 7",
            "served": [o.bor.pk],
        },
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_form_that_is_right_but_for_the_client_is_refused(
    name: str, office: Office, visitor: Visitor
) -> None:
    key, body = BODIES[name]
    Account.objects.create(client=office.bor, number="999-1", name="Z Boru")
    before, own = held_by(office.bor), held_by(office.cis)
    keys = ApiToken.objects.count()
    answer = visitor.post(reverse(name, args=key(office)), body(office))
    assert answer.status_code in (200, 302, 404, 422)
    assert held_by(office.bor) == before
    assert held_by(office.cis) == own
    assert ApiToken.objects.count() == keys
    assert not Operator.objects.filter(login="nowy").exists()
    assert not Rule.objects.across_clients().filter(client=office.bor, account="402").exists()


def test_ticked_documents_of_another_are_left_out(office: Office, visitor: Visitor) -> None:
    theirs, own = a_sale("draft", client=office.bor), a_sale("draft", client=office.cis)
    keys = [f"{mark}{sale.pk}" for sale in (theirs, own) for mark in "so"]
    for act in ("delete", "issue", "approve", "send", "pdf"):
        with transaction.atomic():
            visitor.post(reverse("sales-selected"), {"chosen": keys, "act": act})
    kept = Sale.objects.across_clients().filter(client=office.bor)
    assert list(kept.values_list("pk", "state", "number")) == [(theirs.pk, "draft", "")]


def test_a_contractor_of_another_is_not_taken_into_a_draft(office: Office, zofia: Operator) -> None:
    theirs = a_contractor(office.bor)
    _, text = ApiToken.issue(zofia, name="sklep", client=None)
    program = Visitor(headers={"Authorization": f"Bearer {text}"})
    content = a_content().model_dump(mode="json") | {"contractor": theirs.pk}
    path = f"/api/v1/clients/{office.cis.nip}/sales"
    answer = program.post(path, {"content": content}, content_type="application/json")
    assert answer.status_code in (201, 409, 422)
    for sale in Sale.objects.across_clients().filter(client=office.cis):
        assert sale.contractor_id is None


def test_an_alert_of_another_is_not_acknowledged(office: Office, visitor: Visitor) -> None:
    alert = Alert.objects.create(
        client=office.bor, key="x", code="jobs.worker", severity="stop", text="x", url="/"
    )
    visitor.post(reverse("watch-acknowledge"), {"alert": [alert.pk]})
    assert Alert.objects.across_clients().get(pk=alert.pk).state == "raised"


def test_who_sees_not_all_of_them_hands_nobodys_clients_over(
    office: Office, zofia: Operator, visitor: Visitor
) -> None:
    days = {"first_day": "2030-01-01", "last_day": "2030-01-09"}
    answer = visitor.post(
        reverse("operators-covers"), {"absent": office.anna.pk, "covering": zofia.pk, **days}
    )
    assert answer.status_code in (200, 422)
    assert not Cover.objects.exists()
    assert not Event.objects.across_clients().filter(thing="office.cover").exists()


def test_a_key_for_one_client_reaches_no_other(office: Office) -> None:
    _, text = ApiToken.issue(office.ewa, name="sklep", client=office.cis)  # who sees both
    program = Visitor(headers={"Authorization": f"Bearer {text}"})
    theirs = a_sale("draft", client=office.bor)
    assert program.get(f"/api/v1/sales/{theirs.pk}").status_code == 404
    assert program.delete(f"/api/v1/sales/{theirs.pk}").status_code == 404
    assert program.get(f"/api/v1/clients/{office.bor.nip}/sales").status_code == 404
    assert [one["nip"] for one in program.get("/api/v1/clients").json()] == [office.cis.nip]
