"""Forms of an operator's own credentials."""

from typing import Any

from django import forms

from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.uploads import LimitedFileField
from obieg.vault.credentials import add_certificate, add_token
from obieg.vault.forms import LARGEST

EVERY_CLIENT = "Wszyscy klienci, którzy nadali mi uprawnienia"


class OwnForm(forms.Form):
    """What every credential of an operator's own has; it takes the place of his present one."""

    KIND = ""  # begins the ids of its fields: two of these forms stand on one page
    client = forms.ModelChoiceField(label="Klient", queryset=Client.objects.none())
    label = forms.CharField(label="Nazwa", max_length=200)

    def __init__(self, data: Any = None, files: Any = None, *, operator: Operator) -> None:
        start = {"label": f"{operator.name} ({self.KIND})"[:200]}
        super().__init__(data, files, initial=start)
        self.auto_id = f"own-{self.KIND}_%s"
        self.operator = operator
        chosen = self.fields["client"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 - for the types
        chosen.queryset = Client.objects.visible_to(operator).active()

    def keep(self) -> None:
        """Put the credential of a valid form into the vault; raises the vault's errors."""
        raise NotImplementedError


class OwnTokenForm(OwnForm):
    """His token in one client's context."""

    KIND = "token"
    token = forms.CharField(
        label="Token KSeF",
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Po zapisaniu nie będzie już nigdy pokazany. Tokeny działają do 31.12.2026.",
    )

    def keep(self) -> None:
        asked = self.cleaned_data
        add_token(
            asked["client"],
            asked["token"],
            environment=asked["client"].environment,
            label=asked["label"],
            actor=self.operator,
            operator=self.operator,
        )


class OwnCertificateForm(OwnForm):
    """His certificate or signature with its key, for one client or for all."""

    KIND = "certyfikat"
    environment = forms.ChoiceField(
        label="Środowisko",
        choices=KsefEnvironment.choices,
        initial=KsefEnvironment.PRODUCTION,
        help_text="Przy wybranym kliencie: jego środowisko.",
    )
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

    def __init__(self, data: Any = None, files: Any = None, *, operator: Operator) -> None:
        super().__init__(data, files, operator=operator)
        chosen = self.fields["client"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 - for the types
        chosen.required, chosen.empty_label = False, EVERY_CLIENT

    def keep(self) -> None:
        asked = self.cleaned_data
        client, key = asked["client"], asked["private_key"]
        add_certificate(
            client,
            asked["certificate"].read(),
            key.read() if key else b"",
            password=asked["password"] or None,
            environment=client.environment if client else asked["environment"],
            label=asked["label"],
            actor=self.operator,
            operator=self.operator,
        )
