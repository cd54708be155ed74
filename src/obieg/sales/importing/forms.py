"""The form that takes files in."""

from typing import Any

from django import forms

from obieg.core.polish import file_size
from obieg.office.models import Client, Operator
from obieg.office.uploads import LimitedFileField

LARGEST = 50_000_000  # bytes of all the files at once


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(LimitedFileField):
    """Several files in one field."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class ImportForm(forms.Form):
    """A client and his files: one table, or XML."""

    client = forms.ModelChoiceField(
        label="Klient", queryset=Client.objects.none(), empty_label="– wybierz –"
    )
    uploads = FilesField(
        most=LARGEST,
        label="Pliki",
        help_text="Jeden plik CSV lub XLSX według wzoru albo pliki XML FA(3), także w ZIP.",
        error_messages={"required": "Wskaż plik."},
    )
    skip_wrong = forms.BooleanField(
        label="Wczytaj poprawne faktury, nawet gdy inne mają błędy", required=False
    )
    again = forms.BooleanField(
        label="Wczytaj także identyczne z wczytanymi wcześniej", required=False
    )

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["client"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - for the types
        choice.queryset = Client.objects.visible_to(operator).active()

    def clean_uploads(self) -> list[tuple[str, bytes]]:
        files = self.cleaned_data["uploads"]
        if (total := sum(file.size for file in files)) > LARGEST:
            raise forms.ValidationError(
                f"Pliki mają razem {file_size(total)}, a mogą mieć najwyżej {file_size(LARGEST)}. "
                "Wczytaj je w kilku ratach."
            )
        named = [(file.name, file.read()) for file in files]
        tables = [name for name, _ in named if is_table(name)]
        if tables and len(named) > 1:
            raise forms.ValidationError("Wczytaj jeden plik CSV lub XLSX naraz.")
        return named


def is_table(name: str) -> bool:
    return name.lower().endswith((".csv", ".xlsx", ".txt"))
