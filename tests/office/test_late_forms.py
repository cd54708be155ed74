"""A form that comes when the proof is too old: asked for again, and little has to be retyped."""

import threading

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client as Visitor
from django.urls import reverse

from obieg.office.models import Client, Operator
from obieg.office.operators import LAST_OWNER
from obieg.office.proof import FRESH
from obieg.vault.models import Credential
from tests.vault.firms import TOKEN, new_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bor() -> Client:
    return new_client()


@pytest.fixture
def owner() -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa Próbna", sees_all_clients=True)


@pytest.fixture
def ewa(owner: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(owner)
    return visitor


def grow_old(visitor: Visitor) -> None:
    set_proof(visitor, -int(FRESH.total_seconds()) - 1)


def set_proof(visitor: Visitor, seconds: int) -> None:
    session = visitor.session
    session["proved_at"] += seconds
    session.save()


def test_the_forms_for_secrets_are_shown_only_to_who_has_just_proved_himself(
    ewa: Visitor, bor: Client
) -> None:
    page = reverse("clients-page", args=[bor.pk])
    token = reverse("clients-token", args=[bor.pk])
    assert f'action="{token}"' in ewa.get(page).content.decode()
    grow_old(ewa)
    shown = ewa.get(page).content.decode()
    assert f'action="{token}"' not in shown
    assert f"{reverse('login-confirm')}?next={page}" in shown


@pytest.mark.parametrize("kind", ["token", "certificate"])
def test_a_late_form_comes_back_filled_in_except_for_its_secret(
    ewa: Visitor, bor: Client, kind: str
) -> None:
    page = reverse("clients-page", args=[bor.pk])
    ewa.get(page)
    grow_old(ewa)
    secret = {"token": TOKEN, "password": "tajne-hasło-pliku", "label": "Nazwa z głowy"}
    sent = ewa.post(
        reverse(f"clients-{kind}", args=[bor.pk]),
        secret | {"environment": "demo", "certificate": SimpleUploadedFile("a.pem", b"tajny-plik")},
        headers={"referer": f"http://testserver{page}"},
    )
    assert sent["Location"].startswith(reverse("login-confirm"))
    assert not Credential.objects.of_client(bor).exists()
    for row in Session.objects.all():
        kept = str(row.get_decoded())
        assert "tajn" not in kept
        assert TOKEN not in kept
    set_proof(ewa, int(FRESH.total_seconds()) + 1)
    shown = ewa.get(page).content.decode()
    assert "Nic nie zapisano" in shown
    assert "Nazwa z głowy" in shown
    assert '<option value="demo" selected>' in shown
    assert TOKEN not in shown
    assert "Nazwa z głowy" not in ewa.get(page).content.decode(), "given back once"


def test_the_office_s_certificate_and_a_new_operator_come_back_too(
    ewa: Visitor, bor: Client
) -> None:
    for name, typed in (
        ("office-access", {"label": "Certyfikat z głowy", "environment": "demo"}),
        ("operators-add", {"label": "", "login": "anna", "name": "Anna z głowy", "role": "chief"}),
    ):
        address = reverse(name)
        ewa.get(address)
        grow_old(ewa)
        typed |= {"password_typed": "cztery słowa na raz", "password": "cztery słowa na raz"}
        ewa.post(address, typed, headers={"referer": f"http://testserver{address}"})
        set_proof(ewa, int(FRESH.total_seconds()) + 1)
        shown = ewa.get(address).content.decode()
        assert "z głowy" in shown
        assert "słowa na raz" not in shown
    assert '<option value="chief" selected>' in shown


def test_the_end_of_a_cooperation_comes_back_as_it_was_ticked(ewa: Visitor, bor: Client) -> None:
    address = reverse("clients-ending", args=[bor.pk])
    grow_old(ewa)
    ewa.post(address, {"nip": bor.nip}, headers={"referer": f"http://testserver{address}"})
    set_proof(ewa, int(FRESH.total_seconds()) + 1)
    shown = ewa.get(address).content.decode()
    assert f'value="{bor.nip}"' in shown
    assert 'name="in_ksef"' in shown
    assert "checked" not in shown
    assert Client.objects.of_client(bor.pk).get().active


def test_two_owners_who_take_each_other_s_role_leave_one(ewa: Visitor, owner: Operator) -> None:
    """The second waits for the first, and is told why instead of a fault of the server."""
    other = Operator.objects.create_user("jan", name="Jan Próbny", sees_all_clients=True)
    begun, answered = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                Operator.objects.filter(pk=owner.pk).update(role="chief")
                begun.set()
                wait_until_somebody_waits()
        finally:
            connection.close()
            answered.set()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(20)
    typed = {"login": "jan", "name": "Jan Próbny", "role": "chief", "is_active": "on"}
    response = ewa.post(reverse("operators-edit", args=[other.pk]), typed)
    assert answered.wait(20)
    thread.join()
    assert response.status_code == 422
    assert LAST_OWNER in response.content.decode()
    left = Operator.objects.filter(role="owner", is_active=True, sees_all_clients=True)
    assert [one.pk for one in left] == [other.pk]


def wait_until_somebody_waits() -> None:
    """For the lock that the trigger takes; at most ten seconds."""
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
