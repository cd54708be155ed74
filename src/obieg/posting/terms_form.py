"""What a dekret has once: its period, and the rate of a foreign currency."""

from datetime import date
from typing import Any

from django import forms

from obieg.core.calendar import Month
from obieg.posting.forms import MonthField

MONTHS = 13  # from the earliest one on: input VAT may be deducted months later


class TermsForm(forms.Form):
    """The period of posting; with a foreign currency also PLN for one unit of it."""

    period = MonthField("Okres")
    exchange_rate = forms.DecimalField(
        label="Kurs",
        max_digits=14,
        decimal_places=6,
        min_value=0,
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Podaj kurs waluty, np. 4,2512."},
    )

    def __init__(self, *args: Any, currency: str, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period = self.fields["period"]
        assert isinstance(period, MonthField)  # noqa: S101 - for the types
        period.offer(Month.of(first), MONTHS)
        if currency == "PLN":
            del self.fields["exchange_rate"]
        else:
            self.fields["exchange_rate"].label = f"Kurs {currency}"
