"""Which client's documents of which month are to be exported."""

from datetime import timedelta
from typing import Any

from django import forms

from obieg.core.calendar import Month
from obieg.core.polish import today
from obieg.office.models import Client, Operator
from obieg.posting.forms import MonthField

YEAR_AND_HALF = timedelta(days=540)


class ExportForm(forms.Form):
    """A client and a month; `again` where documents exported before are meant too."""

    client = forms.ModelChoiceField(
        Client.objects.none(),
        label="Klient",
        empty_label="wybierz",
        error_messages={"invalid_choice": "Ten klient nie jest do Ciebie przypisany."},
    )
    period = MonthField("Okres")
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clients = self.fields["client"]
        assert isinstance(clients, forms.ModelChoiceField)  # noqa: S101 - for the types
        clients.queryset = Client.objects.visible_to(operator)
        period = self.fields["period"]
        assert isinstance(period, MonthField)  # noqa: S101 - for the types
        period.offer(Month.of(today() - YEAR_AND_HALF), 20)
        self.initial.setdefault("period", Month.of(today()).first)
