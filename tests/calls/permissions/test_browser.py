"""The pages in headless Chromium: a grant by its button, wide and narrow, light and dark."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from ksef_emulator.testing import Emulator
from obieg.calls.permissions.carrying import carry
from obieg.calls.permissions.knowing import acquaint, grants_of, part
from obieg.calls.permissions.models import Order
from obieg.calls.permissions.reading import read
from obieg.office.models import Client, Operator
from tests.calls.permissions.conftest import CUSTOMER, elsewhere, in_ksef, to_anna, to_office
from tests.posting.factories import OperatorFactory
from tests.web.browsing import Screen
from tests.web.conftest import browser

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Screen]]:
    ewa: Operator = OperatorFactory(login="ewa", name="Ewa Wilk", owner=True)
    screens = []

    def opened(**options: object) -> Screen:
        shown = Screen(browser, live_server.url, **options).log_in(ewa)
        screens.append(shown)
        return shown

    yield opened
    for shown in screens:
        shown.close()


@pytest.fixture
def busy(client: Client, emulator: Emulator) -> Client:
    """Where a former colleague may still issue, and an unknown firm appeared yesterday."""
    to_anna(emulator, "InvoiceRead", "InvoiceWrite")
    to_office(emulator, "InvoiceRead")
    read(client)
    anna = next(row for row in grants_of(client) if row.holder_name.startswith("Anna"))
    part(acquaint(anna, everywhere=True, actor=None), day=timezone.localdate(), actor=None)
    elsewhere(
        emulator, "authorize", CUSTOMER, "SelfInvoicing",
        name="Nabywca sp. z o.o.", description="Umowa o samofakturowanie nr 7/2026",
    )  # fmt: skip
    read(client)
    return client


def test_the_office_is_granted_what_it_lacks_by_the_button(
    busy: Client, emulator: Emulator, screen: Callable[..., Screen]
) -> None:
    shown = screen(width=1280)
    page = shown.open(reverse("clients-permissions", args=[busy.pk]))
    page.get_by_role("button", name="Nadaj biuru brakujące").click()
    expect(page.get_by_text("Zlecono. Obieg czeka na odpowiedź KSeF")).to_be_visible()
    carry(Order.objects.of_client(busy).get().pk)
    page.get_by_role("button", name="Odczytaj z KSeF").click()
    expect(page.get_by_text("niczego nie brakuje")).to_be_visible()
    assert ("9990000043", "InvoiceWrite") in in_ksef(emulator)
    page.get_by_role("button", name="Przejrzane").click()
    expect(page.get_by_role("heading", name="Zmiany poza Obiegiem")).to_have_count(0)
    assert shown.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_its_window(
    busy: Client, screen: Callable[..., Screen], width: int, theme: str
) -> None:
    shown = screen(width=width, theme=theme)
    addresses = {
        "klient": reverse("clients-permissions", args=[busy.pk]),
        "nadaj": reverse("clients-permissions-grant", args=[busy.pk]),
        "podmiot": reverse("clients-permissions-grant", args=[busy.pk]) + "?komu=podmiot",
        "prosba": reverse("clients-permissions-letter", args=[busy.pk]),
        "odbierz": reverse("permissions-revoke", args=[grants_of(busy)[0].pk]),
        "wszyscy": reverse("permissions"),
        "znani": reverse("permissions-known"),
        "biuro": reverse("permissions-office"),
    }
    for name, address in addresses.items():
        shown.open(address)
        shown.picture(f"uprawnienia-{name}-{width}-{theme}")
        assert not shown.is_wider_than_its_window(), name
    assert shown.complaints == []
