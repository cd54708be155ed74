"""Numbers without gaps and repeats, whoever issues at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from obieg.office.models import Client
from obieg.sales import drafts, issuing
from obieg.sales.content import SaleContent
from obieg.sales.errors import NotIssuable, UnknownSeries, WrongPattern
from obieg.sales.models import Sale, Series, SeriesCounter
from obieg.sales.numbering import (
    check_pattern,
    formatted,
    give_number,
    preview_number,
    series_for,
)
from tests.sales.factories import a_client, a_content, a_line

DAY = date(2026, 11, 21)
CONTENDERS = 8


def numbers(client: Client) -> list[str]:
    rows = Sale.objects.of_client(client).exclude(number="")
    return sorted(rows.values_list("number", flat=True), key=lambda text: int(text.split("/")[1]))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("FV/{nr}/{mm}/{rrrr}", "FV/7/11/2026"),
        ("{rr}-{nr:4}", "26-0007"),
        ("A{nr}", "A7"),
    ],
)
def test_fills_the_pattern(pattern: str, expected: str) -> None:
    assert formatted(pattern, 7, DAY) == expected


@pytest.mark.parametrize("pattern", ["FV/{mm}", "{nr}/{miesiac}", "{nr"])
def test_refuses_a_pattern_that_cannot_number(pattern: str) -> None:
    with pytest.raises(WrongPattern):
        check_pattern(pattern)


@pytest.mark.django_db
def test_makes_the_usual_series_of_a_kind_once() -> None:
    client = a_client()

    first, again = series_for(client, "KOR"), series_for(client, "KOR")

    assert (first.pk, first.code) == (again.pk, "FK")
    with pytest.raises(UnknownSeries):
        series_for(client, "VAT", "EXP")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("restart", "second", "third"),
    [("month", 1, 1), ("year", 2, 1), ("never", 2, 3)],
)
def test_starts_anew_as_the_series_says(restart: str, second: int, third: int) -> None:
    client = a_client()
    series = Series.objects.create(client=client, code="A", pattern="A{nr}", restart=restart)
    days = (DAY, date(2026, 12, 1), date(2027, 1, 1))

    given = [give_number(client, series, day) for day in days]

    assert given == ["A1", f"A{second}", f"A{third}"]


@pytest.mark.django_db
def test_passes_over_a_number_that_was_given_by_hand() -> None:
    client = a_client()
    series = Series.objects.create(client=client, code="A", pattern="A{nr}", kinds=["VAT"])
    sale = drafts.new_draft(client, a_content(number="A2"), origin="form", actor=None)
    issuing.issue(sale, actor=None)

    given = [give_number(client, series, DAY, "VAT") for _ in range(2)]

    assert given == ["A1", "A3"]


@pytest.mark.django_db
def test_shows_the_next_number_without_using_it() -> None:
    client = a_client()

    shown = [preview_number(client, SaleContent(), DAY) for _ in range(2)]

    assert shown == ["FV/1/11/2026"] * 2
    assert not Series.objects.of_client(client).exists()
    assert not SeriesCounter.objects.of_client(client).exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_every_number_once() -> None:
    client = a_client()
    start = Barrier(CONTENDERS)

    def issue_some(place: int) -> None:
        try:
            start.wait(timeout=30)
            for step in range(3):
                rate = "" if (place + step) % 4 == 0 else "23"  # some are refused, and undone
                content = a_content(lines=(a_line(rate=rate),))
                sale = drafts.new_draft(client, content, origin="api", actor=None)
                try:
                    issuing.issue(sale, actor=None)
                except NotIssuable:
                    assert not rate
        finally:
            connection.close()

    with ThreadPoolExecutor(CONTENDERS) as pool:
        list(pool.map(issue_some, range(CONTENDERS)))

    issued = [int(number.split("/")[1]) for number in numbers(client)]
    assert issued == list(range(1, 18 + 1))


@pytest.mark.django_db(transaction=True)
def test_an_undone_transaction_leaves_no_gap() -> None:
    client = a_client()
    series = series_for(client, "VAT")

    with transaction.atomic():
        assert give_number(client, series, DAY) == "FV/1/11/2026"
        transaction.set_rollback(True)
    with transaction.atomic():
        assert give_number(client, series, DAY) == "FV/1/11/2026"
