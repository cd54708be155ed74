"""Rules, charts and books in headless Chromium: by keyboard where something is repeated."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from obieg.posting.decisions import approve
from obieg.posting.models import ClosedPeriod, Dekret, Dimension, Rule, Vehicle
from tests.posting.factories import purchase
from tests.posting.papers import Row
from tests.posting.typing_in import line
from tests.web import offices
from tests.web.browsing import Screen
from tests.web.offices import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SELLER = {"seller": "9990000024", "seller_name": "Wierzba Serwis"}


@pytest.fixture
def live_office(live_server: LiveServer) -> Office:
    return offices.found()


@pytest.fixture
def screen(
    browser: Browser, live_server: LiveServer, live_office: Office
) -> Iterator[Callable[..., Screen]]:
    opened: list[Screen] = []

    def open_screen(operator: object = None, **options: object) -> Screen:
        shown = Screen(browser, live_server.url, **options).log_in(operator or live_office.anna)
        opened.append(shown)
        return shown

    yield open_screen
    for shown in opened:
        shown.close()


def test_a_new_seller_is_classified_once_and_the_next_document_is_proposed(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    row = Row("Przegląd wyciągu narciarskiego", Decimal("800.00"))
    first = purchase(live_office.bor, number="W/1", rows=[row], **SELLER)
    shown = screen()
    page = shown.open(reverse("queue") + "?kolejka=reczna")
    expect(page.locator("#desk .obstacles")).to_contain_text("nie wiadomo, na jakie konto")
    shown.press("e")
    page.keyboard.type("402-12")
    shown.press("Control+Enter")
    expect(page.get_by_text("Ta kolejka jest pusta")).to_be_visible()

    second = purchase(live_office.bor, number="W/2", rows=[row], **SELLER)
    assert second.proposal[0]["account"] == "402-12"
    page = shown.open(reverse("queue"))
    if second.state == "to_classify":
        page = shown.open(reverse("queue") + "?kolejka=reczna")
    expect(page.locator("#desk .line input[name=form-0-account]")).to_have_value("402-12")
    assert Dekret.objects.across_clients().get(pk=first.pk).state == "approved"
    assert shown.complaints == []


def test_a_rule_is_tried_on_the_past_and_then_saved_by_keyboard(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    for number, account in enumerate(["401-05", "401-05", "401-02"]):
        dekret = purchase(
            live_office.bor, number=f"O/{number}", rows=[Row("Olej silnikowy", Decimal("90.00"))]
        )
        approve(dekret, [line(dekret, account=account)], operator=live_office.anna)
    shown = screen()
    page = shown.open(reverse("books-rules") + f"?klient={live_office.bor.pk}")
    shown.press("n")
    page.get_by_label("nazwa", exact=False).first.fill("Oleje")
    page.get_by_label("tekst pozycji zawiera", exact=False).fill("olej silnikowy")
    page.get_by_label("konto", exact=False).first.fill("401-05")
    shown.press("Escape", "w")
    status = page.get_by_role("status")
    expect(status).to_contain_text("objęłaby 3 dokumenty, 2 tak jak zaksięgowano")
    expect(page.get_by_role("link", name="O/2")).to_be_visible()
    assert not Rule.objects.across_clients().filter(name="Oleje").exists()
    shown.press("s")
    expect(page.get_by_text("Zapisano regułę „Oleje”.")).to_be_visible()
    assert Rule.objects.of_client(live_office.bor).filter(name="Oleje").exists()
    assert shown.complaints == []


def test_a_month_is_closed_and_a_decision_in_it_is_told_where_to_go(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    offices.sure_purchases(live_office.bor, 1)
    shown = screen()
    page = shown.open(reverse("books-periods") + f"?klient={live_office.bor.pk}")
    page.get_by_role("button", name="Zamknij 11.2026").click()
    expect(page.get_by_text("Zamknięto 11.2026", exact=False).first).to_be_visible()
    assert ClosedPeriod.objects.of_client(live_office.bor).count() == 1
    page = shown.open(reverse("queue"))
    expect(page.locator("[name=period]")).to_have_value("2026-12")
    page.locator("[name=period]").select_option("2026-11")
    shown.press("Control+Enter")
    expect(page.locator("#desk .errorlist")).to_contain_text("Wybierz 12.2026, najbliższy")


def test_many_meters_of_a_seller_are_set_at_once(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    texts = ["Prąd, licznik 4711 01", "Prąd, licznik 4711 02", "Prąd, licznik 4711 01"]
    dekrets = [
        purchase(live_office.bor, number=f"L/{n}", rows=[Row(text, Decimal(90 + n))], **SELLER)
        for n, text in enumerate(texts)
    ]
    shown = screen()
    page = shown.open(reverse("queue") + "?kolejka=reczna")
    shown.press("g")
    page.wait_for_url("**/podobne/**")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_label("Tylko te, które mówią").fill("471101")
    shown.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Konto", exact=True).fill("401-01")
    shown.press("Escape", "s")
    expect(page.get_by_text("Ustawiono: 2 dokumenty.", exact=False)).to_be_visible()
    shown.press("Enter")
    expect(page.get_by_text("Zatwierdzono 2 dokumenty.")).to_be_visible()
    found = Dekret.objects.across_clients().in_bulk([dekret.pk for dekret in dekrets])
    states = [found[dekret.pk].state for dekret in dekrets]
    assert (states[0], states[2]) == ("approved", "approved")
    assert states[1] != "approved"
    assert shown.complaints == []


def test_a_warning_is_answered_by_its_number(
    screen: Callable[..., Screen], live_office: Office
) -> None:
    for number in ("FV 7/2026", "FV/007/2026"):
        purchase(live_office.bor, number=number, rows=[Row("Olej napędowy", Decimal("90.00"))])
    shown = screen()
    page = shown.open(reverse("queue"))
    shown.press("j")
    warning = page.locator("#desk .notice", has_text="Taka faktura tego sprzedawcy już jest")
    expect(warning).to_be_visible()
    shown.press("1")
    expect(warning).to_have_count(0)
    later = Dekret.objects.across_clients().get(invoice__number="FV/007/2026")
    assert "double" not in later.warnings
    assert shown.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 600])
def test_every_page_of_the_books_fits_its_window(
    screen: Callable[..., Screen], live_office: Office, width: int, theme: str
) -> None:
    office = live_office
    for dekret in offices.sure_purchases(office.bor, 6):
        approve(dekret, operator=office.anna)
    sold = offices.one_sale(office.bor)
    approve(sold, operator=office.anna)
    for number in range(5):
        known = purchase(
            office.bor, number=f"S/{number}", rows=[Row("Serwis", Decimal("50.00"))], **SELLER
        )
        approve(known, [line(known, account="402-05")], operator=office.anna)
    approve(offices.sure_purchases(office.cis, 1)[0], operator=office.zofia)
    rule = offices.own_rule(office.bor, office.anna)
    offices.double(office.bor)
    waiting = offices.unknown_purchase(office.bor, "CZEKA/1")
    Dimension.objects.create(client=office.bor, kind="mpk", code="B1", name="Biuro")
    Vehicle.objects.create(client=office.bor, plate="WA12345", name="Furgon")
    month = f"?klient={office.bor.pk}&okres=2026-11"
    of_bor = [office.bor.pk]
    pages = {
        "rejestry": reverse("books"),
        "rejestry-vat": reverse("books-registers") + month,
        "rejestry-wybor": reverse("books-registers"),
        "dziennik": reverse("books-journal") + month,
        "obroty": reverse("books-turnover") + month,
        "kpir": reverse("books-columns") + f"?klient={office.cis.pk}&okres=2026-11",
        "okresy": reverse("books-periods") + month,
        "duble": reverse("books-doubles"),
        "reguly": reverse("books-rules") + month,
        "regula": reverse("books-rules-edit", args=[rule.pk]),
        "plan-kont": reverse("clients-chart", args=of_bor),
        "mpk": reverse("clients-dimensions", args=of_bor),
        "pojazdy": reverse("clients-vehicles", args=of_bor),
        "konta-rejestry": reverse("clients-registers", args=of_bor),
        "podobne": reverse("queue-alike", args=[waiting.pk]),
        "kolejka-dubel": reverse("queue") + "?kolejka=reczna&szukaj=FV/007",
    }
    shown = screen(office.ewa, width=width, theme=theme)
    too_wide = []
    for name, address in pages.items():
        shown.open(address)
        if shown.is_wider_than_its_window():
            too_wide.append(name)
        shown.picture(f"{name}-{width}-{theme}")
    page = shown.open(pages["regula"])
    page.get_by_label("tekst pozycji zawiera", exact=False).fill("serwis")
    page.get_by_role("button", name="Wypróbuj").click()
    page.wait_for_load_state("networkidle")
    shown.picture(f"regula-proba-{width}-{theme}")
    assert too_wide == []
    assert shown.complaints == []
