"""Days typed in headless Chromium: shortly, by the arrows, pasted from another program."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from obieg.core.days import read_day
from obieg.core.polish import format_date, today
from tests.web import offices
from tests.web.browsing import Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(browser: Browser, live_server: LiveServer) -> Iterator[Screen]:
    screen = Screen(browser, live_server.url).log_in(offices.found().anna)
    yield screen
    screen.close()


def meant(text: str) -> str:
    day = read_day(text, near=today())
    assert day is not None
    return format_date(day)


def test_a_day_is_typed_shortly_moved_by_arrows_and_pasted(shown: Screen) -> None:
    page = shown.open(reverse("purchases"))
    field = page.get_by_label("Wystawione od")
    field.focus()
    page.keyboard.type("1507")
    page.keyboard.press("Tab")
    expect(field).to_have_value(meant("15.07"))

    field.focus()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value(meant("16.07"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_value(meant("14.07"))

    field.fill("2026-11-03")
    page.keyboard.press("Enter")
    page.wait_for_url("**od=*")
    expect(page.get_by_label("Wystawione od")).to_have_value("03.11.2026")
    assert shown.complaints == []


def test_what_is_no_day_stays_as_it_was_typed(shown: Screen) -> None:
    page = shown.open(reverse("purchases"))
    field = page.get_by_label("Wystawione od")
    field.fill("31.02")
    page.keyboard.press("Tab")
    expect(field).to_have_value("31.02")
