"""Files that people send: a field of a form that knows how large a file may be."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from obieg.core.polish import file_size


class LimitedFileField(forms.FileField):
    """A file of at most `most` bytes; a larger one is refused before it is read."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > self.most:
            raise forms.ValidationError(too_large(data.size or 0, self.most), code="too_large")
        return super().clean(data, initial)


def too_large(size: int, most: int) -> str:
    """What is said of a file of `size` bytes where `most` are allowed."""
    return (
        f"Plik ma {file_size(size)}, a może mieć najwyżej {file_size(most)}. "
        "Sprawdź, czy to właściwy plik, albo podziel go na mniejsze."
    )
