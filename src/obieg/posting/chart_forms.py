"""Forms of a client's books: accounts, cost centres and projects, vehicles, usual accounts."""

from typing import TYPE_CHECKING, Any

from django import forms

from obieg.office.day_input import DayInput
from obieg.office.models import Client, Operator
from obieg.office.uploads import LimitedFileField
from obieg.posting import chart_file
from obieg.posting.models import Account, Dimension, OfficeBooks, Profile, Vehicle
from obieg.posting.models.books import Validity

if TYPE_CHECKING:
    AccountModelForm = forms.ModelForm[Account]
    OfficeModelForm = forms.ModelForm[OfficeBooks]
    ProfileModelForm = forms.ModelForm[Profile]
    ValidityModelForm = forms.ModelForm[Validity]
    ClientChoice = forms.ModelChoiceField[Client]
else:
    AccountModelForm = OfficeModelForm = ProfileModelForm = ValidityModelForm = forms.ModelForm
    ClientChoice = forms.ModelChoiceField


class OnceAClient:
    """What has a code may have it only once in a client's books."""

    instance: Any
    cleaned_data: dict[str, Any]
    code_field = ""
    taken = ""

    def clean(self) -> dict[str, Any]:
        code = self.cleaned_data.get(self.code_field)
        same = type(self.instance).objects.of_client(self.instance.client_id)
        named = {self.code_field: code}
        if kind := self.cleaned_data.get("kind"):
            named["kind"] = kind
        if code and same.filter(**named).exclude(pk=self.instance.pk).exists():
            self.add_error(self.code_field, self.taken)  # type: ignore[attr-defined] # a form's
        return self.cleaned_data

    def validate_constraints(self) -> None:
        """Said in Polish by `clean`."""


class AccountForm(OnceAClient, AccountModelForm):
    code_field, taken = "number", "Takie konto już jest w planie."

    class Meta:
        model = Account
        fields = (
            "number",
            "name",
            "kpir_column",
            "ryczalt_rate",
            "cost_percent",
            "rest_account",
            "active",
        )
        help_texts = {  # noqa: RUF012 - Django's own shape
            "number": "Analitykę zapisz po kreseczce: 401-01.",
            "cost_percent": (
                "Samochód użytku mieszanego: 75% netto i nieodliczonego VAT. Dotyczy wierszy, "
                "w których VAT nie jest odliczony w całości."
            ),
            "rest_account": "Pełne księgi: konto kosztów niepodatkowych. Puste: bez podziału.",
            "active": "Nieużywane zostaje dla przeszłości, ale nie można na nie księgować.",
        }
        localized_fields = ("ryczalt_rate",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].disabled = self.instance.pk is not None  # the past names it
        self.fields["cost_percent"].required = False

    def clean_cost_percent(self) -> int:
        given: int | None = self.cleaned_data["cost_percent"]
        return 100 if given is None else given

    def clean_rest_account(self) -> str:
        number: str = self.cleaned_data["rest_account"]
        own = Account.objects.of_client(self.instance.client_id).filter(active=True)
        if number and not own.filter(number=number).exists():
            raise forms.ValidationError("W planie kont klienta nie ma takiego konta.")
        return number


class InOrder(ValidityModelForm):
    """What is valid between days that follow each other."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        start, end = found.get("valid_from"), found.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", "Koniec jest przed początkiem.")
        return found


class DimensionForm(OnceAClient, InOrder):
    code_field, taken = "code", "Taki kod już jest."

    class Meta:
        model = Dimension
        fields = ("kind", "code", "name", "valid_from", "valid_to")
        labels = {"kind": "rodzaj"}  # noqa: RUF012 - Django's own shape
        widgets = {"valid_from": DayInput(), "valid_to": DayInput()}  # noqa: RUF012

    def clean(self) -> dict[str, Any]:
        InOrder.clean(self)
        return OnceAClient.clean(self)


class VehicleForm(OnceAClient, InOrder):
    code_field, taken = "plate", "Pojazd o tym numerze już jest."

    class Meta:
        model = Vehicle
        fields = ("plate", "name", "vat_percent", "valid_from", "valid_to")
        widgets = {"valid_from": DayInput(), "valid_to": DayInput()}  # noqa: RUF012
        help_texts = {  # noqa: RUF012 - Django's own shape
            "vat_percent": "50% przy użytku mieszanym, 100% przy wyłącznie firmowym (art. 86a).",
        }

    def clean_plate(self) -> str:
        return "".join(self.cleaned_data["plate"].split()).upper()

    def clean(self) -> dict[str, Any]:
        InOrder.clean(self)
        return OnceAClient.clean(self)


class ProfileForm(ProfileModelForm):
    """The accounts of the other side, and the registers of VAT, one a line."""

    registers = forms.CharField(
        label="Rejestry VAT", widget=forms.Textarea({"rows": 8}), help_text="Jeden w wierszu."
    )

    class Meta:
        model = Profile
        fields = (
            *("supplier_account", "customer_account", "input_vat_account"),
            *("deferred_vat_account", "output_vat_account"),
            *("purchase_register", "sales_register", "rounding_cost_account"),
            *("rounding_income_account", "registers", "deducts_before_filing"),
        )
        help_texts = {  # noqa: RUF012 - Django's own shape
            "purchase_register": "Puste: klient nie odlicza VAT.",
            "deferred_vat_account": "Gdy VAT odlicza się w innym miesiącu niż koszt.",
            "deducts_before_filing": (
                "Wyrok Sądu UE T-689/24: VAT w okresie obowiązku podatkowego, choć faktura "
                "przyszła już w następnym, ale przed złożeniem deklaracji. Dla wszystkich klientów "
                "ustawia się to w Rejestrach, w Ustawieniach ksiąg."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["registers"] = "\n".join(self.instance.registers)

    def clean_registers(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["registers"].splitlines()]
        found = list(dict.fromkeys(name for name in names if name))
        if any(len(name) > 40 for name in found):
            raise forms.ValidationError("Nazwa rejestru może mieć najwyżej 40 znaków.")
        return found


class OfficeBooksForm(OfficeModelForm):
    """What the office decides for every client that has no choice of its own."""

    class Meta:
        model = OfficeBooks
        fields = ("deducts_before_filing",)
        help_texts = {  # noqa: RUF012 - Django's own shape
            "deducts_before_filing": (
                "Wyrok Sądu UE T-689/24. Dotyczy klientów, którym w Kontach i rejestrach nie "
                "ustawiono inaczej, i tylko decyzji podjętych później."
            )
        }


class ChartUpload(forms.Form):
    """A CSV file of accounts."""

    file = LimitedFileField(
        label="Plik CSV",
        most=chart_file.LARGEST,
        help_text="Nagłówki: konto; nazwa; kolumna_kpir; …",
    )


class CopyForm(forms.Form):
    """From which client the chart is copied."""

    source = ClientChoice(
        Client.objects.none(),
        label="Skopiuj plan klienta",
        empty_label="wybierz",
        error_messages={"invalid_choice": "Ten klient nie jest do Ciebie przypisany."},
    )

    def __init__(self, data: Any = None, *, operator: Operator, client: Client) -> None:
        super().__init__(data)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)  # noqa: S101 - for the types
        source.queryset = Client.objects.visible_to(operator).exclude(pk=client.pk)
