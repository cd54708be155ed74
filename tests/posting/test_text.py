"""Rows that differ in numbers, dates and months only are the same row to the memory."""

import pytest

from obieg.posting.text import LENGTH, normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Energia elektryczna 10/2026", "ENERGIA elektryczna 11/2026"),
        ("Abonament za listopad 2026", "abonament  za grudzień 2025"),
        ("Najem lokalu do 31.10.2026 r.", "Najem lokalu do 30.11.2026 r."),
        ("Zużycie 1 234,56 kWh", "Zużycie 98 kWh"),
        ("Rata września", "Rata października"),
    ],
)
def test_numbers_dates_and_months_do_not_count(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Olej napędowy", "Olej silnikowy"), ("Marcin Kowal", "Marian Kowal")]
)
def test_words_do(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_a_long_text_is_cut_to_what_is_kept() -> None:
    assert len(normalised("słowo " * 100)) <= LENGTH
