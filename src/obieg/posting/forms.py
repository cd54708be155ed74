"""What the addresses of the queue and of the lists may ask for."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from obieg.core.calendar import Month
from obieg.inbox.models import Direction
from obieg.office.day_input import DayInput
from obieg.office.models import Client, Operator
from obieg.posting.listing import SORTS, Selection
from obieg.posting.states import DekretState

if TYPE_CHECKING:
    ClientChoice = forms.ModelChoiceField[Client]
else:
    ClientChoice = forms.ModelChoiceField

SHORTEST_WORD = 3  # letters: the trigram index helps from here on
SIDES = [(side.value, side.label.lower()) for side in (Direction.PURCHASE, Direction.SALE)]
BY_HAND = "reczna"  # the queue of what must be classified by hand, in an address
QUEUES = [("", "do zatwierdzenia"), (BY_HAND, "do ręcznej klasyfikacji")]
LATE = 24  # hours: the office's promise to its clients
AGES = [("", "dowolnie długo"), (str(LATE), "ponad 24 h"), ("72", "ponad 3 dni")]
ORDERS = [(sign + name, name) for name in SORTS for sign in ("", "-")]


class ClientField(ClientChoice):
    """One of the operator's clients."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Client.objects.none(),
            required=False,
            label="Klient",
            empty_label="wszyscy klienci",
            error_messages={"invalid_choice": "Ten klient nie jest do Ciebie przypisany."},
            **options,
        )


class SearchField(forms.CharField):
    """Words to be found in numbers, names and NIPs."""

    widget = forms.TextInput({"type": "search", "size": 22, "placeholder": "numer, nazwa, NIP"})

    def __init__(self) -> None:
        super().__init__(required=False, label="Szukaj")

    def to_python(self, value: Any) -> Any:
        return tuple((super().to_python(value) or "").split())

    def validate(self, value: Any) -> None:
        if any(len(word) < SHORTEST_WORD for word in value):
            raise forms.ValidationError(f"Słowo musi mieć co najmniej {SHORTEST_WORD} znaki.")


class MonthField(forms.TypedChoiceField):
    """A month to choose, shown as 11.2026; gives its first day."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, coerce=_first_day)

    def offer(self, first: Month, count: int, *, empty: str = "") -> None:
        """Let `count` months from `first` on be chosen, or none of them where `empty` says why."""
        months = [first]
        while len(months) < count:
            months.append(months[-1].next())
        named = [(str(month), f"{month.number:02d}.{month.year}") for month in months]
        self.choices = named
        if empty:
            self.required, self.empty_value = False, None
            self.choices = [("", empty), *named]

    def prepare_value(self, value: Any) -> Any:
        return str(Month.of(value)) if isinstance(value, date) else value


def _first_day(text: str) -> date:
    return Month.parse(text).first


class ClientFilter(forms.Form):
    """A form one of whose filters is the client, among those that the operator sees."""

    klient = ClientField()

    def __init__(self, data: Any, *, operator: Operator) -> None:
        super().__init__(data)
        visible = Client.objects.visible_to(operator)
        clients = self.fields["klient"]
        assert isinstance(clients, forms.ModelChoiceField)  # noqa: S101 - for the types
        clients.queryset = visible

    @property
    def client_id(self) -> int | None:
        """The client of a valid form."""
        chosen = self.cleaned_data["klient"]
        return chosen.pk if chosen else None


class QueueForm(ClientFilter):
    """The filters of the queue; `kolejka` is empty for what is to be approved."""

    szukaj = SearchField()
    rodzaj = forms.ChoiceField(
        label="Rodzaj", required=False, choices=[("", "zakup i sprzedaż"), *SIDES]
    )
    kolejka = forms.ChoiceField(required=False, choices=QUEUES, widget=forms.HiddenInput)
    wiek = forms.TypedChoiceField(
        label="Czeka", required=False, choices=AGES, coerce=int, empty_value=None
    )
    field_order = ("szukaj", "klient", "rodzaj", "wiek", "kolejka")


class ListForm(ClientFilter):
    """The filters of a list of documents."""

    szukaj = SearchField()
    stan = forms.ChoiceField(
        label="Stan", required=False, choices=[("", "każdy"), *DekretState.choices]
    )
    od = forms.DateField(label="Wystawione od", required=False, widget=DayInput())
    do = forms.DateField(label="do", required=False, widget=DayInput())
    sort = forms.ChoiceField(choices=ORDERS, required=False, widget=forms.HiddenInput)

    field_order = ("szukaj", "klient")

    def selection(self, direction: Direction | None) -> Selection:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return Selection(
            direction=direction,
            client_id=self.client_id,
            state=asked["stan"],
            since=asked["od"],
            until=asked["do"],
            words=asked["szukaj"],
            order=asked["sort"] or "-data",
        )
