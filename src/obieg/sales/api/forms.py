"""The form of a new key of the API."""

from typing import Any

from django import forms

from obieg.office.models import Client, Operator


class KeyForm(forms.Form):
    """What the key is for, and whom it reaches."""

    name = forms.CharField(
        label="Do czego", max_length=100, help_text="Np. sklep internetowy klienta Łan."
    )
    client = forms.ModelChoiceField(
        label="Klient",
        queryset=Client.objects.none(),
        required=False,
        empty_label="wszyscy moi klienci",
    )

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["client"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - for the types
        choice.queryset = Client.objects.visible_to(operator).active()
