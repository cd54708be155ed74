"""Forms of personal data: periods, a person searched for, a hold, an erasure."""

from typing import TYPE_CHECKING, Any

from django import forms

from obieg.core.nip import clean_nip
from obieg.office.day_input import DayInput
from obieg.office.models import Client
from obieg.retention.kinds import KINDS
from obieg.retention.models import Erasure, Hold
from obieg.retention.periods import present
from obieg.retention.persons import SHORTEST

if TYPE_CHECKING:
    HoldModelForm = forms.ModelForm[Hold]
else:
    HoldModelForm = forms.ModelForm

LONGEST = 600  # months


class PeriodsForm(forms.Form):
    """A field for every period that the office may set, in months."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        now = present()
        for kind in KINDS:
            if kind.least is None:
                continue
            self.fields[kind.code] = forms.IntegerField(
                label=kind.name,
                min_value=kind.least,
                max_value=LONGEST,
                initial=now[kind.code],
                help_text=f"Miesięcy {kind.since}. Najmniej {kind.least}.",
            )


class PersonForm(forms.Form):
    """Whom to search for."""

    words = forms.CharField(
        label="Kogo szukać",
        max_length=150,
        min_length=SHORTEST,
        help_text="Imię i nazwisko, nazwa, NIP, PESEL albo e-mail.",
        error_messages={"min_length": f"Podaj co najmniej {SHORTEST} znaki."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class HoldForm(HoldModelForm):
    """Until when the data of a client stay whatever their periods."""

    class Meta:
        model = Hold
        fields = ("until", "reason")
        widgets = {"until": DayInput()}  # noqa: RUF012 - as Django's Meta has it
        help_texts = {  # noqa: RUF012 - as Django's Meta has it
            "reason": "Na przykład: postępowanie, zawieszony bieg przedawnienia, amortyzacja."
        }


class ErasureForm(forms.Form):
    """The wish to erase, confirmed by the client's number."""

    reach = forms.ChoiceField(label="Co usunąć", choices=Erasure.Reach.choices)
    reference = forms.CharField(
        label="Znak sprawy",
        max_length=100,
        required=False,
        help_text="Zostanie w protokole. Nie wpisuj tu nazwy ani nazwiska.",
    )
    nip = forms.CharField(
        label="Przepisz NIP klienta",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, client: Client) -> None:
        super().__init__(*args)
        self._client = client

    def clean_nip(self) -> str:
        nip = clean_nip(self.cleaned_data["nip"])
        if nip != self._client.nip:
            raise forms.ValidationError("To nie jest NIP tego klienta.")
        return nip
