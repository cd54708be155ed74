import pytest
from django.urls import reverse
from tests.sales.factories import *
from tests.web.browsing import Screen
from tests.web.conftest import browser  # noqa
from obieg.sales.contractors import keep
from obieg.sales.models import *
from obieg.sales import drafts

pytestmark = [pytest.mark.django_db(transaction=True)]

@pytest.fixture(autouse=True)
def urls(settings):
    settings.ROOT_URLCONF = "dev_urls"

def test_dev(live_server, browser):
    client = a_client(name="Bór sp. z o.o.")
    anna = an_issuer(client)
    BankAccount.objects.create(client=client, number=ACCOUNT, bank="Bank Pokazowy")
    keep(Contractor(client=client, payment_days=30), a_buyer(), actor=anna)
    keep(Contractor(client=client), a_buyer(name="Leśny Zakątek Jan Kowalski", nip="9990000018"), actor=anna)
    s = Screen(browser, live_server.url).log_in(anna)
    p = s.open(reverse("sales-new"))
    s.picture("s-new-0")
    p.keyboard.type("bór"); p.wait_for_timeout(500)
    s.picture("s-new-1")
    p.keyboard.press("ArrowDown"); p.keyboard.press("Enter"); p.wait_for_timeout(500)
    p.keyboard.type("Usługa księgowa za listopad"); p.keyboard.press("Enter")
    p.keyboard.type("2,5"); p.keyboard.press("Enter"); p.keyboard.press("Enter")
    p.keyboard.type("1 200,40"); p.keyboard.press("Enter")
    p.keyboard.type("10%"); p.keyboard.press("Enter"); p.keyboard.press("Enter")
    p.keyboard.type("Druga rzecz"); p.keyboard.press("Enter"); p.keyboard.type("3"); p.keyboard.press("Enter"); p.keyboard.press("Enter"); p.keyboard.type("10")
    p.keyboard.press("Control+d"); p.wait_for_timeout(800)
    s.picture("s-new-2")
    p.keyboard.press("Control+s"); p.wait_for_timeout(1500)
    s.picture("s-new-3")
    print(p.url, s.complaints)
    p.keyboard.press("Control+ArrowDown"); p.wait_for_timeout(300)
    s.picture("s-new-4")
    sale = Sale.objects.across_clients().get()
    print(sale.content["lines"])
    for w in (1024, 700):
        for th in ("light", "dark"):
            t = Screen(browser, live_server.url, width=w, theme=th).log_in(anna)
            t.open(reverse("sales-edit", args=[sale.pk])); t.picture(f"s-edit-{w}-{th}"); print(w, t.is_wider_than_its_window())
            t.open(reverse("sales-one", args=[sale.pk])); t.picture(f"s-one-{w}-{th}"); print(w, t.is_wider_than_its_window())
            t.open(reverse("sales")); t.picture(f"s-list-{w}-{th}"); print(w, t.is_wider_than_its_window())
            t.open(reverse("clients-sales", args=[client.pk])); t.picture(f"s-seller-{w}-{th}"); print(w, t.is_wider_than_its_window())
    for n, u in {"one": reverse("sales-one", args=[sale.pk]), "list": reverse("sales"), "seller": reverse("clients-sales", args=[client.pk]), "contractors": reverse("clients-contractors", args=[client.pk]), "contractor": reverse("clients-contractors-add", args=[client.pk]), "env": reverse("clients-environment", args=[client.pk]), "sessions": reverse("sales-sessions")}.items():
        s.open(u); s.picture(f"s-{n}")
    print(s.complaints)
