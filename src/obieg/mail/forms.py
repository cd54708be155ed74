"""The form of the office's mail server."""

from typing import TYPE_CHECKING, Any

from django import forms

from obieg.mail.models import MailServer
from obieg.mail.server import set_password

if TYPE_CHECKING:
    ServerModelForm = forms.ModelForm[MailServer]
else:
    ServerModelForm = forms.ModelForm


class MailServerForm(ServerModelForm):
    """The server; a password that is left empty stays as it was."""

    password_typed = forms.CharField(
        label="Hasło",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="Puste pole zostawia dotychczasowe hasło. Trafia do sejfu, nikt go nie odczyta.",
    )

    class Meta:
        model = MailServer
        fields = ("host", "port", "security", "login", "sender", "sender_name")

    field_order = ("host", "port", "security", "login", "password_typed", "sender", "sender_name")

    def save(self, commit: bool = True) -> MailServer:
        server: MailServer = super().save(commit=False)
        if self.cleaned_data["password_typed"] or not server.ciphertext:
            set_password(server, self.cleaned_data["password_typed"])
        if commit:
            server.save()
        return server

    def clean_password_typed(self) -> str:
        password: str = self.cleaned_data["password_typed"]
        if not password.isascii():  # smtplib sends no others
            raise forms.ValidationError(
                "Hasło może mieć tylko litery bez polskich znaków, cyfry i znaki z klawiatury. "
                "Zmień je u dostawcy poczty."
            )
        return password

    def clean_port(self) -> int:
        port: Any = self.cleaned_data["port"]
        if not 1 <= port <= 65535:
            raise forms.ValidationError("Port to liczba od 1 do 65535.")
        return int(port)
