"""Our address stays within KSeF's limit of calls a second, whatever contexts they are of."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from obieg.calls import address
from obieg.calls.address import give_back, take_slot
from obieg.calls.limiter import CallMeter
from obieg.calls.models import AddressSlot, KsefCall
from obieg.core.errors import MustWait
from obieg.ksef.rates import PER_ADDRESS, Group
from obieg.office.models import Client, KsefEnvironment

TEST, DEMO = KsefEnvironment.TEST, KsefEnvironment.DEMO


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=90)


def offices(count: int) -> list[CallMeter]:
    """Meters of so many clients, each with windows of its own."""
    return [
        CallMeter(Client.objects.create(nip=f"99900{place:05d}", name=f"K{place}"), TEST, 1)
        for place in range(count)
    ]


@pytest.mark.django_db
def test_all_contexts_together_make_no_more_calls_than_the_address_may() -> None:
    meters = offices(20)
    made, waits = 0, list[timedelta]()
    for place in range(100):
        try:
            with meters[place % 20].call(Group.INVOICE_STATUS, "próba") as answer:
                answer.came(200)
                made += 1
        except MustWait as error:
            waits.append(error.until - datetime.now(UTC))
        AddressSlot.objects.filter(free_at__gt=datetime.now(UTC)).update(free_at=soon())
    assert (made, len(waits)) == (PER_ADDRESS, 100 - PER_ADDRESS)
    assert max(waits) <= timedelta(seconds=1)
    assert KsefCall.objects.across_clients().count() == PER_ADDRESS  # a refused one leaves no row


@pytest.mark.django_db
def test_a_slot_is_free_a_second_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "PER_ADDRESS", 1)
    slot = take_slot(TEST, soon())
    assert slot is not None
    assert take_slot(TEST, soon()) is None
    assert take_slot(DEMO, soon()) is not None  # another address of KSeF
    give_back(slot)
    assert take_slot(TEST, soon()) is None
    time.sleep(1.02)
    assert take_slot(TEST, soon()) == slot


@pytest.mark.django_db
def test_a_call_without_an_answer_keeps_its_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "PER_ADDRESS", 1)
    [meter, other] = offices(2)
    with meter.call(Group.OTHER, "próba"):
        pass
    with pytest.raises(MustWait), other.call(Group.OTHER, "próba"):
        pytest.fail("the lost call may still be counted by KSeF")


@pytest.mark.django_db(transaction=True)
def test_who_takes_a_slot_waits_for_nobody_and_none_is_given_twice() -> None:
    take_slot(TEST, datetime.now(UTC))
    taken: list[int] = []
    start = threading.Barrier(6)

    def take() -> None:
        try:
            start.wait()
            for _ in range(20):
                with transaction.atomic():
                    slot = take_slot(TEST, soon())
                    time.sleep(0.005)  # a commit takes its time
                if slot is not None:
                    taken.append(slot)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == PER_ADDRESS
    assert time.monotonic() - began < 120 * 0.005 * 4  # not one after another
