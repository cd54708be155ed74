"""NIP and KSeF number: check digits as the field computes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.ksef_number import is_ksef_number
from obieg.core.nip import check_digit, clean_nip, format_nip, is_nip

NINE_DIGITS = st.text("0123456789", min_size=9, max_size=9)


@given(NINE_DIGITS)
def test_of_ten_last_digits_at_most_one_makes_a_nip(first_nine: str) -> None:
    right = [digit for digit in "0123456789" if is_nip(first_nine + digit)]
    expected = check_digit(first_nine)
    assert right == ([] if expected is None else [str(expected)])


@pytest.mark.parametrize("text", ["", "123", "1234563219", "12345632l8", "１２３４５６３２１８"])
def test_what_is_not_a_nip(text: str) -> None:
    assert not is_nip(text)


def test_a_nip_as_people_write_it() -> None:
    assert clean_nip("PL 123-456-32-18") == "1234563218"
    assert is_nip("1234563218")
    assert format_nip("1234563218") == "123-456-32-18"


# Example of the Ministry's guide (ksef-docs, faktury/numer-ksef.md).
OFFICIAL = "5265877635-20250826-0100001AF629-AF"


def test_the_guides_own_ksef_number_is_right() -> None:
    assert is_ksef_number(OFFICIAL)


@given(st.integers(0, 31), st.sampled_from("0123456789"))
def test_one_changed_digit_is_noticed(place: int, digit: str) -> None:
    changed = OFFICIAL[:place] + digit + OFFICIAL[place + 1 :]
    assert is_ksef_number(changed) == (changed == OFFICIAL)
