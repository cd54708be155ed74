"""The field of a day in a form: what is typed, what is shown again, what is refused."""

from datetime import date

import pytest
from django import forms

from obieg.core.polish import today
from obieg.office.day_input import DayInput


class Period(forms.Form):
    since = forms.DateField(widget=DayInput())


@pytest.mark.parametrize("typed", ["15.07.2026", "150726", "2026-07-15"])
def test_it_is_read_and_shown_again_in_full(typed: str) -> None:
    form = Period({"since": typed})
    assert form.is_valid()
    assert form.cleaned_data["since"] == date(2026, 7, 15)
    assert 'value="15.07.2026"' in str(form["since"])


def test_a_day_without_a_year_is_of_this_year_or_the_one_beside_it() -> None:
    form = Period({"since": f"{today():%d%m}"})
    assert form.is_valid()
    assert form.cleaned_data["since"] == today()


def test_what_names_no_day_is_refused_and_kept_as_it_was_typed() -> None:
    form = Period({"since": "31.02.2026"})
    assert not form.is_valid()
    assert 'value="31.02.2026"' in str(form["since"])


def test_it_is_a_text_field_that_says_how_to_write() -> None:
    drawn = str(Period(initial={"since": date(2026, 7, 5)})["since"])
    assert 'type="text"' in drawn
    assert 'placeholder="dd.mm.rrrr"' in drawn
    assert 'value="05.07.2026"' in drawn
