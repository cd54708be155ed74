"""What a person asks for: now, a period, one number."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.core.errors import UserFixable
from obieg.core.polish import today
from obieg.inbox.by_hand import fetch_by_number, fetch_period, synchronise_now
from obieg.inbox.errors import EmptyPeriod, NotInKsef
from obieg.inbox.jobs import enqueue_pass
from obieg.inbox.models import Quarantined, Role
from obieg.ksef.errors import NotKsefNumber
from obieg.office.models import Event, Operator
from tests.inbox.firm import Firm
from tests.ksef_emulator.invoices import fa3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator() -> Operator:
    return Operator.objects.create_user("anna", name="Anna", sees_all_clients=True)


def waiting(firm: Firm) -> list[str]:
    jobs = ProcrastinateJob.objects.filter(status="todo", lock=f"client-{firm.client.pk}")
    return sorted(jobs.values_list("queueing_lock", flat=True))


def test_now_queues_every_channel_once(firm: Firm, operator: Operator) -> None:
    synchronise_now(firm.client, operator)
    channels = synchronise_now(firm.client, operator)
    assert waiting(firm) == sorted(f"channel-{channel.pk}" for channel in channels)
    assert len(channels) == 4
    trail = Event.objects.of_client(firm.client).filter(kind="synchronise_now")
    assert [event.actor for event in trail] == [operator, operator]


def test_now_comes_before_a_later_continuation(firm: Firm, operator: Operator) -> None:
    channel = firm.channel()
    enqueue_pass(channel, at=datetime.now(UTC) + timedelta(hours=1))
    synchronise_now(firm.client, operator)
    job = ProcrastinateJob.objects.get(queueing_lock=f"channel-{channel.pk}", status="todo")
    assert job.scheduled_at is None


def test_a_period_brings_what_is_missing_and_moves_no_position(
    firm: Firm, operator: Operator
) -> None:
    now = datetime.now(UTC)
    firm.buys(6, acquired_from=now - timedelta(days=250), acquired_to=now - timedelta(days=1))
    channel = firm.synchronise()
    already = len(firm.numbers())
    assert 0 < already < 6
    first_day = today() - timedelta(days=260)
    packages = fetch_period(firm.client, Role.BUYER, first_day, today(), operator)
    assert len(packages) == 3
    assert waiting(firm) == sorted(f"package-{package.pk}" for package in packages)
    done = [firm.carry(package) for package in packages]
    assert firm.holds_everything()
    assert sum(package.stored for package in done) == 6 - already
    assert firm.channel().position == channel.position
    assert {package.ordered_by for package in done} == {operator}


def test_a_truncated_period_is_followed_to_its_end(firm: Firm, ksef: Emulator) -> None:
    ksef.control.change_settings(exportMaxInvoices=3)
    firm.buys(7)
    firm.carry(firm.asks_for_today())
    while firm.packages().exclude(state="stored").exists():
        rest = firm.packages().exclude(state="stored").first()
        assert f"package-{rest.pk}" in waiting(firm)
        firm.carry(rest)
    assert firm.holds_everything()


@pytest.mark.parametrize("days", [(1, 0), (5, 9)])
def test_a_period_without_a_past_day_is_refused(
    firm: Firm, operator: Operator, days: tuple[int, int]
) -> None:
    start, end = (today() + timedelta(days=number) for number in days)
    with pytest.raises(EmptyPeriod):
        fetch_period(firm.client, Role.BUYER, start, end, operator)


def test_a_number_brings_its_document(firm: Firm, operator: Operator) -> None:
    number, other = firm.buys(2)
    invoice = fetch_by_number(firm.client, f" {number.lower()} ", operator)
    assert invoice is not None
    assert (invoice.ksef_number, invoice.roles) == (number, ["Subject2"])
    firm.synchronise()
    assert firm.holds_everything()
    assert sorted(firm.numbers()) == sorted([number, other])


def test_a_stored_number_is_not_asked_for_again(firm: Firm, ksef: Emulator) -> None:
    (number,) = firm.buys(1)
    firm.synchronise()
    ksef.control.clear_requests()
    assert fetch_by_number(firm.client, number, None) == firm.invoices().get()
    assert ksef.control.requests() == []


def test_a_wrong_check_sum_is_refused_before_anything_is_asked(firm: Firm, ksef: Emulator) -> None:
    (number,) = firm.buys(1)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    ksef.control.clear_requests()
    with pytest.raises(NotKsefNumber, match="nie jest poprawny"):
        fetch_by_number(firm.client, wrong, None)
    assert ksef.control.requests() == []


def test_a_document_of_others_is_not_shown(new_firm: Callable[[], Firm]) -> None:
    theirs, ours = new_firm(), new_firm()
    (number,) = theirs.buys(1)
    with pytest.raises(NotInKsef, match="jest na niej stroną") as refusal:
        fetch_by_number(ours.client, number, None)
    assert isinstance(refusal.value, UserFixable)


def test_a_number_releases_what_was_quarantined(firm: Firm) -> None:
    (number,) = firm.buys(1)
    Quarantined.objects.create(
        client=firm.client,
        environment="emulator",
        role=Role.BUYER,
        ksef_number=number,
        name="x.xml",
        content=b"<",
        error_code="fa.malformed",
        error_text="…",
    )
    assert fetch_by_number(firm.client, number, None) is not None
    assert Quarantined.objects.of_client(firm.client).get().resolved_at is not None


def test_an_unreadable_document_by_number_lies_in_quarantine(firm: Firm) -> None:
    xml = fa3("FV/nieczytelna", seller="9990000012", buyer=firm.client.nip).replace(
        b"<P_11>100.00</P_11>", b"<P_11>sto</P_11>"
    )
    (number,) = firm.receives({"a.xml": xml}, check=False)
    assert fetch_by_number(firm.client, number, None) is None
    assert Quarantined.objects.of_client(firm.client).get().ksef_number == number


def test_the_days_of_a_period_are_those_of_warsaw() -> None:
    from obieg.inbox.windows import period

    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    ((start, end),) = period(date(2026, 7, 1), date(2026, 7, 31), now)
    assert (start, end) == (
        datetime(2026, 6, 30, 22, tzinfo=UTC),
        datetime(2026, 7, 31, 22, tzinfo=UTC),
    )
