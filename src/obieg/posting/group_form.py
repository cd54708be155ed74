"""What is set for a whole group of documents; what is left empty stays as it was."""

from typing import Any

from django import forms

from obieg.posting.lines_form import ShortText


class GroupForm(forms.Form):
    """The fields that documents alike may share."""

    account = ShortText("Konto", required=False)
    cost_centre = ShortText("MPK", required=False)
    project = ShortText("Projekt", required=False)
    vat_register = ShortText("Rejestr VAT", required=False)
    deductible_percent = forms.IntegerField(
        label="Odl. %", required=False, min_value=0, max_value=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = {
            "account": "accounts",
            "cost_centre": "cost-centres",
            "project": "projects",
            "vat_register": "registers",
        }
        for name, offered in lists.items():
            self.fields[name].widget.attrs["list"] = offered

    def changes(self) -> dict[str, Any]:
        """What a valid form sets."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
