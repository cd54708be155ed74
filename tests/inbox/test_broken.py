"""Whatever goes wrong between us and KSeF, at whichever call: nothing lost, nothing doubled."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ksef_emulator.testing import Emulator
from obieg.inbox.models import Channel
from obieg.inbox.synchronise import synchronise
from obieg.ksef.public_keys import _BY_ADDRESS
from tests.inbox.firm import Firm

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS: dict[str, dict[str, Any]] = {
    "500": {"fault": "status", "status": 500},
    "503": {"fault": "status", "status": 503},
    "429": {"fault": "status", "status": 429, "retry_after": 1},
    "410": {"fault": "status", "status": 410},
    "401": {"fault": "status", "status": 401},
    "no answer, nothing done": {"fault": "cut_before"},
    "no answer, but done": {"fault": "cut_after"},
    "half an answer": {"fault": "cut_midway"},
    "a wrong byte": {"fault": "corrupt_part"},
}
FEWEST = 8  # the keys, four to log in, the order, its status, the part
ORDER = re.compile(r"/invoices/exports$")


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_at_every_call(name: str, new_firm: Callable[[], Firm], ksef: Emulator) -> None:
    unharmed = new_firm()
    unharmed.buys(2)
    _BY_ADDRESS.clear()
    ksef.control.clear_requests()
    unharmed.synchronise()
    calls = len(ksef.control.requests())
    assert calls >= FEWEST
    for place in range(calls):
        firm = new_firm()
        firm.buys(2)
        _BY_ADDRESS.clear()  # the public keys are asked for again as well
        ksef.control.clear_requests()
        ksef.control.add_fault(**renamed(FAULTS[name]), after=place)
        synchronise_until_well(firm)
        requests = ksef.control.requests()
        struck = [request for request in requests if request["fault"]]
        where = f"{name} at call {place}: {struck}"
        if len(requests) <= place >= FEWEST:  # KSeF was quicker now: fewer questions for the status
            assert firm.holds_everything(), where
            ksef.control.clear_faults()
            continue
        assert len(struck) == 1, where
        assert firm.holds_everything(), where
        assert orders(ksef) <= 1 + spoils_the_order(struck[0]), where
        ksef.control.clear_faults()


def renamed(rule: dict[str, Any]) -> dict[str, Any]:
    return {{"retry_after": "retryAfter"}.get(key, key): value for key, value in rule.items()}


def synchronise_until_well(firm: Firm) -> Channel:
    """As the engine and the next turns would: until a pass ends without an error."""
    channel = firm.synchronise()
    for _ in range(3):
        if not channel.failures:
            break
        channel = firm.synchronise()
    assert channel.failures == 0, channel.error_text
    assert channel.error_text == ""
    return channel


def orders(ksef: Emulator) -> int:
    return sum(bool(ORDER.search(request["path"])) for request in ksef.control.requests())


def spoils_the_order(request: dict[str, Any]) -> bool:
    """Whether an order has to be repeated: it was struck itself, or its result is gone."""
    on_order = bool(ORDER.search(request["path"]))
    return on_order or ("/exports/" in request["path"] and request["status"] == 410)


def test_a_token_that_ends_between_the_order_and_the_status(firm: Firm, ksef: Emulator) -> None:
    order_slowly(firm, ksef)
    ksef.control.expire_access_tokens()
    ksef.control.change_settings(processingDelay=0)
    ksef.control.advance_clock(timedelta(hours=1))
    firm.synchronise()
    assert firm.holds_everything()
    assert firm.states() == ["stored", "stored"]


def order_slowly(firm: Firm, ksef: Emulator, **settings: int) -> None:
    """Let the firm, which is logged in, order an export that takes an hour."""
    firm.synchronise()
    ksef.control.change_settings(processingDelay=3600, **settings)
    firm.buys(2)
    assert synchronise(firm.channel().pk) is not None
    assert firm.states() == ["stored", "ordered"]


def test_a_public_key_that_was_replaced(firm: Firm, ksef: Emulator) -> None:
    ksef.control.rotate_keys()
    firm.buys(2)
    channel = firm.synchronise()
    assert firm.holds_everything()
    assert channel.failures == 0


def test_an_export_that_expired_is_ordered_anew_from_the_same_place(
    firm: Firm, ksef: Emulator
) -> None:
    order_slowly(firm, ksef, packageLifetime=10)
    begun_at = firm.channel().position
    ksef.control.advance_clock(timedelta(hours=3))
    ksef.control.change_settings(processingDelay=0, packageLifetime=86400)
    firm.synchronise()
    assert firm.states() == ["stored", "expired", "stored"]
    assert [package.window_from for package in firm.packages()][1:] == [begun_at, begun_at]
    assert firm.holds_everything()


def test_a_part_that_stays_corrupt_is_kept_reported_and_fetched_later(
    firm: Firm, ksef: Emulator
) -> None:
    ksef.control.add_fault("corrupt_part", path="/storage/", times=None)
    firm.buys(2)
    channel = firm.channel()
    begun_at = channel.position
    assert synchronise(channel.pk) is not None
    channel = firm.channel()
    assert firm.states() == ["unreadable"]
    assert (channel.position, channel.error_code) == (begun_at, "ksef.package_corrupt")
    assert "uszkodzone" in channel.error_text
    wait = synchronise(channel.pk)
    assert wait is not None
    assert wait > timezone.now()
    assert firm.states() == ["unreadable"]
    ksef.control.clear_faults()
    firm.synchronise()
    assert firm.states() == ["stored"]
    assert firm.holds_everything()
    assert firm.orders() == 1


def test_an_unreadable_package_whose_links_ended_is_ordered_anew(
    firm: Firm, ksef: Emulator
) -> None:
    ksef.control.add_fault("corrupt_part", path="/storage/", times=1)
    firm.buys(2)
    synchronise(firm.channel().pk)
    assert firm.states() == ["unreadable"]
    ksef.control.advance_clock(timedelta(days=8))
    firm.synchronise()
    assert firm.states() == ["expired", "stored"]
    assert firm.holds_everything()


def test_links_that_ended_are_asked_for_again(firm: Firm, ksef: Emulator) -> None:
    ksef.control.add_fault("status", path="/storage/", status=403)
    firm.buys(2)
    firm.synchronise()
    assert firm.states() == ["stored"]
    assert firm.orders() == 1
    assert firm.holds_everything()


def test_a_limit_leaves_the_channel_as_it_was(firm: Firm, ksef: Emulator) -> None:
    ksef.control.add_fault("status", path="/invoices/exports", status=429, retryAfter=600)
    channel = firm.channel()
    wait = synchronise(channel.pk)
    assert wait is not None
    assert timedelta(minutes=9) < wait - timezone.now() < timedelta(minutes=11)
    after = firm.channel()
    assert (after.failures, after.error_text, after.position) == (0, "", channel.position)
