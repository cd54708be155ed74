"""Which client's month of the books is asked for."""

from datetime import date, timedelta
from typing import Any

from django import forms

from obieg.core.calendar import Month
from obieg.core.polish import today
from obieg.office.models import Client, Operator
from obieg.posting.forms import SIDES, ClientFilter, MonthField

TWO_YEARS = timedelta(days=730)
MONTHS = 26


class BooksForm(ClientFilter):
    """A client and a month; without a client the overview of all."""

    okres = MonthField("Okres")
    field_order = ("klient", "okres")

    def __init__(self, data: Any, *, operator: Operator) -> None:
        asked = data.copy()
        asked.setdefault("okres", str(Month.of(today())))
        super().__init__(asked, operator=operator)
        client, period = self.fields["klient"], self.fields["okres"]
        assert isinstance(client, forms.ModelChoiceField)  # noqa: S101 - for the types
        assert isinstance(period, MonthField)  # noqa: S101 - for the types
        client.empty_label = "wybierz klienta"
        period.required = False
        period.offer(Month.of(today() - TWO_YEARS), MONTHS)

    @property
    def client(self) -> Client | None:
        """The client of a valid form."""
        chosen: Client | None = self.cleaned_data.get("klient")
        return chosen

    @property
    def period(self) -> date:
        """The first day of the month; this month where none was asked for."""
        asked: date | None = self.cleaned_data.get("okres") or None
        return asked or Month.of(today()).first


class RegisterForm(BooksForm):
    """The registers' own filters."""

    rodzaj = forms.ChoiceField(
        label="Rodzaj", required=False, choices=[("", "zakup i sprzedaż"), *SIDES]
    )
    rejestr = forms.CharField(label="Rejestr", required=False, max_length=40)


class JournalForm(BooksForm):
    """The journal's own filter."""

    konto = forms.CharField(label="Konto", required=False, max_length=40)
