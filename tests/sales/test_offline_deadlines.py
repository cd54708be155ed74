"""Until when an invoice issued offline has to be in KSeF."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.calendar import add_working_days, is_working_day, working_days_left
from obieg.sales.offline.deadlines import (
    LASTS,
    RELEASED,
    Deadline,
    Period,
    countdown,
    deadline,
)
from obieg.sales.states import OfflineMode

OFFLINE24, UNAVAILABLE, FAILURE, TOTAL = (
    OfflineMode.OFFLINE24,
    OfflineMode.UNAVAILABLE,
    OfflineMode.FAILURE,
    OfflineMode.TOTAL_FAILURE,
)
DAYS = st.dates(date(2025, 1, 1), date(2031, 12, 31))


def periods(kind: str, start: st.SearchStrategy[date] = DAYS) -> st.SearchStrategy[Period]:
    return st.builds(
        lambda day, length: Period(kind, day, day + timedelta(days=length)),
        start,
        st.integers(0, 20),
    )


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        ("2026-11-19", "2026-11-20"),  # Thursday
        ("2026-11-20", "2026-11-23"),  # Friday, over the weekend
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-10", "2026-11-12"),  # before Independence Day
        ("2026-12-23", "2026-12-28"),  # before Christmas Eve and Christmas, then a weekend
        ("2026-12-31", "2027-01-04"),  # before New Year and a weekend
        ("2027-01-05", "2027-01-07"),  # before Epiphany
        ("2024-12-23", "2024-12-24"),  # the last Christmas Eve that was a working day
    ],
)
def test_offline24_ends_on_the_next_working_day(issued: str, until: str) -> None:
    assert deadline(OFFLINE24, day(issued), []) == Deadline(day(until))


@given(DAYS)
def test_offline24_skips_only_days_off(issued: date) -> None:
    until = deadline(OFFLINE24, issued, []).day
    assert until is not None
    assert until > issued
    assert is_working_day(until)
    between = (until - issued).days
    assert not any(is_working_day(issued + timedelta(days=n)) for n in range(1, between))


def test_unavailability_counts_from_its_end() -> None:
    outage = Period(UNAVAILABLE, day("2026-11-18"), day("2026-11-20"))
    assert deadline(UNAVAILABLE, day("2026-11-19"), [outage]) == Deadline(day("2026-11-23"))


@pytest.mark.parametrize("mode", [UNAVAILABLE, FAILURE])
def test_while_the_outage_lasts_there_is_no_day(mode: OfflineMode) -> None:
    outage = Period(mode, day("2026-11-18"), None)
    assert deadline(mode, day("2026-11-19"), [outage]) == LASTS


@given(periods(FAILURE), st.data())
def test_failure_gives_seven_working_days_after_its_end(
    failure: Period, data: st.DataObject
) -> None:
    assert failure.end is not None
    issued = data.draw(st.dates(failure.start, failure.end))
    found = deadline(FAILURE, issued, [failure]).day
    assert found is not None
    assert working_days_left(failure.end, found) == 7
    assert is_working_day(found)


def test_a_later_failure_counts_the_days_afresh() -> None:
    first = Period(FAILURE, day("2026-11-02"), day("2026-11-03"))
    later = Period(FAILURE, day("2026-11-12"), day("2026-11-13"))
    assert deadline(FAILURE, day("2026-11-02"), [first]) == Deadline(day("2026-11-13"))
    assert deadline(FAILURE, day("2026-11-02"), [later, first]) == Deadline(day("2026-11-24"))


def test_failures_may_follow_one_another_more_than_once() -> None:
    failures = [
        Period(FAILURE, day("2026-11-02"), day("2026-11-03")),
        Period(FAILURE, day("2026-11-12"), day("2026-11-13")),
        Period(FAILURE, day("2026-11-24"), None),
    ]
    assert deadline(FAILURE, day("2026-11-02"), failures) == LASTS


def test_a_failure_after_the_deadline_changes_nothing() -> None:
    late = Period(FAILURE, day("2026-11-24"), day("2026-11-25"))
    assert deadline(OFFLINE24, day("2026-11-20"), [late]) == Deadline(day("2026-11-23"))


def test_the_ministry_s_own_example_of_offline24_and_a_failure() -> None:
    failure = Period(FAILURE, day("2025-07-09"), day("2025-07-12"))
    issued = day("2025-07-08")
    assert deadline(OFFLINE24, issued, []) == Deadline(day("2025-07-09"))
    assert deadline(OFFLINE24, issued, [Period(FAILURE, failure.start, None)]) == LASTS
    assert deadline(OFFLINE24, issued, [failure]) == Deadline(day("2025-07-22"))


def test_a_failure_that_was_over_before_the_issue_prolongs_nothing() -> None:
    over = Period(FAILURE, day("2026-11-17"), day("2026-11-19"))
    assert deadline(OFFLINE24, day("2026-11-19"), [over]) == Deadline(day("2026-11-20"))


def test_maintenance_does_not_prolong_offline24() -> None:
    outage = Period(UNAVAILABLE, day("2026-11-20"), day("2026-11-25"))
    assert deadline(OFFLINE24, day("2026-11-20"), [outage]) == Deadline(day("2026-11-23"))


@pytest.mark.parametrize("mode", [UNAVAILABLE, FAILURE])
def test_a_mode_that_nobody_announced_has_the_shortest_term(mode: OfflineMode) -> None:
    assert deadline(mode, day("2026-11-20"), []) == Deadline(day("2026-11-23"))


@given(DAYS, st.lists(periods(FAILURE)))
def test_nothing_of_a_total_failure_is_ever_sent(issued: date, failures: list[Period]) -> None:
    assert deadline(TOTAL, issued, failures) == RELEASED


def test_a_total_failure_while_an_invoice_waits_ends_the_duty() -> None:
    total = Period(TOTAL, day("2026-11-23"), day("2026-11-24"))
    assert deadline(OFFLINE24, day("2026-11-20"), [total]) == RELEASED
    assert deadline(OFFLINE24, day("2026-11-19"), [total]) == Deadline(day("2026-11-20"))


@given(
    st.sampled_from([OFFLINE24, UNAVAILABLE, FAILURE]),
    DAYS,
    st.lists(periods(FAILURE) | periods(UNAVAILABLE)),
)
def test_every_deadline_is_a_working_day_after_the_issue(
    mode: OfflineMode, issued: date, known: list[Period]
) -> None:
    found = deadline(mode, issued, known).day
    assert found is not None, "everything ended"
    assert is_working_day(found)
    assert found >= add_working_days(issued, 1)


@given(
    st.sampled_from([OFFLINE24, UNAVAILABLE, FAILURE]),
    DAYS,
    st.lists(periods(FAILURE)),
    periods(FAILURE),
)
def test_one_more_failure_never_brings_the_deadline_nearer_in_failure_mode(
    mode: OfflineMode, issued: date, known: list[Period], another: Period
) -> None:
    before = deadline(mode, issued, known).day
    after = deadline(mode, issued, [*known, another]).day
    assert before is not None
    assert after is not None
    assert after >= before


@pytest.mark.parametrize(
    ("today", "text"),
    [
        ("2026-11-18", "zostały 3 dni robocze"),
        ("2026-11-19", "zostały 2 dni robocze"),
        ("2026-11-20", "został 1 dzień roboczy"),
        ("2026-11-10", "zostało 8 dni roboczych"),
        ("2026-11-23", "dziś ostatni dzień"),
        ("2026-11-24", "po terminie (do 23.11.2026)"),
    ],
)
def test_days_are_counted_down_in_words(today: str, text: str) -> None:
    assert countdown(Deadline(day("2026-11-23")), day(today)) == text


def test_what_has_no_day_says_why() -> None:
    assert countdown(LASTS, day("2026-11-23")) == "termin ruszy, gdy KSeF wróci"
    assert countdown(RELEASED, day("2026-11-23")) == "nie trzeba wysyłać: awaria całkowita"
