"""A rule as a form: when it speaks, how it posts, why it is there."""

from typing import TYPE_CHECKING, Any

from django import forms

from obieg.inbox.models import Direction
from obieg.office.day_input import DayInput
from obieg.office.models import Client, Operator
from obieg.posting.forms import SIDES, ClientFilter, SearchField
from obieg.posting.models import Rule

if TYPE_CHECKING:
    RuleModelForm = forms.ModelForm[Rule]
    ClientChoice = forms.ModelChoiceField[Client]
else:
    RuleModelForm = forms.ModelForm
    ClientChoice = forms.ModelChoiceField

KINDS = ("VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ")  # FA(3), RodzajFaktury
RATES = ("23", "22", "8", "7", "5", "4", "3", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np I", "np II")
GTU = [f"GTU_{number:02d}" for number in range(1, 14)]
WHEN = (
    *("seller_nip", "text", "amount_from", "amount_to", "kind", "vat_rate", "plate", "reference"),
    *("gtu", "gtin", "pkwiu", "cn"),
)
HOW = ("account", "vat_register", "deductible_percent", "kpir_column", "cost_centre", "project")
WHO = ("name", "client", "direction", "priority", "valid_from", "valid_to", "active", "why")
HELP = {
    "seller_nip": "Przy sprzedaży: NIP nabywcy.",
    "amount_from": "Netto pozycji, bez znaku, w walucie faktury.",
    "plate": "Szukany w opisie pozycji i w dodatkowych opisach; spacje nie mają znaczenia.",
    "reference": "Licznik, punkt poboru, umowa, zamówienie: gdziekolwiek jest na fakturze.",
    "vat_register": "Puste: zwykły rejestr klienta.",
    "kpir_column": "Puste: kolumna przypisana do konta.",
    "priority": "Mniejsza liczba jest pytana wcześniej.",
    "valid_from": "Liczy się data wystawienia faktury.",
    "why": "Zostaje w historii reguły.",
}


def choices(values: tuple[str, ...] | list[str], nothing: str) -> list[tuple[str, str]]:
    return [("", nothing), *((value, value) for value in values)]


class RuleForm(RuleModelForm):
    """A new rule, or one that is there; whose it is can only be said at the beginning."""

    client = ClientChoice(
        Client.objects.none(),
        required=False,
        label="Czyja",
        empty_label="całego biura",
        error_messages={"invalid_choice": "Ten klient nie jest do Ciebie przypisany."},
    )

    class Meta:
        model = Rule
        fields = (*WHO, *WHEN, *HOW)
        help_texts = HELP
        localized_fields = ("amount_from", "amount_to")
        widgets = {  # noqa: RUF012 - Django's own shape
            "kind": forms.Select(choices=choices(KINDS, "każdy")),
            "vat_rate": forms.Select(choices=choices(RATES, "każda")),
            "gtu": forms.Select(choices=choices(GTU, "dowolne")),
            "valid_from": DayInput(),
            "valid_to": DayInput(),
            "account": forms.TextInput({"list": "accounts", "autocomplete": "off"}),
            "vat_register": forms.TextInput({"list": "registers", "autocomplete": "off"}),
            "cost_centre": forms.TextInput({"list": "cost-centres", "autocomplete": "off"}),
            "project": forms.TextInput({"list": "projects", "autocomplete": "off"}),
            "amount_from": forms.TextInput({"inputmode": "decimal"}),
            "amount_to": forms.TextInput({"inputmode": "decimal"}),
        }

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clients = self.fields["client"]
        assert isinstance(clients, forms.ModelChoiceField)  # noqa: S101 - for the types
        clients.queryset = Client.objects.visible_to(operator)
        clients.required = not operator.sees_all_clients
        clients.disabled = self.is_stored
        if self.is_stored:
            clients.required = False
        direction = self.fields["direction"]
        assert isinstance(direction, forms.ChoiceField)  # noqa: S101 - for the types
        direction.choices = SIDES  # a third party's documents are not posted

    @property
    def is_stored(self) -> bool:
        return self.instance.pk is not None

    def validate_constraints(self) -> None:
        """Left to `rules.check_rule`, which says in Polish what is wrong."""

    @property
    def when(self) -> list[forms.BoundField]:
        return [self[name] for name in WHEN]

    @property
    def how(self) -> list[forms.BoundField]:
        return [self[name] for name in HOW]

    @property
    def who(self) -> list[forms.BoundField]:
        return [self[name] for name in WHO]


class RuleFilter(ClientFilter):
    """Which rules are listed."""

    szukaj = SearchField()
    dotyczy = forms.ChoiceField(label="Dotyczy", required=False, choices=[("", "wszystko"), *SIDES])
    czyje = forms.ChoiceField(
        label="Czyje",
        required=False,
        choices=[("", "biura i klientów"), ("biura", "biura"), ("klientow", "klientów")],
    )
    field_order = ("szukaj", "klient", "czyje", "dotyczy")

    @property
    def direction(self) -> Direction | None:
        asked = self.cleaned_data.get("dotyczy")
        return Direction(asked) if asked else None
