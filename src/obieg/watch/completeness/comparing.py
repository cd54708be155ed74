"""One comparison: read KSeF's metadata page by page, tally, fetch what is missing, tally again."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.core.polish import WARSAW
from obieg.inbox.by_hand import fetch_by_number, fetch_period
from obieg.inbox.delays import after_failures
from obieg.inbox.errors import NotInKsef
from obieg.inbox.models import Invoice, Quarantined, Role
from obieg.ksef.gateway import Gateway
from obieg.ksef.metadata import MetadataPage
from obieg.sales.models import Sale
from obieg.watch.completeness.nights import enqueue_comparison, start_of
from obieg.watch.models import Comparison, Tally
from obieg.watch.states import ComparisonState

ONE_BY_ONE = 3  # so many are fetched by number; more as packages of their days
PATIENCE = timedelta(minutes=20)  # until ordered packages are looked for
TRIES = 8
AT_ONCE = 1000  # numbers in one question to the database

Wait = datetime | None


def carry_on(comparison_id: int) -> Wait:
    """Go on with a comparison, and queue what has to wait; returns when that will run."""
    rows = Comparison.objects.across_clients().select_related("client")
    comparison = rows.get(pk=comparison_id)
    if comparison.state not in _STEPS:
        return None
    wait = _guarded(comparison)
    if wait:
        enqueue_comparison(comparison, at=wait)
    return wait


def _guarded(comparison: Comparison) -> Wait:
    try:
        return _STEPS[ComparisonState(comparison.state)](comparison)
    except MustWait as limit:
        return limit.until
    except Transient as error:
        return _try_later(comparison, error)
    except UserFixable as error:
        _end(comparison, ComparisonState.FAILED, str(error))
        return None


def _read(comparison: Comparison) -> Wait:
    """Every page of the window, each kept before the next is asked for."""
    with open_gateway(comparison.client, purpose="porównanie z KSeF") as ksef:
        while _read_page(ksef, comparison):
            pass
    missing = _unknown(comparison, comparison.seen)
    comparison.missing = missing
    comparison.save(update_fields=["missing"])
    _tally(comparison, missing)
    if not missing:
        _end(comparison, ComparisonState.DONE)
        return None
    if len(missing) > ONE_BY_ONE:
        _order(comparison)
    comparison.advance(ComparisonState.FETCHING, attempts=0)
    return timezone.now() + PATIENCE if len(missing) > ONE_BY_ONE else _fetch(comparison)


def _read_page(ksef: Gateway, comparison: Comparison) -> bool:
    """One page; whether there is another."""
    page = ksef.metadata(
        role=comparison.role,
        date_from=comparison.position.astimezone(UTC),
        date_to=start_of(comparison.date_to + timedelta(days=1)).astimezone(UTC),
        page_offset=comparison.page,
    )
    days = {e.ksef_number: _day(e.permanent_storage_date) for e in page.entries}
    comparison.seen |= {
        number: day.isoformat() for number, day in days.items() if day <= comparison.date_to
    }
    goes_on = _move(comparison, page)
    comparison.save(update_fields=["seen", "position", "page"])
    return goes_on


def _move(comparison: Comparison, page: MetadataPage) -> bool:
    """To the next page, or to the last date where KSeF cut the query off."""
    if page.has_more:
        comparison.page += 1
        return True
    last = page.entries[-1].permanent_storage_date if page.entries else comparison.position
    if not page.is_truncated or last <= comparison.position:
        return False
    comparison.position, comparison.page = last, 0
    return True


def _order(comparison: Comparison) -> None:
    """Packages of the days from the first to the last on which something is missing."""
    days = sorted(date.fromisoformat(comparison.seen[number]) for number in comparison.missing)
    fetch_period(comparison.client, comparison.role, days[0], days[-1], None)


def _fetch(comparison: Comparison) -> Wait:
    """What is still missing: fetched here where it is little, else waited for."""
    left = _unknown(comparison, comparison.missing)
    if len(comparison.missing) <= ONE_BY_ONE:
        for number in left:
            _fetch_one(comparison, number)
        left = _unknown(comparison, left)
        _finish(comparison, left)
        return None
    _tally(comparison, left)
    comparison.attempts += 1
    if left and comparison.attempts < TRIES:
        comparison.save(update_fields=["attempts"])
        return timezone.now() + PATIENCE
    _finish(comparison, left)
    return None


def _fetch_one(comparison: Comparison, number: str) -> None:
    try:
        fetch_by_number(comparison.client, number, None)
    except NotInKsef:
        return  # KSeF lists it and does not give it: it stays missing, and is shown as such


def _finish(comparison: Comparison, left: list[str]) -> None:
    _tally(comparison, left)
    _end(comparison, ComparisonState.DONE)


def _unknown(comparison: Comparison, numbers: Iterable[str]) -> list[str]:
    """Those of `numbers` that Obieg holds neither as an invoice, nor a sale, nor set aside."""
    wanted, known = sorted(numbers), set[str]()
    rows: tuple[Any, ...] = (
        Invoice.objects.of_client(comparison.client),
        Quarantined.objects.of_client(comparison.client),
        *([Sale.objects.of_client(comparison.client)] if comparison.role == Role.SELLER else []),
    )
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        for query in rows:
            found = query.filter(ksef_number__in=chunk)
            known.update(found.values_list("ksef_number", flat=True))
    return [number for number in wanted if number not in known]


def _tally(comparison: Comparison, left: list[str]) -> None:
    """A row for every day of the comparison; what was missing before stays written."""
    expected = Counter(comparison.seen.values())
    first = Counter(comparison.seen[number] for number in comparison.missing)
    still = Counter(comparison.seen[number] for number in left)
    before = _before(comparison)
    rows = []
    for day in _days(comparison.date_from, comparison.date_to):
        key = day.isoformat()
        missing = min(max(first[key], before.get(day, 0)), expected[key])
        rows.append(
            Tally(
                client=comparison.client,
                environment=comparison.environment,
                role=comparison.role,
                day=day,
                expected=expected[key],
                stored=expected[key] - still[key],
                missing=missing,
                fetched=missing - still[key],
                compared_at=timezone.now(),
            )
        )
    Tally.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["client", "environment", "role", "day"],
        update_fields=["expected", "stored", "missing", "fetched", "compared_at"],
    )


def _before(comparison: Comparison) -> dict[date, int]:
    """How many were missing by an earlier comparison of the same days."""
    rows = Tally.objects.of_client(comparison.client).filter(
        environment=comparison.environment,
        role=comparison.role,
        day__range=(comparison.date_from, comparison.date_to),
    )
    return dict(rows.values_list("day", "missing"))


def _try_later(comparison: Comparison, error: Transient) -> Wait:
    comparison.attempts += 1
    if comparison.attempts >= TRIES:
        _end(comparison, ComparisonState.FAILED, str(error))
        return None
    comparison.error_text = str(error)
    comparison.save(update_fields=["attempts", "error_text"])
    return timezone.now() + after_failures(comparison.attempts)


def _end(comparison: Comparison, state: ComparisonState, text: str = "") -> None:
    """Close it; the list of numbers is no longer needed."""
    comparison.advance(state, ended_at=timezone.now(), error_text=text, seen={})


def _day(moment: datetime) -> date:
    return moment.astimezone(WARSAW).date()


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=place) for place in range((last - first).days + 1))


_STEPS = {ComparisonState.READING: _read, ComparisonState.FETCHING: _fetch}
