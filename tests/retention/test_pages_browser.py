"""The pages of personal data in Chromium: a person found, data asked for, taken and erased."""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from obieg.office.models import Client, Operator
from obieg.retention.erasing import carry_out
from obieg.retention.handing import make
from obieg.retention.models import Erasure, Handover
from tests.posting.factories import ClientFactory
from tests.retention.conftest import end
from tests.web.browsing import Screen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=["light", "dark-narrow"])
def screen(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, ewa: Operator
) -> Iterator[Screen]:
    theme, width = request.param
    with closing(Screen(browser, live_server.url, width=width, theme=theme)) as shown:
        yield shown.log_in(ewa)
        assert [said for said in shown.complaints if "422" not in said] == []  # a refused form
        assert not shown.is_wider_than_its_window()


def test_the_table_of_periods_is_read_and_changed(screen: Screen, bor: Client) -> None:
    end(ClientFactory(name="Dawny Klient"))
    page = screen.open(reverse("retention"))
    expect(page.get_by_text("art. 86 § 1 i art. 70 § 1 O.p.")).to_be_visible()
    expect(page.get_by_role("link", name="Dawny Klient")).to_be_visible()
    _picture(screen, "dane-osobowe")
    page.get_by_role("link", name="Zmień okresy").click()
    page.get_by_label("Rejestr wywołań KSeF").fill("36")
    _picture(screen, "okresy")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_text("36 mies. od wywołania")).to_be_visible()


def test_a_person_is_found_without_a_name_in_the_address(screen: Screen, bor: Client) -> None:
    page = screen.open(reverse("retention-person"))
    page.get_by_label("Kogo szukać").fill("anna malinowska")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="faktury")).to_be_visible()
    assert "malinowska" not in page.url
    _picture(screen, "osoba")


def test_a_client_s_data_are_asked_for_taken_and_erased(
    screen: Screen, bor: Client, ewa: Operator
) -> None:
    end(bor)
    page = screen.open(reverse("retention-client", args=[bor.pk]))
    page.get_by_role("button", name="Przygotuj plik").click()
    expect(page.get_by_text("czeka", exact=False).first).to_be_visible()
    make(Handover.objects.of_client(bor).get().pk)
    page.reload()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Pobierz").click()
    assert taken.value.suggested_filename.startswith(f"dane-{bor.nip}")
    _picture(screen, "klient")
    page.get_by_label("Przepisz NIP klienta").fill(bor.nip)
    page.get_by_label("Co usunąć").select_option("all")
    page.get_by_role("button", name="Usuń nieodwracalnie").click()
    expect(page.get_by_role("alert").get_by_text("muszą zostać do")).to_be_visible()
    page.get_by_label("Co usunąć").select_option("part")
    page.get_by_label("Przepisz NIP klienta").fill(bor.nip)
    page.get_by_role("button", name="Usuń nieodwracalnie").click()
    expect(page.get_by_role("heading", name="Protokół usunięcia danych")).to_be_visible()
    carry_out(Erasure.objects.of_client(bor).get().pk)
    page.reload()
    expect(page.get_by_role("cell", name="kontrahenci")).to_be_visible()
    _picture(screen, "protokol")


def _picture(screen: Screen, name: str) -> None:
    if folder := os.environ.get("RETENTION_SHOTS"):
        width = screen.page.viewport_size["width"]
        screen.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
