"""What KSeF accepted is stored and posted by itself, and known when KSeF delivers it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.core.errors import UserFixable
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel, Invoice, InvoiceXml, Role
from obieg.inbox.synchronise import synchronise
from obieg.posting.models import Dekret
from obieg.sales.elsewhere import record_elsewhere
from obieg.sales.models import Sale
from obieg.sales.sending import send
from obieg.sales.signals import sales_accepted, sales_rejected
from obieg.sales.storage import bytes_of
from tests.inbox.firm import run_out
from tests.ksef_emulator.invoices import BUYER, fa3
from tests.sales.factories import a_ksef_number
from tests.sales.seller import Seller, forget_calls

pytestmark = pytest.mark.django_db(transaction=True)


def synchronised(seller: Seller, role: Role = Role.SELLER) -> None:
    ensure_channels(seller.client)
    channel = Channel.objects.of_client(seller.client).get(role=role)
    forget_calls()
    run_out(synchronise, channel.pk)


@pytest.mark.parametrize("way", ["online", "batch"])
def test_an_accepted_document_is_stored_as_the_clients_sale(seller: Seller, way: str) -> None:
    seller.chooses(way)
    seller.sends(seller.issue())
    sale = seller.sales().get()
    stored = Invoice.objects.of_client(seller.client).get()
    assert sale.invoice == stored
    assert stored.ksef_number == sale.ksef_number
    assert (stored.direction, stored.roles) == ("sale", ["Subject1"])
    assert (stored.stored_at, stored.acquired_at) == (sale.stored_at, sale.acquired_at)
    xml = InvoiceXml.objects.of_client(seller.client).get(invoice=stored)
    assert bytes(xml.xml) == bytes_of(sale.xmls.across_clients().get())


def test_its_posting_is_proposed(seller: Seller) -> None:
    seller.sends(seller.issue())
    dekret = Dekret.objects.of_client(seller.client).get()
    assert (dekret.invoice, dekret.direction) == (seller.sales().get().invoice, "sale")


def test_the_later_delivery_by_ksef_is_known(seller: Seller) -> None:
    seller.sends(*seller.issues(2))
    before = list(Invoice.objects.of_client(seller.client).order_by("pk").values())
    synchronised(seller)
    assert Channel.objects.of_client(seller.client).get(role="Subject1").last_ok_at
    assert list(Invoice.objects.of_client(seller.client).order_by("pk").values()) == before
    assert Dekret.objects.of_client(seller.client).count() == 2


def test_a_delivery_before_the_answer_is_known_too(seller: Seller) -> None:
    sale = seller.issue()
    seller.control.put_invoices({"a.xml": bytes_of(sale.xmls.across_clients().get())})
    synchronised(seller)
    seller.sends(sale)
    assert Invoice.objects.of_client(seller.client).get() == seller.sale(sale).invoice
    assert Dekret.objects.of_client(seller.client).count() == 1


def test_the_rooms_above_hear_of_both_answers(seller: Seller) -> None:
    heard = []

    def accepted(sales: list[Sale], **_: object) -> None:
        heard.extend((s.state, bool(s.ksef_number), connection.in_atomic_block) for s in sales)

    def refused(sales: list[Sale], **_: object) -> None:
        heard.extend((s.state, s.ksef_code, connection.in_atomic_block) for s in sales)

    sales_accepted.connect(accepted)
    sales_rejected.connect(refused)
    try:
        seller.sends(seller.issue(), seller.issue(xml=b"<Faktura/>"))
    finally:
        sales_accepted.disconnect(accepted)
        sales_rejected.disconnect(refused)
    assert sorted(heard) == [("accepted", True, True), ("rejected", 450, True)]


def test_a_self_billed_invoice_is_the_clients_purchase(seller: Seller) -> None:
    """KSeF itself would have to know of the supplier's permission."""
    from obieg.sales.acceptance import Grant, accept
    from obieg.sales.sending.claiming import claim
    from tests.sales.test_sending_races import an_open_session

    xml = fa3("FV/1/samo", seller=BUYER, buyer=seller.client.nip, self_invoicing=True)
    sale = seller.issue(number="FV/1/samo", xml=xml)
    send([sale], actor=None)
    claimed = claim(sale.pk, an_open_session(seller))
    now = timezone.now()
    accept(seller.client, [(claimed, Grant(a_ksef_number(BUYER), now, now))])
    stored = Invoice.objects.of_client(seller.client).get()
    assert (stored.direction, stored.roles) == ("purchase", ["Subject2"])


def test_the_moment_of_storing_may_come_later(seller: Seller) -> None:
    from obieg.sales.acceptance import Grant, accept
    from obieg.sales.sending.claiming import claim
    from tests.sales.test_sending_races import an_open_session

    sale = seller.issue()
    send([sale], actor=None)
    claimed = claim(sale.pk, an_open_session(seller))
    number, now = a_ksef_number(seller.client.nip), timezone.now()
    accept(seller.client, [(claimed, Grant(number, now, None))])
    assert (seller.states(), seller.sale(sale).invoice) == (["accepted"], None)
    for _ in range(2):
        accept(seller.client, [(claimed, Grant(number, now, now))])
    assert seller.sale(sale).stored_at == now
    assert seller.sale(sale).invoice == Invoice.objects.of_client(seller.client).get()


def test_the_engines_own_worker_sends(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    send(seller.issues(2), actor=None)
    for _ in range(20):
        if not ProcrastinateJob.objects.filter(status="todo").exists():
            break
        ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=timezone.now())
        with app.replace_connector(app.connector.get_worker_connector()):
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert seller.states() == ["accepted", "accepted"]
    assert not ProcrastinateJob.objects.exclude(status="succeeded").exists()


def test_a_number_is_written_in_by_hand(seller: Seller) -> None:
    number, moment = a_ksef_number(seller.client.nip), timezone.now() - timedelta(days=1)
    for state in ("ready", "outside", "waiting"):
        sale = seller.issue(
            state=state, **({"offline_mode": "failure"} if state == "waiting" else {})
        )
        number = a_ksef_number(seller.client.nip)
        record_elsewhere(sale, ksef_number=f" {number.lower()} ", acquired_at=moment, actor=None)
        sale = seller.sale(sale)
        assert (sale.state, sale.ksef_number, sale.elsewhere) == ("accepted", number, True)
        assert sale.acquired_at == moment


def test_what_was_sent_elsewhere_is_linked_when_ksef_delivers_it(seller: Seller) -> None:
    sale = seller.issue()
    xml = bytes_of(sale.xmls.across_clients().get())
    answer = seller.control.put_invoices({"a.xml": xml})
    number = answer["accepted"][0]["ksefNumber"]
    record_elsewhere(sale, ksef_number=number, acquired_at=timezone.now(), actor=None)
    assert seller.sale(sale).invoice is None
    synchronised(seller)
    assert seller.sale(sale).invoice == Invoice.objects.of_client(seller.client).get()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("9990000018-20261120-000000000001-00", "ksef.not_a_number"),
        ("FV/1", "ksef.not_a_number"),
        (a_ksef_number("9990000024"), "sales.ksef_number_of_another"),
    ],
)
def test_a_wrong_number_is_refused(seller: Seller, number: str, code: str) -> None:
    with pytest.raises(UserFixable) as told:
        record_elsewhere(seller.issue(), ksef_number=number, acquired_at=timezone.now(), actor=None)
    assert told.value.code == code
    assert seller.states() == ["ready"]


def test_a_number_that_another_document_has_is_refused(seller: Seller) -> None:
    first, second = seller.issues(2)
    number = a_ksef_number(seller.client.nip)
    record_elsewhere(first, ksef_number=number, acquired_at=timezone.now(), actor=None)
    with pytest.raises(UserFixable) as told:
        record_elsewhere(second, ksef_number=number, acquired_at=timezone.now(), actor=None)
    assert told.value.code == "sales.ksef_number_taken"
    assert first.number in str(told.value)


def test_an_accepted_document_and_the_future_are_refused(seller: Seller) -> None:
    sale = seller.issue()
    number = a_ksef_number(seller.client.nip)
    with pytest.raises(UserFixable) as told:
        record_elsewhere(
            sale, ksef_number=number, acquired_at=datetime(2099, 1, 1, tzinfo=UTC), actor=None
        )
    assert told.value.code == "sales.accepted_in_future"
    seller.sends(sale)
    with pytest.raises(UserFixable) as told:
        record_elsewhere(
            seller.sale(sale), ksef_number=number, acquired_at=timezone.now(), actor=None
        )
    assert told.value.code == "office.illegal_transition"
