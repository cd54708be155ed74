"""Pages of a credential's life in headless Chromium: nothing overflows, nothing complains."""

from datetime import timedelta

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from obieg.calls.ending import KIND
from obieg.calls.models import Ending, EndingLine, Revocation
from obieg.office.models import Client, Event, Operator
from obieg.vault.models import Credential
from tests.vault.firms import new_client
from tests.web.browsing import Screen
from tests.web.conftest import browser

__all__ = ["browser"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LONG = "Obieg Authentication 9990000029 3f9ac01b"


@pytest.fixture
def owner(transactional_db: None) -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa Wilk", sees_all_clients=True)


def a_certificate(client: Client, **changes: object) -> Credential:
    usual = {
        "client": client,
        "kind": "certificate",
        "environment": client.environment,
        "label": LONG,
        "fingerprint": "ab" * 32,
        "reference": "01F20A5D352AE590",
        "valid_to": timezone.now() + timedelta(days=12),
        "ciphertext": b"x",
        "wrapped_key": b"x",
    }
    return Credential.objects.create(**{**usual, **changes})


def an_ending(name: str, nip: str, **changes: object) -> Client:
    client = new_client(nip, name=name)
    ending = Ending.objects.create(client=client, **changes)
    lines = [
        ("Klient", "nieaktywny: nic się więcej nie pobiera ani nie wysyła", None),
        ("Klucz API „sklep” (obk_12ab…)", "unieważniony", None),
        (
            f"Certyfikat z kluczem „{LONG}” (Testowe, nr 01F20A5D352AE590)",
            "",
            a_certificate(client),
        ),
    ]
    for what, how, credential in lines:
        done = timezone.now() if how else None
        EndingLine.objects.create(
            ending=ending, what=what, how=how, credential=credential, done_at=done
        )
    return client


@pytest.fixture
def pages(owner: Operator) -> dict[str, str]:
    wait = "KSeF nie odpowiada (przerwa). Obieg spróbuje ponownie sam."
    running = an_ending(
        "Bór sp. z o.o.", "9990000029", state="running", error_text=wait, next_at=timezone.now()
    )
    failed = an_ending("Cis sp. z o.o.", "9990000035", state="failed", error_text=wait)
    done = an_ending("Dąb sp. z o.o.", "9990000041", state="done")
    shredded = {"title": f"Certyfikat „{LONG}”", "fingerprint": "ab" * 32, "revoked": "2026-11-21"}
    Event.objects.create(
        client=done,
        thing="office.client",
        thing_id=done.pk,
        kind=KIND,
        actor=owner,
        after={
            "lines": [["Klient", "nieaktywny"], ["Token", "unieważniono w KSeF; zniszczono"]],
            "shredded": [shredded | {"shredded": "2026-11-21T10:00:00+00:00"}],
        },
    )
    lives = new_client("9990000012", name="Świerk sp. z o.o.")
    a_certificate(lives)
    former = a_certificate(lives, active=False, usage="offline")
    Revocation.objects.create(
        client=lives, credential=former, state="failed", error_text=f"Nie ma czym unieważnić {LONG}"
    )
    return {
        "koniec-w-toku": reverse("clients-ending-progress", args=[running.pk]),
        "koniec-przerwany": reverse("clients-ending-progress", args=[failed.pk]),
        "koniec-gotowy": reverse("clients-ending-progress", args=[done.pk]),
        "koniec-protokol": reverse("clients-ending-protocol", args=[done.pk]),
        "koniec": reverse("clients-ending", args=[lives.pk]),
        "odnawianie": reverse("credentials-renewal"),
        "poswiadczenia": reverse("clients-credentials", args=[lives.pk]),
        "certyfikat-offline": reverse("clients-offline", args=[lives.pk]),
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_its_window_and_breaks_no_rule(
    browser: Browser,
    live_server: LiveServer,
    owner: Operator,
    pages: dict[str, str],
    width: int,
    theme: str,
) -> None:
    shown = Screen(browser, live_server.url, width=width, theme=theme).log_in(owner)
    for name, path in pages.items():
        page = shown.open(path)
        assert page.locator("h1").count() == 1, name
        spare = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert spare <= 0, f"{name} is wider than its window by {spare}"
        shown.picture(f"zycie-{name}-{width}-{theme}")
    assert shown.complaints == []
    shown.close()


def test_the_page_of_an_end_looks_again_by_itself(
    browser: Browser,
    live_server: LiveServer,
    owner: Operator,
    pages: dict[str, str],
) -> None:
    shown = Screen(browser, live_server.url, width=1280).log_in(owner)
    page = shown.page
    page.goto(live_server.url + pages["koniec-w-toku"])
    page.get_by_text("Następna próba").wait_for()
    Ending.objects.across_clients().filter(state="running").update(state="done", error_text="")
    page.get_by_text("Współpracę zakończono").wait_for(timeout=20_000)
    assert shown.complaints == []
    shown.close()


def test_who_has_not_proved_himself_is_led_to_it_first(owner: Operator) -> None:
    visitor = Visitor()
    visitor.force_login(owner)
    client = new_client()
    session = visitor.session
    session["proved_at"] -= 3600
    session.save()
    shown = visitor.get(reverse("clients-offline", args=[client.pk])).content.decode()
    assert "najpierw potwierdzisz, że to Ty" in shown
    assert "Zapisz w sejfie" not in shown
