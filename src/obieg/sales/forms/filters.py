"""What the address of the list of sales may ask for."""

from django import forms

from obieg.fa.view.codes import KINDS
from obieg.office.day_input import DayInput
from obieg.posting.forms import ClientFilter, SearchField
from obieg.sales.listing import OWN, RECEIVED, SORTS, Selection
from obieg.sales.states import SaleState

SOURCES = [("", "wszystkie"), (OWN, "z Obiegu"), (RECEIVED, "spoza Obiegu (z KSeF)")]
ORDERS = [(sign + name, name) for name in SORTS for sign in ("", "-")]
FILTERS = ("szukaj", "klient", "nabywca", "stan", "rodzaj", "zrodlo", "od", "do")


class SalesFilter(ClientFilter):
    """The filters of the list of sales."""

    szukaj = SearchField()
    nabywca = forms.CharField(
        label="Nabywca",
        required=False,
        widget=forms.TextInput({"size": 14, "placeholder": "nazwa lub NIP"}),
    )
    stan = forms.ChoiceField(
        label="Stan", required=False, choices=[("", "każdy"), *SaleState.choices]
    )
    rodzaj = forms.ChoiceField(
        label="Rodzaj",
        required=False,
        choices=[("", "każdy"), *((kind, kind) for kind in KINDS)],
    )
    zrodlo = forms.ChoiceField(label="Wystawione", required=False, choices=SOURCES)
    od = forms.DateField(label="Od dnia", required=False, widget=DayInput())
    do = forms.DateField(label="do", required=False, widget=DayInput())
    sort = forms.ChoiceField(choices=ORDERS, required=False, widget=forms.HiddenInput)

    field_order = ("szukaj", "klient", "nabywca")

    def selection(self) -> Selection:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return Selection(
            client_id=self.client_id,
            source=asked["zrodlo"],
            states=(asked["stan"],) if asked["stan"] else (),
            kind=asked["rodzaj"],
            buyer=asked["nabywca"].strip(),
            since=asked["od"],
            until=asked["do"],
            words=asked["szukaj"],
            order=asked["sort"] or "-data",
        )
