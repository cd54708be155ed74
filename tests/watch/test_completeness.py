"""What KSeF says it stored is compared with what is here, and the missing fetched."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator, running_emulator
from obieg.core.errors import MustWait
from obieg.core.polish import today
from obieg.inbox.models import Channel, Invoice, Package, Quarantined, Role
from obieg.inbox.signals import invoices_stored
from obieg.inbox.synchronise import carry_package
from obieg.ksef.gateway import Gateway
from obieg.office.models import Client, KsefEnvironment
from obieg.office.states import IllegalTransition
from obieg.vault.credentials import add_token
from obieg.vault.models import Credential
from obieg.watch.checks.table import findings
from obieg.watch.completeness import comparing
from obieg.watch.completeness.comparing import carry_on
from obieg.watch.completeness.nights import COMPARE, compare_days, plan_night
from obieg.watch.models import Comparison, Tally
from obieg.watch.states import ComparisonState
from tests.inbox.firm import Firm, run_out
from tests.ksef_emulator.invoices import nip
from tests.watch.conftest import look

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def ksef() -> Iterator[Emulator]:
    with running_emulator(rate_limits="off") as running:
        yield running


@pytest.fixture(autouse=True)
def _reach_emulator(ksef: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OBIEG_EMULATOR_URL", ksef.url)
    monkeypatch.setattr(invoices_stored, "receivers", [])
    before = ksef.control.change_settings()
    yield
    ksef.control.clear_faults()
    ksef.control.change_settings(**before)


_numbers = iter(range(610_000, 620_000))


@pytest.fixture
def firm(ksef: Emulator) -> Firm:
    """A client with three purchases of the last days, all downloaded."""
    number = nip(next(_numbers))
    client = Client.objects.create(
        nip=number, name=f"Firma {number}", environment=KsefEnvironment.EMULATOR
    )
    token = ksef.control.make_token(number)["token"]
    add_token(client, token, environment="emulator", label="próba", actor=None)
    return Firm(client, ksef.control)


def a_week(firm: Firm, invoices: int) -> list[str]:
    """So many purchases of the three days before today, downloaded."""
    now = datetime.now(UTC)
    numbers = firm.buys(invoices, acquired_from=now - 4 * DAY, acquired_to=now - 2 * DAY)
    firm.rewind(now - 20 * DAY)
    firm.synchronise()
    assert sorted(firm.numbers()) == sorted(numbers)
    return numbers


def lose(firm: Firm, *numbers: str) -> None:
    """As if a defect had lost them."""
    Invoice.objects.of_client(firm.client).filter(ksef_number__in=numbers).delete()


def compared(firm: Firm, role: Role = Role.BUYER) -> Comparison:
    """The last seven days in that role, step after step until it ends or waits for packages."""
    begun = compare_days(firm.client, today() - 7 * DAY, today() - DAY, at_once=True)
    (one,) = [found for found in begun if found.role == role]
    carry_on(one.pk)
    return again(one)


def again(comparison: Comparison) -> Comparison:
    return Comparison.objects.across_clients().get(pk=comparison.pk)


def sums(firm: Firm, role: Role = Role.BUYER) -> tuple[int, int, int, int]:
    rows = Tally.objects.of_client(firm.client).filter(role=role)
    found = list(rows.values_list("expected", "stored", "missing", "fetched"))
    assert len(found) == 7
    return tuple(map(sum, zip(*found, strict=True)))  # type: ignore[return-value]


def test_a_complete_client_is_said_to_be_so(firm: Firm) -> None:
    a_week(firm, 4)
    assert compared(firm).state == "done"
    assert sums(firm) == (4, 4, 0, 0)


def test_a_removed_invoice_is_found_and_fetched(firm: Firm) -> None:
    numbers = a_week(firm, 4)
    lose(firm, numbers[1])
    comparison = compared(firm)
    assert comparison.state == "done"
    assert comparison.missing == [numbers[1]]
    assert sums(firm) == (4, 4, 1, 1)
    assert firm.holds_everything()


def test_many_removed_invoices_are_fetched_as_packages(firm: Firm) -> None:
    numbers = a_week(firm, 8)
    lose(firm, *numbers[:6])
    comparison = compared(firm)
    assert comparison.state == "fetching"
    assert sums(firm) == (8, 2, 6, 0)
    for package in Package.objects.of_client(firm.client).filter(incremental=False):
        run_out(carry_package, package.pk)
    carry_on(comparison.pk)
    assert again(comparison).state == "done"
    assert sums(firm) == (8, 8, 6, 6)
    assert firm.holds_everything()


def test_what_does_not_come_is_shown_as_missing(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = a_week(firm, 2)
    lose(firm, numbers[0])
    monkeypatch.setattr(comparing, "fetch_by_number", lambda *_: None)
    compared(firm)
    assert sums(firm) == (2, 1, 1, 0)
    told = [one for one in findings(look()) if one.code == "completeness.missing"]
    assert [one.text for one in told] == ["brakuje 1 faktury, którą ma KSeF"]


def test_the_next_night_remembers_what_was_missing(firm: Firm) -> None:
    numbers = a_week(firm, 3)
    lose(firm, numbers[0])
    compared(firm)
    assert compared(firm).missing == []
    assert sums(firm) == (3, 3, 1, 1)


def test_a_file_in_quarantine_is_not_missing(firm: Firm) -> None:
    numbers = a_week(firm, 2)
    lose(firm, numbers[0])
    Quarantined.objects.create(
        client=firm.client,
        environment="emulator",
        role=Role.BUYER,
        ksef_number=numbers[0],
        name="x.xml",
        content=b"?",
        error_code="x",
        error_text="x",
    )
    compared(firm)
    assert sums(firm) == (2, 2, 0, 0)


def test_a_limit_in_the_middle_puts_off_the_rest(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = a_week(firm, 5)
    until = datetime.now(UTC) + timedelta(minutes=40)
    real, asked = Gateway.metadata, []

    def small_pages(self: Gateway, **query: object) -> object:
        asked.append(query["page_offset"])
        if len(asked) == 2:
            raise MustWait(until=until)
        return real(self, **{**query, "page_size": 10})  # type: ignore[arg-type]

    monkeypatch.setattr(Gateway, "metadata", small_pages)
    more = firm.buys(
        8, acquired_from=datetime.now(UTC) - 3 * DAY, acquired_to=datetime.now(UTC) - 2 * DAY
    )
    comparison = compared(firm)
    assert (comparison.state, comparison.page, len(comparison.seen)) == ("reading", 1, 10)
    planned = ProcrastinateJob.objects.filter(
        queueing_lock=f"comparison-{comparison.pk}", status="todo"
    )
    assert until in {job.scheduled_at for job in planned} or planned.exists()

    carry_on(comparison.pk)
    assert asked[:3] == [0, 1, 1]
    assert again(comparison).missing == sorted(more)
    assert len(numbers) + len(more) == sums(firm)[0]


def test_a_comparison_that_has_ended_does_not_go_on(firm: Firm) -> None:
    a_week(firm, 1)
    comparison = compared(firm)
    assert carry_on(comparison.pk) is None
    with pytest.raises(IllegalTransition):
        comparison.advance(ComparisonState.FETCHING)


def test_without_access_the_comparison_fails_and_says_why(firm: Firm) -> None:
    a_week(firm, 1)
    Credential.objects.of_client(firm.client).update(active=False)
    comparison = compared(firm)
    assert comparison.state == "failed"
    assert comparison.error_text
    assert "completeness.failed" in {one.code for one in findings(look())}


def test_ksef_that_does_not_answer_is_asked_again(firm: Firm, ksef: Emulator) -> None:
    a_week(firm, 1)
    ksef.control.add_fault("status", path="/invoices/query/metadata", status=503)
    comparison = compared(firm)
    assert (comparison.state, comparison.attempts) == ("reading", 1)
    carry_on(comparison.pk)
    assert again(comparison).state == "done"


def test_a_night_spreads_the_clients_and_plans_each_once(firm: Firm) -> None:
    firm.channel()
    Channel.objects.of_client(firm.client).filter(role=Role.THIRD).update(enabled=False)
    assert plan_night(date(2026, 11, 21)) == 3
    assert plan_night(date(2026, 11, 21)) == 0
    jobs = ProcrastinateJob.objects.filter(
        task_name=COMPARE, status="todo", lock=f"client-{firm.client.pk}"
    )
    assert jobs.count() == 3
    limit = datetime.now(UTC) + timedelta(hours=5, minutes=1)
    assert all(job.scheduled_at and job.scheduled_at < limit for job in jobs)


def test_the_third_day_compares_the_whole_month_before(firm: Firm) -> None:
    firm.channel()
    plan_night(date(2026, 12, 3))
    windows = set(Comparison.objects.of_client(firm.client).values_list("date_from", "date_to"))
    assert windows == {
        (date(2026, 11, 26), date(2026, 12, 2)),
        (date(2026, 11, 1), date(2026, 11, 30)),
    }
