"""Due dates: in their own field, counted from an event, or hidden in a text."""

from dataclasses import replace
from datetime import date

import pytest

from obieg.core.money import ZERO
from obieg.fa.dates import counted_from, dates_in, due_dates_in
from obieg.fa.model import (
    Buyer,
    ExtraDescription,
    Footer,
    FooterNote,
    Invoice,
    Payment,
    PaymentTerm,
    Seller,
)
from obieg.fa.view import view

INVOICE = Invoice(
    seller=Seller(),
    buyer=Buyer(),
    currency="PLN",
    issue_date=date(2026, 11, 21),
    sale_date=date(2026, 11, 18),
    number="1/2026",
    total=ZERO,
    kind="VAT",
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", ()),
        ("do 21.11.2026 r.", (date(2026, 11, 21),)),
        ("2026-11-21 i 1.12.2026", (date(2026, 11, 21), date(2026, 12, 1))),
        ("31.02.2026", ()),
        ("faktura 12/11/2026/A", (date(2026, 11, 12),)),
        ("123.11.20261", ()),
    ],
)
def test_finds_days_in_a_text(text: str, days: tuple[date, ...]) -> None:
    assert dates_in(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Termin płatności: 21.11.2026", (date(2026, 11, 21),)),
        ("Prosimy o wpłatę. TERMIN ZAPŁATY do dnia 2026-11-21.", (date(2026, 11, 21),)),
        ("Faktura płatna do 21.11.2026, za okres od 01.10.2026", (date(2026, 11, 21),)),
        ("Umowa z 21.11.2026", ()),
    ],
)
def test_takes_only_days_that_belong_to_a_payment(text: str, days: tuple[date, ...]) -> None:
    assert due_dates_in(text) == days


@pytest.mark.parametrize(
    ("count", "unit", "day"),
    [
        (14, "dni", date(2026, 12, 15)),
        (1, "Dzień", date(2026, 12, 2)),
        (2, "tygodnie", date(2026, 12, 15)),
        (3, "miesiące", date(2027, 3, 1)),
        (1, "kwartał", None),
    ],
)
def test_counts_from_a_day(count: int, unit: str, day: date | None) -> None:
    assert counted_from(date(2026, 12, 1), count, unit) == day


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert counted_from(date(2027, 1, 31), 1, "miesiąc") == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("Data wystawienia faktury", (date(2026, 12, 5),)),
        ("Dostawa towaru", (date(2026, 12, 2),)),
        ("Otrzymanie faktury", ()),
    ],
)
def test_counts_a_term_from_the_issue_or_the_sale(event: str, days: tuple[date, ...]) -> None:
    term = PaymentTerm(count=14, unit="dni", event=event)

    assert replace(INVOICE, payment=Payment(terms=(term,))).due_dates == days


def test_gathers_every_due_date_once() -> None:
    invoice = replace(
        INVOICE,
        payment=Payment(
            terms=(PaymentTerm(due=date(2026, 12, 5)), PaymentTerm(text="do 6.12.2026"))
        ),
        extra=(ExtraDescription(key="Termin płatności", value="07.12.2026"),),
        footer=Footer(notes=(FooterNote(text="Termin zapłaty: 2026-12-05"),)),
    )

    assert [day.day for day in invoice.due_dates] == [5, 6, 7]


def test_says_which_day_a_described_term_means() -> None:
    term = PaymentTerm(count=14, unit="dni", event="wystawienie faktury")
    shown = view(replace(INVOICE, payment=Payment(terms=(term,))))

    assert [caution.text for caution in shown.warnings] == [
        "Termin płatności podano tylko opisem: 14 dni od: wystawienie faktury, czyli 05.12.2026."
    ]
