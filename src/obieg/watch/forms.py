"""The forms of the watch: its settings."""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django import forms

from obieg.watch.models import WatchSettings, WebhookSecret
from obieg.watch.webhook import WebhookForbidden, refuse_forbidden, set_secret

if TYPE_CHECKING:
    SettingsModelForm = forms.ModelForm[WatchSettings]
else:
    SettingsModelForm = forms.ModelForm

SHORTEST_SECRET = 16


class WatchSettingsForm(SettingsModelForm):
    """Who is told, when, and from where on; a secret that is left empty stays as it was."""

    webhook_url = forms.URLField(
        label="Adres webhooka",
        required=False,
        assume_scheme="https",
        help_text="Adres https (http tylko w sieci lokalnej). Puste: bez webhooka.",
    )
    password_typed = forms.CharField(
        label="Sekret webhooka",
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="Podpisuje wywołania (HMAC-SHA256, nagłówek X-Obieg-Signature). Puste pole "
        "zostawia dotychczasowy. Trafia do sejfu, nikt go nie odczyta.",
    )

    class Meta:
        model = WatchSettings
        fields = (
            "recipients",
            "webhook_url",
            "quiet_from",
            "quiet_to",
            "stop_breaks_quiet",
            "answer_minutes",
            "backup_hours",
            "free_gb",
            "queue_depth",
        )
        widgets = {  # noqa: RUF012 - as Django's Meta has it
            "quiet_from": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }
        help_texts = {  # noqa: RUF012 - as Django's Meta has it
            "recipients": "Po przecinku. Puste: bez listów.",
            "quiet_to": "W czasie ciszy alerty czekają do jej końca.",
        }

    field_order = ("recipients", "webhook_url", "password_typed")

    def clean_webhook_url(self) -> str:
        url: str = self.cleaned_data["webhook_url"]
        parts = urlsplit(url)
        if url and (parts.username or parts.password):
            raise forms.ValidationError("Adres nie może zawierać loginu ani hasła.")
        try:
            refuse_forbidden(url)
        except WebhookForbidden as error:
            raise forms.ValidationError(str(error)) from error
        if url and parts.scheme != "https" and not _is_local(parts.hostname or ""):
            raise forms.ValidationError("Poza siecią lokalną adres musi zaczynać się od https://.")
        return url

    def clean_password_typed(self) -> str:
        typed: str = self.cleaned_data["password_typed"]
        if typed and len(typed) < SHORTEST_SECRET:
            raise forms.ValidationError(f"Sekret musi mieć co najmniej {SHORTEST_SECRET} znaków.")
        return typed

    def clean(self) -> None:
        """A webhook needs its secret, quiet hours both ends."""
        super().clean()
        given = self.cleaned_data
        if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to", "Podaj początek i koniec ciszy albo żadnego z nich.")
        is_sealed = WebhookSecret.objects.exists()
        if given.get("webhook_url") and not is_sealed and not given.get("password_typed"):
            self.add_error("password_typed", "Webhook wymaga sekretu.")

    def save(self, commit: bool = True) -> WatchSettings:
        settings: WatchSettings = super().save(commit)
        if typed := self.cleaned_data["password_typed"]:
            set_secret(typed)
        return settings


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or (address.is_private and not address.is_link_local)
