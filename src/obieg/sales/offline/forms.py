"""Forms of the offline pages: an outage, its end, the mode of a document."""

from datetime import datetime
from typing import Any

from django import forms

from obieg.office.models import KsefEnvironment
from obieg.sales.models import Outage


class MomentInput(forms.DateTimeInput):
    """A day and an hour, as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """Warsaw's time, typed; aware when it is read."""

    widget = MomentInput
    input_formats = ("%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M")


class OutageForm(forms.Form):
    """An outage that the Ministry announced elsewhere than in Latarnia."""

    kind = forms.ChoiceField(label="Rodzaj", choices=Outage.Kind.choices)
    environment = forms.ChoiceField(
        label="Środowisko",
        choices=KsefEnvironment.choices,
        initial=KsefEnvironment.PRODUCTION,
    )
    started_at = MomentField(label="Początek")
    ended_at = MomentField(label="Koniec", required=False, help_text="Puste: jeszcze trwa.")
    text = forms.CharField(
        label="Skąd wiadomo", max_length=500, help_text="Na przykład: komunikat w BIP z 20.11.2026."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("started_at"), cleaned.get("ended_at")
        if start and end and end < start:
            self.add_error("ended_at", "Koniec jest przed początkiem.")
        return cleaned


class EndForm(forms.Form):
    """When an outage ended."""

    at = MomentField(label="Koniec")

    def moment(self) -> datetime:
        """The end, of a valid form."""
        ended: datetime = self.cleaned_data["at"]
        return ended
