"""Forms of the client's page: what to fetch by hand, and the client's access to KSeF."""

from datetime import date
from typing import Any

from django import forms

from obieg.core.polish import today
from obieg.inbox.channels import roles_of
from obieg.inbox.models import Role
from obieg.office.day_input import DayInput
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.uploads import LimitedFileField
from obieg.vault.credentials import add_certificate, add_token
from obieg.vault.forms import LARGEST


class PeriodForm(forms.Form):
    """Every document of one role and of a period."""

    role = forms.ChoiceField(label="Jako", choices=Role.choices, initial=Role.BUYER)
    date_from = forms.DateField(label="Od dnia", widget=DayInput())
    date_to = forms.DateField(label="Do dnia", widget=DayInput())

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - for the types
        role.choices = [(one.value, one.label) for one in roles_of(client)]
        if client.taxpayer != client:  # its head is the buyer
            role.initial = Role.THIRD

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("date_from"), cleaned.get("date_to")
        if start and end and start > end:
            self.add_error("date_to", "Koniec okresu jest przed jego początkiem.")
        if start and start > today():
            self.add_error("date_from", "Tego dnia jeszcze nie było.")
        return cleaned

    def asked(self) -> tuple[str, date, date]:
        """The role and the days, both included, of a valid form."""
        return tuple(self.cleaned_data[name] for name in ("role", "date_from", "date_to"))


class NumberForm(forms.Form):
    """One document by its KSeF number."""

    ksef_number = forms.CharField(
        label="Numer KSeF",
        max_length=60,
        widget=forms.TextInput({"placeholder": "9999999999-20261121-0123456789AB-CD", "size": 40}),
    )

    def clean_ksef_number(self) -> str:
        number: str = self.cleaned_data["ksef_number"]
        return number.strip().upper()


class AccessForm(forms.Form):
    """What every credential has; it takes the place of the one in use."""

    KIND = ""  # begins the ids of its fields: two of these forms stand on one page
    label = forms.CharField(label="Nazwa", max_length=200)
    environment = forms.ChoiceField(label="Środowisko", choices=KsefEnvironment.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.KIND}_%s"

    def keep(self, client: Client | None, *, actor: Operator) -> None:
        """Put the credential of a valid form into the vault; raises the vault's errors."""
        raise NotImplementedError


class TokenForm(AccessForm):
    """A client's KSeF token."""

    KIND = "token"
    token = forms.CharField(
        label="Token KSeF",
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Po zapisaniu nie będzie już nigdy pokazany. Tokeny działają do 31.12.2026.",
    )

    def keep(self, client: Client | None, *, actor: Operator) -> None:
        assert client is not None  # noqa: S101 - only a client has a token
        asked = self.cleaned_data
        add_token(
            client,
            asked["token"],
            environment=asked["environment"],
            label=asked["label"],
            actor=actor,
        )


class CertificateForm(AccessForm):
    """A certificate with its key, of a client or of the office."""

    KIND = "certificate"
    certificate = LimitedFileField(
        label="Certyfikat",
        most=LARGEST,
        help_text="Plik PEM, DER (.crt, .cer) albo PKCS#12 (.p12, .pfx).",
    )
    private_key = LimitedFileField(
        label="Klucz prywatny",
        most=LARGEST,
        required=False,
        help_text="Niepotrzebny przy pliku PKCS#12.",
    )
    password = forms.CharField(
        label="Hasło klucza",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def keep(self, client: Client | None, *, actor: Operator) -> None:
        asked = self.cleaned_data
        key = asked["private_key"]
        add_certificate(
            client,
            asked["certificate"].read(),
            key.read() if key else b"",
            password=asked["password"] or None,
            environment=asked["environment"],
            label=asked["label"],
            actor=actor,
        )
