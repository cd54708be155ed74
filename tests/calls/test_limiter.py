"""The windows of the limiter, counted in the ledger."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from obieg.calls.limiter import ANSWER_WITHIN, CallMeter, Key, impose_embargo
from obieg.calls.models import KsefCall, ToldRates
from obieg.core.errors import MustWait
from obieg.ksef.errors import RateLimited
from obieg.ksef.rates import Group
from obieg.office.models import Client, KsefEnvironment

EXPORT = Group.INVOICE_EXPORT  # 8 in a second, 16 in a minute, 20 in an hour
TEST = KsefEnvironment.TEST


@pytest.fixture
def meter(db: None) -> CallMeter:
    return CallMeter(Client.objects.create(nip="9990000029", name="Próbna"), TEST, 1)


def another() -> CallMeter:
    return CallMeter(Client.objects.create(nip="9990000035", name="Inna"), TEST, 1)


def now() -> datetime:
    return datetime.now(UTC)


def call(meter: CallMeter, group: Group = EXPORT, status: int | None = 201) -> None:
    with meter.call(group, "próba") as answer:
        if status:
            answer.came(status)


def past_calls(meter: CallMeter, count: int, ago: timedelta) -> None:
    KsefCall.objects.bulk_create(
        KsefCall(
            environment=meter.environment, context=meter.client.nip, group=EXPORT,
            operation="dawna", at=now() - ago, counted_at=now() - ago,
        )
        for _ in range(count)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("count", "ago", "span"),
    [
        (8, timedelta(seconds=-30), timedelta(seconds=1)),  # still under way
        (16, timedelta(seconds=40), timedelta(minutes=1)),
        (20, timedelta(minutes=50), timedelta(hours=1)),
    ],
)
def test_a_full_window_says_when_it_opens(
    meter: CallMeter, count: int, ago: timedelta, span: timedelta
) -> None:
    past_calls(meter, count - 1, ago)
    call(meter)
    KsefCall.objects.across_clients().filter(operation="próba").update(counted_at=now() - ago)
    with pytest.raises(MustWait) as error:
        call(meter)
    left = error.value.until - now()
    assert span - ago - timedelta(seconds=1) < left <= span - ago


@pytest.mark.parametrize(
    ("count", "ago"),
    [(8, timedelta(seconds=1.1)), (16, timedelta(seconds=61)), (20, timedelta(minutes=61))],
)
def test_a_window_rolls(meter: CallMeter, count: int, ago: timedelta) -> None:
    past_calls(meter, count, ago)
    call(meter)


def test_windows_are_of_one_context_group_and_environment(meter: CallMeter) -> None:
    past_calls(meter, 20, timedelta(minutes=2))
    call(meter, Group.INVOICE_METADATA)
    call(another())
    call(CallMeter(meter.client, KsefEnvironment.DEMO, 1))
    with pytest.raises(MustWait):
        call(meter)


def test_calls_without_context_are_counted_for_the_office(meter: CallMeter) -> None:
    call(meter, Group.ANONYMOUS)
    call(another(), Group.ANONYMOUS)
    rows = KsefCall.objects.across_clients().values_list("context", flat=True)
    assert list(rows) == ["", ""]


def test_the_ledger_says_what_came_of_a_call(meter: CallMeter) -> None:
    with meter.call(EXPORT, "POST /invoices/exports") as answer:
        waiting = KsefCall.objects.across_clients().get()
        answer.came(201)
    row = KsefCall.objects.across_clients().get()
    assert (waiting.status, waiting.counted_at) == (None, waiting.at + ANSWER_WITHIN)
    assert (row.status, row.client, row.credential_id) == (201, meter.client, 1)
    assert row.duration_ms is not None
    assert row.at < row.counted_at < row.at + timedelta(seconds=5)


def test_a_call_whose_answer_was_lost_stays_counted(meter: CallMeter) -> None:
    for _ in range(8):
        with pytest.raises(TimeoutError), meter.call(EXPORT, "próba"):
            raise TimeoutError
    with pytest.raises(MustWait) as error:
        call(meter)
    assert error.value.until > now() + ANSWER_WITHIN - timedelta(seconds=5)


def test_a_slow_call_counts_from_its_answer(meter: CallMeter) -> None:
    """KSeF may have counted it as late as that: eight more at once would be one too many."""
    with meter.call(EXPORT, "wolna") as answer:
        time.sleep(0.05)
        answered = now()
        answer.came(201)
    slow = KsefCall.objects.across_clients().get()
    assert slow.at < answered <= slow.counted_at


def test_a_window_counts_calls_by_their_answers(meter: CallMeter) -> None:
    call(meter)
    first = KsefCall.objects.across_clients().get()
    first.at, first.counted_at = now() - timedelta(days=1), now() + timedelta(seconds=30)
    for _ in range(8):  # sent long ago, answered so late that no load of the machine outlasts it
        first.pk = None
        first.save(force_insert=True)
    with pytest.raises(MustWait):
        call(meter)


def test_retry_after_stops_the_group_for_everyone(meter: CallMeter) -> None:
    with pytest.raises(RateLimited), meter.call(EXPORT, "próba"):
        raise RateLimited(wait=timedelta(minutes=7))
    with pytest.raises(MustWait) as error:
        call(CallMeter(meter.client, TEST, 2))
    left = error.value.until - now()
    assert timedelta(minutes=6, seconds=50) < left <= timedelta(minutes=7)
    call(meter, Group.INVOICE_METADATA)
    call(another())


def test_a_shorter_embargo_does_not_shorten_a_longer_one(meter: CallMeter) -> None:
    key = Key(TEST, meter.client.nip, EXPORT)
    impose_embargo(key, timedelta(hours=1))
    impose_embargo(key, timedelta(seconds=1))
    with pytest.raises(MustWait) as error:
        call(meter)
    assert error.value.until > now() + timedelta(minutes=59)


def test_an_embargo_ends(meter: CallMeter) -> None:
    impose_embargo(Key(TEST, meter.client.nip, EXPORT), timedelta(milliseconds=50))
    time.sleep(0.1)
    call(meter)


def test_what_ksef_told_replaces_the_specification(meter: CallMeter) -> None:
    told = {"environment": TEST, "context": meter.client.nip, "group": EXPORT, "told_at": now()}
    row = ToldRates.objects.create(per_second=None, per_minute=None, per_hour=2, **told)
    call(meter)
    call(meter)
    with pytest.raises(MustWait):
        call(meter)
    row.per_hour = 0
    row.save()
    with pytest.raises(MustWait):
        call(meter, EXPORT)


@pytest.mark.django_db(transaction=True)
def test_a_call_is_not_made_inside_a_transaction() -> None:
    meter = another()
    with (
        transaction.atomic(),
        pytest.raises(RuntimeError, match="durable"),
        meter.call(EXPORT, "próba"),
    ):
        raise AssertionError("the call was made")


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_never_get_more_than_the_window() -> None:
    meter = another()
    admitted: list[float] = []
    start = threading.Barrier(12)

    def contend() -> None:
        try:
            start.wait()
            for _ in range(3):
                try:
                    call(meter)
                except MustWait:
                    continue
                admitted.append(time.monotonic())
        finally:
            connection.close()

    threads = [threading.Thread(target=contend) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 <= len(admitted) <= 16
    for moment in admitted:
        assert sum(moment <= other < moment + 1 for other in admitted) <= 8
