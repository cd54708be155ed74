"""The KSeF number and its day, given by hand for a document that another program sent."""

from typing import Any

from django import forms

from obieg.core.ksef_number import is_ksef_number
from obieg.office.day_input import DayInput


class ElsewhereForm(forms.Form):
    """What KSeF said to the other program."""

    ksef_number = forms.CharField(
        label="Numer KSeF",
        max_length=60,
        widget=forms.TextInput({"placeholder": "9999999999-20261121-0123456789AB-CD", "size": 40}),
    )
    acquired_on = forms.DateField(label="Przyjęta w KSeF dnia", widget=DayInput())
    acquired_at = forms.TimeField(
        label="o godzinie", initial="12:00", widget=forms.TimeInput({"type": "time"})
    )

    def clean_ksef_number(self) -> str:
        number = str(self.cleaned_data["ksef_number"]).strip().upper()
        if not is_ksef_number(number):
            raise forms.ValidationError("To nie jest numer KSeF: sprawdź cyfry i sumę kontrolną.")
        return number

    def clean(self) -> dict[str, Any]:
        return super().clean() or self.cleaned_data
