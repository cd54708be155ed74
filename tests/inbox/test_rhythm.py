"""Whose turn it is, and when: spread over the interval, never lost, never too often."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.core.calendar import Month
from obieg.core.polish import WARSAW, today
from obieg.inbox import channels, delays, windows
from obieg.inbox.models import Channel, Role
from obieg.inbox.schedule import schedule_due
from obieg.inbox.tasks import synchronise_channel
from obieg.office.models import Client
from tests.ksef_emulator.invoices import nip

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def client(number: int, **fields: int) -> Client:
    return Client(pk=number, nip=nip(number), name=f"Firma {number}", **fields)


def test_hundreds_of_clients_are_spread_over_the_interval() -> None:
    turns = [
        channels.turn_from(client(number, sync_interval=60), role, NOW)
        for number in range(1, 301)
        for role in Role
    ]
    minutes = Counter(int((turn - NOW) / timedelta(minutes=1)) for turn in turns)
    assert set(minutes) == set(range(60))
    assert max(minutes.values()) < 40  # 1,200 turns in 60 minutes


@pytest.mark.parametrize("interval", [15, 60, 1440])
def test_a_turn_that_is_kept_comes_again_after_the_interval(interval: int) -> None:
    firm = client(7, sync_interval=interval)
    turn = channels.turn_from(firm, Role.BUYER, NOW)
    late = turn + timedelta(seconds=59)
    assert channels.turn_after(firm, Role.BUYER, late) == turn + timedelta(minutes=interval)


@pytest.mark.parametrize("delay", range(0, 180, 7))
def test_a_late_run_is_not_followed_too_soon(delay: int) -> None:
    firm = client(7, sync_interval=60)
    run = NOW + timedelta(minutes=delay)
    turn = channels.turn_after(firm, Role.SELLER, run)
    assert timedelta(minutes=13) <= turn - run <= timedelta(minutes=74)


@pytest.mark.django_db
class TestSchedule:
    @pytest.fixture
    def office(self) -> Client:
        return Client.objects.create(nip=nip(3), name="Firma", environment="emulator")

    def test_a_new_client_gets_four_channels_from_the_previous_month(self, office: Client) -> None:
        schedule_due()
        made = Channel.objects.of_client(office)
        assert {channel.role for channel in made} == set(Role)
        previous = Month.of(today()).previous()
        assert {channel.position.astimezone(WARSAW).date() for channel in made} == {previous.first}

    def test_a_due_channel_is_queued_once_and_its_turn_moves_on(self, office: Client) -> None:
        channels.ensure_channels(office)
        Channel.objects.of_client(office).update(next_run_at=NOW + timedelta(seconds=1))
        Channel.objects.of_client(office).filter(role=Role.BUYER).update(next_run_at=NOW)
        assert schedule_due(NOW) == 1
        assert schedule_due(NOW) == 0
        channel = Channel.objects.of_client(office).get(role=Role.BUYER)
        assert channel.next_run_at >= NOW + timedelta(minutes=13)
        job = ProcrastinateJob.objects.get(queueing_lock=f"channel-{channel.pk}")
        assert job.task_name == synchronise_channel.name
        assert job.args == {"channel_id": channel.pk}
        assert job.lock == f"client-{office.pk}"

    def test_a_waiting_pass_spoils_neither_the_turn_nor_the_transaction(
        self, office: Client
    ) -> None:
        channels.ensure_channels(office)
        for _ in range(2):
            Channel.objects.of_client(office).update(next_run_at=NOW)
            assert schedule_due(NOW) == 4
        assert ProcrastinateJob.objects.filter(status="todo").count() == 4

    def test_clients_no_longer_served_are_left_alone(self, office: Client) -> None:
        channels.ensure_channels(office)
        Channel.objects.of_client(office).update(next_run_at=NOW)
        Client.objects.of_client(office.pk).update(active=False)
        assert schedule_due(NOW) == 0

    def test_a_client_that_changed_its_environment_gets_channels_there(
        self, office: Client
    ) -> None:
        channels.ensure_channels(office)
        Client.objects.of_client(office.pk).update(environment="test")
        schedule_due(NOW)
        assert Channel.objects.of_client(office).filter(environment="test").count() == 4


def test_polls_slow_down_and_stay_at_a_minute() -> None:
    seconds = [delays.before_poll(polls).total_seconds() for polls in range(7)]
    assert seconds == [2, 5, 10, 30, 60, 60, 60]


def test_back_off_doubles_up_to_half_an_hour() -> None:
    seconds = [delays.after_failures(failures).total_seconds() for failures in (0, 1, 2, 3, 9, 99)]
    assert seconds == [30, 30, 60, 120, 1800, 1800]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("truncated", "window_to", "last", "hwm", "expected"),
    [
        (False, None, None, 5 * DAY, 5 * DAY),
        (True, None, 3 * DAY, 5 * DAY, 3 * DAY),
        (False, 90 * DAY, None, 90 * DAY, 90 * DAY),
        (False, 90 * DAY, None, 200 * DAY, 90 * DAY),  # the mark of today is not that of the window
        (False, 90 * DAY, None, 80 * DAY, 80 * DAY),
        (False, None, None, -1 * DAY, 0 * DAY),  # never back
        (False, None, None, None, 0 * DAY),  # no mark, no progress
        (True, None, None, 5 * DAY, 0 * DAY),
    ],
)
def test_the_next_window_begins_where_this_one_is_closed(
    truncated: bool,
    window_to: timedelta | None,
    last: timedelta | None,
    hwm: timedelta | None,
    expected: timedelta,
) -> None:
    def moment(after: timedelta | None) -> datetime | None:
        return None if after is None else NOW + after

    assert (
        windows.position_after(
            window_from=NOW,
            window_to=moment(window_to),
            truncated=truncated,
            last=moment(last),
            hwm=moment(hwm),
        )
        == NOW + expected
    )


@pytest.mark.parametrize("days", [0, 1, 90, 91, 99, 101, 2000])
def test_no_window_is_longer_than_ksef_allows(days: int) -> None:
    start = NOW - timedelta(days=days)
    end = windows.end_for(start, NOW) or NOW
    assert end <= NOW
    assert end - start < windows.LONGEST
