"""Inputs written without a template each: a dekret has dozens of them, and no time to lose."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString


class Box(forms.TextInput):
    """A text input, as Django's own template would write it."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        text = self.format_value(value)
        given = {"type": self.input_type, "name": name, **(attrs or {})}
        if text is not None:
            given["value"] = text
        return format_html("<input{}>", flatatt(self.build_attrs(self.attrs, given)))


class HiddenBox(Box):
    input_type = "hidden"
