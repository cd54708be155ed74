"""Forms of the vault's pages."""

from django import forms

from obieg.office.models import Client, Operator
from obieg.office.uploads import LimitedFileField
from obieg.vault.credentials import add_certificate
from obieg.vault.models import Credential, CredentialUsage

LARGEST = 100_000  # bytes of a file with a certificate or a key


class OfflineFileForm(forms.Form):
    """An Offline certificate from the files that KSeF's own application gave."""

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

    def keep(self, client: Client, *, actor: Operator) -> Credential:
        """Put the certificate of a valid form into the vault; raises the vault's errors."""
        asked = self.cleaned_data
        key = asked["private_key"]
        return add_certificate(
            client,
            asked["certificate"].read(),
            key.read() if key else b"",
            password=asked["password"] or None,
            environment=client.environment,
            label=f"Certyfikat Offline {client.name}"[:200],
            actor=actor,
            usage=CredentialUsage.OFFLINE,
        )
