"""The pages in headless Chromium: the queue by keyboard, pictures of everything."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from obieg.posting.models import Dekret
from tests.web import offices
from tests.web.browsing import Screen
from tests.web.offices import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "trudne-hasło-2026"
ROWS = "#rows > li:not(.leaving)"


@pytest.fixture
def live_office(live_server: LiveServer) -> Office:
    return offices.found()


@pytest.fixture
def screen(
    browser: Browser, live_server: LiveServer, live_office: Office
) -> Iterator[Callable[..., Screen]]:
    """Opens screens of Anna's, or of another operator."""
    opened: list[Screen] = []

    def open_screen(operator: object = None, **options: object) -> Screen:
        shown = Screen(browser, live_server.url, **options).log_in(operator or live_office.anna)
        opened.append(shown)
        return shown

    yield open_screen
    for shown in opened:
        shown.close()


def states(*dekrets: Dekret) -> list[str]:
    found = Dekret.objects.across_clients().in_bulk([dekret.pk for dekret in dekrets])
    return [found[dekret.pk].state for dekret in dekrets]


def on_desk(screen: Screen, dekret: Dekret) -> None:
    expect(screen.page.locator("#desk > .desk")).to_have_attribute("data-id", str(dekret.pk))


def test_the_reason_of_a_rejection_is_asked_above_the_bar_within_its_sheet(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    offices.sure_purchases(live_office.bor, 1)
    shown = screen(width=1280)
    page = shown.open(reverse("queue"))
    shown.press("o")
    sheet = page.locator("details.reject form").bounding_box()
    button = page.get_by_role("button", name="Odrzuć dokument").bounding_box()
    bar = page.locator(".decision .actions").bounding_box()
    assert sheet
    assert button
    assert bar
    assert sheet["y"] < button["y"]
    assert button["y"] + button["height"] < sheet["y"] + sheet["height"]
    assert sheet["y"] + sheet["height"] < bar["y"] + bar["height"] <= 900


def test_a_morning_is_cleared_without_the_mouse(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    dekrets = offices.sure_purchases(live_office.bor, 6)
    shown = screen()
    page = shown.open(reverse("queue"))
    on_desk(shown, dekrets[0])

    shown.press("z")
    on_desk(shown, dekrets[1])
    shown.press("j")
    on_desk(shown, dekrets[2])
    shown.press("k")
    on_desk(shown, dekrets[1])
    shown.press("z")
    on_desk(shown, dekrets[2])
    shown.press("z")
    on_desk(shown, dekrets[3])
    shown.press("u")
    on_desk(shown, dekrets[2])
    shown.press("o")
    page.keyboard.type("To nie nasza faktura")
    shown.press("Enter")
    on_desk(shown, dekrets[3])
    for following in dekrets[4:]:
        shown.press("z")
        on_desk(shown, following)
    shown.press("z")
    expect(page.get_by_text("Ta kolejka jest pusta")).to_be_visible()

    assert states(*dekrets) == [*["approved"] * 2, "rejected", *["approved"] * 3]
    assert shown.complaints == []


def test_keys_pressed_faster_than_the_server_answers_lose_nothing(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    dekrets = offices.sure_purchases(live_office.bor, 5)
    shown = screen()
    page = shown.open(reverse("queue"))
    for _ in range(100):
        page.keyboard.press("z")
        page.wait_for_timeout(40)
        if page.get_by_text("Ta kolejka jest pusta").is_visible():
            break
    expect(page.get_by_text("Ta kolejka jest pusta")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert states(*dekrets) == ["approved"] * 5
    assert shown.complaints == []


def test_an_unknown_purchase_is_classified_split_and_taught_by_keyboard(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    first = offices.unknown_purchase(live_office.bor, "N/1")
    second = offices.unknown_purchase(live_office.bor, "N/2")
    shown = screen()
    page = shown.open(reverse("queue") + "?kolejka=reczna")
    shown.press("e")
    page.keyboard.type("NIE-MA")
    shown.press("Control+Enter")
    expect(page.locator("#desk .errorlist")).to_contain_text("nie ma konta „NIE-MA”")
    on_desk(shown, first)

    shown.press("e")
    page.keyboard.type("402-01")
    shown.press("Tab")
    page.keyboard.type("200,00")
    shown.press("Tab")
    expect(page.locator("#desk .sums")).to_contain_text("do rozdzielenia: netto 300,00")
    page.locator("#desk [name=split]").focus()
    shown.press("Enter")
    expect(page.locator("#desk .line")).to_have_count(2)
    assert page.evaluate("document.activeElement.name") == "form-1-net"
    shown.press("Control+Enter")

    on_desk(shown, second)
    expect(page.locator("#desk .why-line")).to_contain_text("1 z 1")  # taught at once
    assert states(first) == ["approved"]
    refusals = [text for text in shown.complaints if "422" not in text]
    assert refusals == []


def test_all_that_is_sure_is_approved_after_a_look(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    dekrets = offices.sure_purchases(live_office.bor, 4)
    shown = screen()
    page = shown.open(reverse("queue"))
    shown.press("Shift+Z")
    expect(page.locator("tbody tr")).to_have_count(4)
    shown.press("Enter")
    expect(page.get_by_text("Zatwierdzono 4 dokumenty.")).to_be_visible()
    assert states(*dekrets) == ["approved"] * 4


def test_the_keys_are_explained_and_search_is_a_key_away(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    offices.sure_purchases(live_office.bor, 2)
    shown = screen()
    page = shown.open(reverse("queue"))
    shown.press("?")
    expect(page.locator("#keys")).to_be_visible()
    shown.press("Escape", "/")
    assert page.evaluate("document.activeElement.name") == "szukaj"
    page.keyboard.type("PALIWO/2")
    shown.press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)


def test_a_decision_that_the_server_loses_is_told(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    dekret = offices.sure_purchases(live_office.bor, 2)[0]
    shown = screen()
    page = shown.open(reverse("queue"))
    page.route("**/zatwierdz/*", lambda route: route.abort())
    page.route("**/zatwierdz/", lambda route: route.abort())
    page.keyboard.press("z")
    expect(page.get_by_text("Serwer nie odpowiedział.")).to_be_visible()
    expect(page.locator(f"#row-{dekret.pk}")).to_be_visible()
    assert states(dekret) == ["to_approve"]


def test_logging_in_clearing_and_downloading_the_file(
    browser: Browser, live_server: LiveServer, live_office: Office
) -> None:
    anna = live_office.anna
    anna.set_password(PASSWORD)
    anna.save()
    offices.sure_purchases(live_office.bor, 1)
    shown = Screen(browser, live_server.url)
    page = shown.open(reverse("login"))
    page.keyboard.type("anna")
    shown.press("Tab")
    page.keyboard.type(PASSWORD)
    shown.press("Enter")
    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()
    page.get_by_role("link", name="Otwórz kolejkę").click()
    page.wait_for_url("**/kolejka/**")
    page.wait_for_load_state("networkidle")
    on_desk(shown, Dekret.objects.across_clients().get())
    shown.press("z")
    expect(page.get_by_text("Ta kolejka jest pusta")).to_be_visible()
    page.get_by_role("link", name="Eksport", exact=True).first.click()
    page.get_by_role("button", name="Eksportuj").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Pobierz dekrety")).click()
    assert download.value.suggested_filename.endswith(".zip")
    assert shown.complaints == []
    shown.close()


def test_the_look_changes_without_a_reload_and_stays(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    shown = screen()
    page = shown.open(reverse("today"))
    page.locator("details.menu summary").click()
    with page.expect_response(f"**{reverse('theme')}"):
        page.get_by_role("button", name="Ciemny").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    shown.open(reverse("clients"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert shown.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 600])
def test_every_page_fits_its_window_and_breaks_no_rule(
    screen: Callable[..., Screen], live_office: Office, width: int, theme: str
) -> None:
    office = live_office
    waiting = offices.sure_purchases(office.bor, 8)[0]
    offices.exported(office.cis, office.zofia)
    offices.unknown_purchase(office.bor)
    offices.one_sale(office.bor)
    offices.unreadable(office.bor)
    pages = {
        "dzis": reverse("today"),
        "kolejka": reverse("queue"),
        "kolejka-reczna": reverse("queue") + "?kolejka=reczna",
        "kolejka-koniec": reverse("queue") + "?dokument=koniec",
        "zatwierdzanie-wielu": reverse("queue-bulk"),
        "zakupy": reverse("purchases"),
        "sprzedaz": reverse("sales"),
        "dokument": reverse("documents-one", args=[waiting.invoice_id]),
        "klienci": reverse("clients"),
        "klient": reverse("clients-page", args=[office.bor.pk]),
        "klient-nowy": reverse("clients-add"),
        "klient-dane": reverse("clients-edit", args=[office.bor.pk]),
        "kwarantanna": reverse("clients-quarantine"),
        "operatorzy": reverse("operators"),
        "operator": reverse("operators-edit", args=[office.anna.pk]),
        "certyfikat-biura": reverse("office-access"),
        "eksport": reverse("exports"),
        "haslo": reverse("password"),
    }
    shown = screen(office.ewa, width=width, theme=theme)
    too_wide = []
    for name, address in pages.items():
        shown.open(address)
        if shown.is_wider_than_its_window():
            too_wide.append(name)
        shown.picture(f"{name}-{width}-{theme}")
    assert too_wide == []
    assert shown.complaints == []
