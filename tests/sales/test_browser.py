"""Sales in headless Chromium: an invoice by keyboard, to KSeF and back, corrected, on paper."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from obieg.office.models import Operator
from obieg.sales.models import BankAccount, Sale
from tests.sales.factories import (
    ACCOUNT,
    a_content,
    a_contractor,
    a_profile,
    a_sale,
    a_session,
    an_issuer,
)
from tests.sales.seller import Seller, run_out
from tests.web.browsing import Screen
from tests.web.conftest import browser  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = "[data-rows=lines] .line-of [name$='-description']"
FOUND = re.compile(r"\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}")


@pytest.fixture
def anna(seller: Seller) -> Operator:
    """Anna issues for a client that has all it needs."""
    a_profile(seller.client)
    BankAccount.objects.create(client=seller.client, number=ACCOUNT, bank="Bank Pokazowy")
    a_contractor(seller.client)
    return an_issuer(seller.client)


@pytest.fixture
def screen(
    browser: Browser,  # noqa: F811 - the fixture imported above
    live_server: LiveServer,
    anna: Operator,
) -> Iterator[Callable[..., Screen]]:
    opened: list[Screen] = []

    def open_screen(**options: object) -> Screen:
        shown = Screen(browser, live_server.url, **options).log_in(anna)
        opened.append(shown)
        return shown

    yield open_screen
    for shown in opened:
        shown.close()


def type_line(page: Page, *values: str) -> None:
    """Values of a line, each followed by Enter; an empty one leaves what is there."""
    for value in values:
        if value:
            page.keyboard.type(value)
        page.keyboard.press("Enter")


def field(page: Page) -> str:
    """The name of the field that has the cursor."""
    return str(page.evaluate("document.activeElement.name"))


def pick_buyer(page: Page, words: str) -> None:
    expect(page.locator("[name=buyer__name]")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("#buyers [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name='lines-0-description']")).to_be_focused()


def issue_by_keyboard(shown: Screen) -> None:
    page = shown.open(reverse("sales"))
    shown.press("n")
    pick_buyer(page, "bór")
    type_line(page, "Usługa księgowa", "2", "godz.", "1 200,50", "10%", "")
    type_line(page, "Dojazd", "1", "", "50", "", "")
    expect(page.locator("#sums")).to_contain_text("2 719,41")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"Wystawiono FV/1/"))).to_be_visible()


def press(page: Page, key: str) -> None:
    """Press a key once the page listens: what it shows may be there before its scripts ran."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_an_invoice_goes_by_keyboard_to_ksef_is_corrected_and_printed(
    screen: Callable[..., Screen], seller: Seller
) -> None:
    shown = screen()
    page = shown.page
    issue_by_keyboard(shown)
    sale = Sale.objects.of_client(seller.client).get()
    assert str(sale.gross) == "2719.41"

    press(page, "s")
    expect(page.get_by_text("Wysyłka zlecona")).to_be_visible()
    run_out(seller.client.pk)
    expect(page.locator("#ksef-number")).to_have_text(FOUND, timeout=10_000)  # by itself
    press(page, "u")
    expect(page.locator("#upo")).to_be_visible()
    expect(page.locator(".card-pane .mark").first).to_contain_text("Przyjęta – z UPO")
    shown.picture("sprzedaz-przyjeta")

    pdf = page.context.request.get(shown.address + reverse("sales-pdf", args=[sale.pk]))
    assert pdf.body().startswith(b"%PDF-")
    receipt = page.context.request.get(page.locator("#upo").evaluate("link => link.href"))
    assert receipt.body().startswith(b"%PDF-")

    press(page, "k")
    page.get_by_role("button", name="Ilości, ceny, stawki").click()
    after = page.locator("[name^='lines-'][name$='-quantity']").nth(1)
    after.fill("1")
    page.locator("[name=correction__reason]").fill("błędna ilość")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"Wystawiono (KOR|FK)"))).to_be_visible()
    press(page, "s")
    expect(page.get_by_text("Wysyłka zlecona")).to_be_visible()
    run_out(seller.client.pk)
    expect(page.locator("#ksef-number")).to_have_text(FOUND, timeout=10_000)
    correction = Sale.objects.of_client(seller.client).get(corrects=sale)
    assert correction.gross < 0
    shown.picture("sprzedaz-korekta")
    assert [text for text in shown.complaints if "422" not in text] == []


def test_the_grid_obeys_its_keys(screen: Callable[..., Screen]) -> None:
    shown = screen()
    page = shown.open(reverse("sales-new"))
    pick_buyer(page, "bór")
    page.keyboard.type("Papier")
    page.keyboard.press("Enter")
    assert field(page) == "lines-0-quantity"
    page.keyboard.type("3")
    page.keyboard.press("Control+d")
    assert field(page).endswith("-description")
    expect(page.locator(LINES).nth(1)).to_have_value("Papier")
    page.keyboard.press("Control+Delete")
    expect(page.locator(LINES).nth(1)).to_have_value("")
    page.locator("[name='lines-0-quantity']").focus()
    page.keyboard.press("Control+ArrowDown")
    assert field(page) == "lines-0-gtu"
    assert shown.complaints == []


def test_what_cannot_be_read_is_saved_and_shown_as_it_was_typed(
    screen: Callable[..., Screen], seller: Seller
) -> None:
    shown = screen()
    page = shown.open(reverse("sales-new"))
    pick_buyer(page, "bór")
    type_line(page, "Papier", "dwie")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/edycja/")
    expect(page.locator("[name='lines-0-quantity']")).to_have_value("dwie")
    expect(page.locator(".findings")).to_contain_text("Wpisz liczbę")
    page.locator("[name='lines-0-quantity']").fill("2,5")
    with page.expect_response(lambda answer: answer.url.endswith("/edycja/")):
        page.keyboard.press("Control+s")
    expect(page.locator(".findings")).not_to_contain_text("Wpisz liczbę")
    expect(page.locator(".saved")).to_contain_text("zapisano")
    assert field(page) == "lines-0-quantity"
    sale = Sale.objects.of_client(seller.client).get()
    assert sale.typed is None
    assert sale.content["lines"][0]["quantity"] == "2.5"


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 700])
def test_every_page_of_sales_fits_its_window(
    screen: Callable[..., Screen], seller: Seller, width: int, theme: str
) -> None:
    client = seller.client
    draft = a_sale(client=client, content=a_content(issue_date=date(2026, 11, 1)))
    rejected = a_sale("rejected", client=client)
    a_sale("confirmed", client=client)
    session = a_session(client)
    pages = {
        "lista": reverse("sales"),
        "nowa": reverse("sales-new"),
        "szkic": reverse("sales-edit", args=[draft.pk]),
        "dokument": reverse("sales-one", args=[draft.pk]),
        "odrzucona": reverse("sales-one", args=[rejected.pk]),
        "sesje": reverse("sales-sessions"),
        "sesja": reverse("sales-session", args=[session.pk]),
        "ustawienia": reverse("clients-sales", args=[client.pk]),
        "kontrahenci": reverse("clients-contractors", args=[client.pk]),
        "kontrahent": reverse("clients-contractors-add", args=[client.pk]),
    }
    shown = screen(width=width, theme=theme)
    too_wide = []
    for name, address in pages.items():
        shown.open(address)
        if shown.is_wider_than_its_window():
            too_wide.append(name)
        shown.picture(f"sprzedaz-{name}-{width}-{theme}")
    assert too_wide == []
    assert shown.complaints == []


def test_third_parties_are_added_and_removed_without_saving(
    screen: Callable[..., Screen], seller: Seller
) -> None:
    shown = screen()
    page = shown.open(reverse("sales-new"))
    page.get_by_text("Podmioty trzecie", exact=True).click()
    parties = page.locator("[data-rows=third_parties] .party")
    expect(parties).to_have_count(1)
    page.locator("[name='third_parties-0-name']").fill("Odbiorca sp. z o.o.")
    expect(parties).to_have_count(2)  # one more to type into
    page.get_by_role("button", name="Dodaj podmiot").click()
    expect(parties).to_have_count(3)
    page.locator("[name='third_parties-2-name']").fill("Faktor S.A.")
    page.locator(".party").nth(1).get_by_role("button", name="Usuń podmiot").click()
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(r"/edycja/$"))
    content = Sale.objects.of_client(seller.client).get().content
    assert [one["name"] for one in content["third_parties"]] == [
        "Odbiorca sp. z o.o.",
        "Faktor S.A.",
    ]


def test_a_new_price_empties_the_amount_given_for_the_old_one(
    screen: Callable[..., Screen], seller: Seller
) -> None:
    line = {"description": "Usługa", "quantity": "2", "price": "100", "amount": "150", "rate": "23"}
    sale = a_sale(client=seller.client, content=a_content(lines=(line,)))
    page = screen().open(reverse("sales-edit", args=[sale.pk]))
    expect(page.locator("[name='lines-0-amount']")).to_have_value("150,00")
    page.locator("[name='lines-0-price']").fill("90")
    expect(page.locator("[name='lines-0-amount']")).to_have_value("")
    expect(page.locator("#sums")).to_contain_text("180,00")


def test_what_is_typed_saves_itself_and_survives_a_closed_tab(
    screen: Callable[..., Screen], seller: Seller
) -> None:
    shown = screen()
    page = shown.open(reverse("sales-new"))
    page.locator("[name='lines-0-description']").fill("Usługa księgowa")
    page.wait_for_url("**/edycja/", timeout=20_000)  # after three seconds of rest
    expect(page.locator("#draft-state")).to_contain_text(re.compile(r"zapisano \d\d:\d\d"))
    page.locator("[name='lines-0-quantity']").fill("7")
    with page.expect_response(lambda answer: answer.url.endswith("/szkic/")):
        page.keyboard.press("Enter")  # leaves the field
    page.reload()
    expect(page.locator("[name='lines-0-quantity']")).to_have_value("7")
    assert Sale.objects.of_client(seller.client).count() == 1
    assert shown.complaints == []


def test_two_tabs_keep_both_versions_and_say_so(
    screen: Callable[..., Screen], seller: Seller
) -> None:
    sale = a_sale(client=seller.client, content=a_content())
    first, second = screen(), screen()
    address = reverse("sales-edit", args=[sale.pk])
    pages = [one.open(address) for one in (first, second)]
    for page, place in zip(pages, ("Kraków", "Gdynia"), strict=True):
        page.locator("[name=place]").fill(place)
        with page.expect_response(lambda answer: answer.url.endswith("/szkic/")):
            page.locator("[name=sale_date]").focus()
    expect(pages[1].locator("#parted")).to_contain_text("Ktoś inny zmienił ten szkic")
    second.picture("sprzedaz-dwie-wersje")
    theirs, mine = Sale.objects.of_client(seller.client).order_by("pk")
    expect(pages[1]).to_have_url(re.compile(f"/{mine.pk}/edycja/$"))
    assert [theirs.content["place"], mine.content["place"]] == ["Kraków", "Gdynia"]
    pages[1].locator("[name=place]").fill("Sopot")
    with pages[1].expect_response(lambda answer: answer.url.endswith("/edycja/")):
        pages[1].keyboard.press("Control+s")
    expect(pages[1].locator("#draft-state")).to_contain_text("zapisano")
    mine.refresh_from_db()
    assert mine.content["place"] == "Sopot"
    assert second.complaints == []
