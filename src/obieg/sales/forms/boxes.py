"""Fields as an accountant types them: decimal commas, spaces, days with dots; drawn quickly."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from obieg.core.days import read_day
from obieg.core.money import NBSP, plain
from obieg.core.nip import clean_nip, is_nip
from obieg.core.polish import format_date, today
from obieg.office.day_input import PATTERN
from obieg.posting.boxes import Box, HiddenBox

__all__ = [
    "Box",
    "ChoiceBox",
    "CodeField",
    "DayField",
    "HiddenBox",
    "NipField",
    "NumberField",
    "TextField",
    "TickField",
]

_SPACES = re.compile(rf"[\s{NBSP}\u202f]")


class Pick(forms.Select):
    """A select written without a template: a form has a hundred of them."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = _options(tuple(self.choices), chosen)
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", _attributes(given), options)


@lru_cache(maxsize=500)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """The options of a list; a form draws the same ones again and again."""
    drawn = (
        (code, SafeString(" selected") if str(code) == chosen else "", label)
        for code, label in choices
    )
    return format_html_join("", '<option value="{}"{}>{}</option>', drawn)


class Area(Box):
    """A text of several lines."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<textarea{}>{}</textarea>", _attributes(given), value or "")


def _attributes(given: dict[str, Any]) -> SafeString:
    pairs = ((key, value) for key, value in given.items() if value not in (None, False))
    return format_html_join("", ' {}="{}"', ((key, "" if v is True else v) for key, v in pairs))


class TextField(forms.CharField):
    """A line of text; never required: a draft may lack anything."""

    def __init__(self, label: str, most: int = 512, *, lines: int = 0, **attrs: Any) -> None:
        drawn = (
            Area(attrs={"rows": lines, **attrs}) if lines else Box({"autocomplete": "off"} | attrs)
        )
        super().__init__(label=label, max_length=most, required=False, widget=drawn)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 - Django's
        return {}  # a text that is too long is told, not cut in silence


class CodeField(TextField):
    """A text without spaces: an account, a code."""

    def to_python(self, value: Any) -> str:
        return _SPACES.sub("", super().to_python(value) or "").upper()


class NipField(CodeField):
    """A NIP with its check digit; dashes and spaces are dropped."""

    def to_python(self, value: Any) -> str:
        return clean_nip(super().to_python(value))

    def validate(self, value: str) -> None:
        if value and not is_nip(value):
            raise forms.ValidationError("To nie jest poprawny NIP: cyfra kontrolna się nie zgadza.")


class NumberField(forms.Field):
    """A decimal number as people type it: `1 234,56`, `1.234,56` or `1234.56`."""

    def __init__(self, label: str, *, whole: bool = False, **attrs: Any) -> None:
        mode = "numeric" if whole else "decimal"
        drawn = Box({"inputmode": mode, "autocomplete": "off", "data-number": True} | attrs)
        super().__init__(label=label, required=False, widget=drawn)
        self.whole = whole

    def to_python(self, value: Any) -> Decimal | int | None:
        if value is None or isinstance(value, Decimal | int):
            return value
        text = _SPACES.sub("", str(value)).replace("\N{MINUS SIGN}", "-")
        if not text:
            return None
        try:
            return int(text) if self.whole else decimal_of(text)
        except (InvalidOperation, ValueError) as error:
            raise forms.ValidationError(
                "Wpisz liczbę, np. 14." if self.whole else "Wpisz liczbę, np. 1 234,56."
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return number_text(value) if isinstance(value, Decimal) else value


def decimal_of(text: str) -> Decimal:
    """The number of a text without spaces; raises InvalidOperation."""
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    number = Decimal(text)
    if not number.is_finite():
        raise InvalidOperation(text)
    return number


def number_text(value: Decimal) -> str:
    """`1234,5`: as short as the number, so that it can be typed over."""
    text = f"{value.normalize():f}".replace(".", ",")
    whole, _, rest = text.partition(",")
    return f"{whole},{rest}" if rest else whole


class AmountField(NumberField):
    """An amount of money: shown with its grosze."""

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


class DayField(forms.Field):
    """A day, as `read_day` takes it."""

    def __init__(self, label: str, **attrs: Any) -> None:
        drawn = Box({"autocomplete": "off", "placeholder": PATTERN, "data-day": True} | attrs)
        super().__init__(label=label, required=False, widget=drawn)

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        if not str(value).strip():
            return None
        day = read_day(str(value), near=today())
        if day is None:
            raise forms.ValidationError("Wpisz datę, np. 21.11.2026.")
        return day

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, date) else value


class ChoiceBox(forms.ChoiceField):
    """One of a list; empty where nothing was chosen."""

    def __init__(self, label: str, choices: Any, **attrs: Any) -> None:
        super().__init__(label=label, choices=choices, required=False, widget=Pick(attrs=attrs))


class TickField(forms.BooleanField):
    """Yes or nothing."""

    def __init__(self, label: str, **attrs: Any) -> None:
        super().__init__(label=label, required=False, widget=Tick(attrs=attrs))


class Tick(forms.CheckboxInput):
    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        given = {"type": "checkbox", "name": name, "checked": self.check_test(value)}
        shown = self.build_attrs(self.attrs, given | (attrs or {}))
        return format_html("<input{}>", _attributes(shown))


def hidden(label: str = "") -> forms.CharField:
    """A value that travels with the form unseen."""
    return forms.CharField(label=label, required=False, widget=HiddenBox)
