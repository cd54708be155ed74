"""What a text says: its words whatever their form, and what identifies a thing."""

import pytest

from obieg.posting.learning.copying import codes_in, form_of
from obieg.posting.learning.wording import wording


@pytest.mark.parametrize(
    "text",
    [
        "Usługa Księgowa 11/2025",
        "USLUGA KSIĘGOWA LISTOPAD 2025",
        "usługa księgowa 01.11-30.11.2025",
    ],
)
def test_case_diacritics_and_periods_do_not_matter(text: str) -> None:
    assert wording(text).whole == "usluga ksiego"


@pytest.mark.parametrize("text", ["ON poj. WR 3752Y", "ON (WR3752Y)", "on nr rej. wr3752y"])
def test_a_number_plate_is_one_in_any_spelling(text: str) -> None:
    assert wording(text).plates == ("wr3752y",)


@pytest.mark.parametrize("text", ["Abonament 863 464 277", "Abon. nr 863-464-277", "863464277"])
def test_a_telephone_number_is_one_in_any_spelling(text: str) -> None:
    assert "863464277" in wording(text).names


def test_an_address_is_its_street_with_its_number() -> None:
    assert "sadowa 51" in wording("bud. ul. Sadowa 51, Konin").places


@pytest.mark.parametrize(
    ("text", "code"),
    [("zam. ZL042/2026", "ZL042"), ("PRJ-033/2026", "PRJ033"), ("Zlecenie ZT0014", "ZT0014")],
)
def test_codes_that_may_be_copied_are_found_by_their_form(text: str, code: str) -> None:
    assert codes_in([text])[form_of(code)] == code


def test_the_code_named_first_wins() -> None:
    assert codes_in(["ZL001/2026", "ZL002/2026"])["ZL###"] == "ZL001"
