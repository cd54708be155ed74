"""Logging in as people do, in headless Chromium: enrolling a phone, its code, guessing."""

from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from obieg.office.models import Operator
from tests.web.browsing import Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "sosna zegar atrament"


@pytest.fixture
def shown(browser: Browser, live_server: LiveServer) -> Iterator[Screen]:
    screen = Screen(browser, live_server.url)
    yield screen
    screen.close()


def give_password(shown: Screen, password: str = PASSWORD) -> Page:
    page = shown.open(reverse("login"))
    page.get_by_label("Login").fill("ewa")
    page.get_by_label("Hasło").fill(password)
    page.get_by_role("button", name="Zaloguj").click()
    page.wait_for_load_state("networkidle")
    return page


def test_an_owner_enrols_a_phone_and_logs_in_with_its_next_code(
    shown: Screen, browser: Browser, live_server: LiveServer
) -> None:
    Operator.objects.create_user("ewa", PASSWORD, name="Ewa Wilk", sees_all_clients=True)
    page = give_password(shown)
    drawn = page.locator("figure svg").bounding_box()
    assert drawn is not None
    assert min(drawn["width"], drawn["height"]) > 150
    shown.picture("drugi-skladnik")
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Kod", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Włącz").click()
    expect(page.locator("#codes li")).to_have_count(10)
    shown.picture("kody-zapasowe")
    page.get_by_role("link", name="Mam je zapisane").click()
    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()
    shown.open(reverse("sessions"))
    shown.picture("moje-logowania")
    assert not shown.is_wider_than_its_window()
    assert shown.complaints == []

    again = Screen(browser, live_server.url)
    page = give_password(again)
    code = pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30))
    page.get_by_label("Kod", exact=True).fill(code)
    page.get_by_role("button", name="Zaloguj").click()
    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()
    again.open(reverse("operators"))
    again.picture("operatorzy")
    assert again.complaints == []
    again.close()


def test_who_guesses_is_told_when_the_next_attempt_may_be_made(shown: Screen) -> None:
    Operator.objects.create_user("ewa", PASSWORD, name="Ewa Wilk", sees_all_clients=True)
    for _ in range(5):
        page = give_password(shown, "zgaduję i zgaduję")
        expect(page.get_by_role("alert")).to_contain_text("Login lub hasło się nie zgadza")
    page = give_password(shown)
    expect(page.get_by_role("alert")).to_contain_text("Za dużo nieudanych prób")
