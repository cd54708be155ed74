"""The page of rebates in headless Chromium."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from obieg.sales.models import Sale
from tests.sales.factories import a_sale
from tests.sales.seller import Seller
from tests.sales.test_browser import anna, screen  # noqa: F401 - fixtures
from tests.web.browsing import Screen
from tests.web.conftest import browser  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_ticked_invoices_lead_to_a_rebate_by_rate(
    screen: Callable[..., Screen],  # noqa: F811 - the fixture imported above
    seller: Seller,
    width: int,
    theme: str,
) -> None:
    for _ in range(2):
        a_sale("confirmed", client=seller.client)
    shown = screen(width=width, theme=theme)
    page = shown.open(reverse("sales"))
    for tick in page.locator("input[name=chosen]").all():
        tick.check()
    page.get_by_text("Więcej", exact=False).locator("visible=true").first.click()
    page.get_by_role("button", name="Korekta zbiorcza").click()
    page.get_by_text("Tylko na wybrane pozycje").click()
    shown.picture(f"sprzedaz-rabat-{width}-{theme}")
    assert not shown.is_wider_than_its_window()
    page.locator("[name='rate-23-percent']").fill("10")
    page.get_by_role("button", name="Przygotuj korektę").click()
    expect(page.locator("#sums")).to_contain_text("-49,20")
    assert Sale.objects.of_client(seller.client).filter(kind="KOR").count() == 1
    assert shown.complaints == []
