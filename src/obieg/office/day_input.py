"""The field of a day: typed, not picked, the same in every form and whatever the browser speaks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from obieg.core.days import read_day
from obieg.core.polish import format_date, today

PATTERN = "dd.mm.rrrr"


class DayInput(forms.DateInput):
    """A text input that takes what `read_day` does; the page shows what was understood.

    A browser's own date field shows days by the browser's language, and is slow to type in.
    """

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"autocomplete": "off", "placeholder": PATTERN, "size": 12, "data-day": True}
        super().__init__({**usual, **(attrs or {})}, format="%d.%m.%Y")

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, UploadedFile[Any]]", name: str
    ) -> Any:
        """The day written in full; what names no day as it was typed, for the field to refuse."""
        typed = super().value_from_datadict(data, files, name)
        day = read_day(typed, near=today()) if isinstance(typed, str) else None
        return typed if day is None else format_date(day)
