"""What a dekret has once: its months, and the rate of a foreign currency."""

from datetime import date
from typing import Any

from django import forms

from obieg.core.calendar import Month
from obieg.posting.forms import MonthField

MONTHS = 13  # from the earliest one on: input VAT may be deducted months later


class TermsForm(forms.Form):
    """The period of posting; with a foreign currency also PLN for one unit of it.

    A purchase has the month of deducting its VAT as well; empty, it is the period.
    """

    period = MonthField("Okres")
    vat_month = MonthField("VAT za")
    exchange_rate = forms.DecimalField(
        label="Kurs",
        max_digits=14,
        decimal_places=6,
        min_value=0,
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Podaj kurs waluty, np. 4,2512."},
    )

    def __init__(
        self, *args: Any, currency: str, first: date, deducted_from: date | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("period", first)
        if deducted_from is None:
            del self.fields["vat_month"]
        else:
            self._offer("vat_month", deducted_from, as_period="jak okres")
        if currency == "PLN":
            del self.fields["exchange_rate"]
        else:
            self.fields["exchange_rate"].label = f"Kurs {currency}"

    def _offer(self, name: str, first: date, as_period: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, MonthField)  # noqa: S101 - for the types
        field.offer(Month.of(first), MONTHS, empty=as_period)
