"""The form of a new token."""

import secrets
from typing import Any

from django import forms

from obieg.calls.tokens.asking import Wish
from obieg.calls.tokens.permissions import PERMISSIONS
from obieg.calls.trial import READ, WRITE
from obieg.office.models import Client
from obieg.vault.models import TokenPurpose

LONGEST = 230  # signs of a description; KSeF takes 256 with the mark


class TokenForm(forms.Form):
    """What the token is for and what it may do; one form makes one token."""

    mark = forms.RegexField(regex=r"^[0-9a-f]{16}$", widget=forms.HiddenInput)
    description = forms.CharField(
        label="Opis",
        min_length=5,
        max_length=LONGEST,
        help_text="Zobaczy go każdy, kto przegląda tokeny klienta w KSeF; Obieg dopisze znacznik.",
    )
    purpose = forms.ChoiceField(
        label="Dla kogo", choices=TokenPurpose.choices, widget=forms.RadioSelect
    )
    permissions = forms.MultipleChoiceField(
        label="Uprawnienia",
        choices=[(one.code, one.name) for one in PERMISSIONS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, client: Client, typed: dict[str, Any] | None = None
    ) -> None:
        start = {
            "description": f"Token {client.name}"[:LONGEST],
            "purpose": TokenPurpose.OBIEG,
            "permissions": [READ, WRITE],
        }
        start |= typed or {}
        super().__init__(data, initial=start | {"mark": secrets.token_hex(8)})

    @property
    def rows(self) -> list[tuple[Any, bool]]:
        """Every permission, and whether it is ticked."""
        ticked = self["permissions"].value() or ()
        return [(one, one.code in ticked) for one in PERMISSIONS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("permissions")
        if cleaned.get("purpose") == TokenPurpose.OBIEG and chosen and READ not in chosen:
            self.add_error("permissions", "Obieg potrzebuje przeglądania faktur (InvoiceRead).")
        return cleaned

    def wish(self) -> Wish:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return Wish(
            mark=asked["mark"],
            description=asked["description"],
            permissions=tuple(asked["permissions"]),
            purpose=TokenPurpose(asked["purpose"]),
        )
