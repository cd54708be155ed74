"""A pass brings everything that KSeF closed, and knows where the next one begins."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.inbox.models import Channel, Direction, Package, Quarantined, Role
from obieg.inbox.synchronise import synchronise
from tests.inbox.firm import Firm
from tests.ksef_emulator.invoices import fa3, third_party

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pass_stores_every_invoice_with_its_bytes(firm: Firm) -> None:
    firm.buys(5)
    channel = firm.synchronise()
    assert firm.holds_everything()
    assert (channel.fetched, channel.failures, channel.error_code) == (5, 0, "")
    assert channel.last_ok_at is not None
    assert firm.states() == ["stored"]


def test_the_columns_say_what_the_document_says(firm: Firm) -> None:
    firm.buys(1)
    firm.synchronise()
    invoice = firm.invoices().get()
    assert invoice.direction == Direction.PURCHASE
    assert invoice.roles == ["Subject2"]
    assert (str(invoice.net), str(invoice.tax), str(invoice.gross)) == ("100.00", "23.00", "123.00")
    assert invoice.buyer_nip == firm.client.nip
    assert invoice.seller_name.casefold() in invoice.search
    assert invoice.size == len(firm.files[invoice.ksef_number])


def test_the_next_pass_begins_at_the_mark_and_doubles_nothing(firm: Firm) -> None:
    firm.buys(3)
    first = firm.synchronise()
    firm.buys(2)
    second = firm.synchronise()
    assert second.position > first.position
    assert firm.holds_everything()
    windows = list(firm.packages().values_list("window_from", flat=True))
    assert windows[1] == first.position


def test_a_truncated_package_is_followed_to_its_end(firm: Firm, ksef: Emulator) -> None:
    ksef.control.change_settings(exportMaxInvoices=4)
    firm.buys(15)
    firm.synchronise()
    assert firm.holds_everything()
    assert len(firm.states()) == 5  # the first of each window is the last of the one before


def test_invoices_behind_a_lagging_mark_come_later(firm: Firm, ksef: Emulator) -> None:
    ksef.control.change_settings(hwmLag=3600)
    bought_at = ksef.control.now()
    firm.buys(3)
    channel = firm.synchronise()
    assert firm.numbers() == []
    assert channel.position < bought_at
    ksef.control.change_settings(hwmLag=0)
    firm.synchronise()
    assert firm.holds_everything()


def test_a_position_after_the_mark_is_no_error(firm: Firm) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    firm.rewind(ahead)
    channel = firm.synchronise()
    assert (channel.position, channel.failures) == (ahead, 0)


def test_a_position_older_than_a_window_is_caught_up(firm: Firm) -> None:
    start = datetime.now(UTC) - timedelta(days=330)
    firm.rewind(start)
    a_little_ago = datetime.now(UTC) - timedelta(minutes=5)  # KSeF stores after it accepts
    firm.buys(40, acquired_from=start + timedelta(days=1), acquired_to=a_little_ago)
    channel = firm.synchronise()
    assert firm.holds_everything()
    assert channel.position > datetime.now(UTC) - timedelta(minutes=1)
    assert all(
        package.window_to - package.window_from <= timedelta(days=100)
        for package in firm.packages()
        if package.window_to
    )


def test_an_unreadable_invoice_is_kept_aside_alone(firm: Firm) -> None:
    firm.buys(2)
    spoilt = fa3("FV/zły", seller="9990000012", buyer=firm.client.nip).replace(
        b"<P_11>100.00</P_11>", b"<P_11>sto</P_11>"
    )
    (number,) = firm.receives({"zly.xml": spoilt}, check=False)
    channel = firm.synchronise()
    assert len(firm.numbers()) == 2
    kept = Quarantined.objects.of_client(firm.client).get()
    assert (kept.ksef_number, bytes(kept.content)) == (number, spoilt)
    assert "P_11" in kept.error_text
    assert channel.failures == 0
    assert firm.packages().get().quarantined == 1


def test_the_same_document_in_two_roles_is_one_document(firm: Firm) -> None:
    xml = fa3(
        "FV/trzeci",
        seller="9990000012",
        buyer=firm.client.nip,
        extra_parties=third_party(firm.client.nip),
    )
    firm.receives({"a.xml": xml})
    firm.synchronise(Role.THIRD)
    assert firm.invoices().get().direction == Direction.OTHER
    firm.synchronise(Role.BUYER)
    invoice = firm.invoices().get()
    assert invoice.roles == ["Subject3", "Subject2"]
    assert invoice.direction == Direction.PURCHASE


def test_a_pass_that_has_to_wait_queues_its_continuation(firm: Firm, ksef: Emulator) -> None:
    channel = firm.synchronise()
    ksef.control.change_settings(processingDelay=3600)
    wait = synchronise(channel.pk)
    assert wait is not None
    assert firm.states() == ["stored", "ordered"]
    job = ProcrastinateJob.objects.get(queueing_lock=f"channel-{channel.pk}")
    assert (job.lock, job.scheduled_at) == (f"client-{firm.client.pk}", wait)


def test_what_must_be_mended_by_a_person_stands_on_the_channel(firm: Firm, ksef: Emulator) -> None:
    ksef.control.add_fault("status", path="/invoices/exports", status=403)
    channel = firm.channel()
    assert synchronise(channel.pk) is None
    channel = firm.channel()
    assert (channel.failures, channel.error_code) == (1, "ksef.access_denied")
    assert "uprawnienia" in channel.error_text
    channel = firm.synchronise()
    assert (channel.failures, channel.error_text) == (0, "")


def test_two_clients_do_not_share_documents(new_firm: Callable[[], Firm]) -> None:
    buyer, other = new_firm(), new_firm()
    buyer.buys(2)
    other.synchronise()
    assert other.numbers() == []
    assert Package.objects.of_client(buyer.client).count() == 0
    assert Channel.objects.of_client(other.client).count() == 4


def test_another_environment_is_never_asked_for_a_package(firm: Firm) -> None:
    firm.buys(1)
    package = firm.asks_for_today()
    firm.client.environment = "test"
    firm.client.save()
    assert synchronise(package.channel_id) is None
    package = firm.carry(package)
    assert (package.state, package.error_code) == ("failed", "inbox.environment_changed")
    assert firm.numbers() == []
