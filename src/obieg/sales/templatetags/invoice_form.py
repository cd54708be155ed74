"""Fields of the invoice's form: label, input, what is wrong; drawn without a template each."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from obieg.sales.forms.boxes import ChoiceBox, NumberField, TickField
from obieg.sales.forms.places import Placed

register = template.Library()
Notes = Mapping[str, list[Placed]]


@register.simple_tag(takes_context=True)
def cell(context: Context, field: BoundField, kind: str = "") -> SafeString:
    """A labelled field in a block; `kind` is a class of its own."""
    drawn, faults = _drawn(field, context.get("notes") or {})
    label = format_html('<label for="{}">{}</label>', field.id_for_label, field.label)
    inside = (drawn, label) if isinstance(field.field, TickField) else (label, drawn)
    look = f"cell {kind} {'tick' if isinstance(field.field, TickField) else ''}".strip()
    return format_html('<div class="{}">{}{}{}</div>', look, *inside, faults)


@register.simple_tag(takes_context=True)
def box(context: Context, field: BoundField, kind: str = "") -> SafeString:
    """The same as a cell of a table, whose heading is the label."""
    drawn, faults = _drawn(field, context.get("notes") or {})
    figure = "of-number" if isinstance(field.field, NumberField) else ""
    look = f"{kind} {figure}".strip()
    return format_html('<td class="{}" data-label="{}">{}{}</td>', look, field.label, drawn, faults)


def _drawn(field: BoundField, notes: Notes) -> tuple[SafeString, SafeString]:
    field_id = field.id_for_label or ""
    found = notes.get(field_id, [])
    texts = [*(("stop", text) for text in field.errors)]
    texts += [("stop" if note.is_error else "watch", note.text) for note in found]
    if not texts:
        return field.as_widget(attrs={"class": _look(field)}), SafeString("")
    attrs: dict[str, Any] = {"class": _look(field), "aria-describedby": f"{field_id}-why"}
    if any(meaning == "stop" for meaning, _ in texts):
        attrs["aria-invalid"] = "true"
    marks = {"stop": "✕", "watch": "!"}
    faults = format_html_join(
        "",
        '<span class="fault {}" title="{}">{} {}</span>',
        ((m, text, marks[m], text) for m, text in texts),
    )
    why = format_html('<span class="faults" id="{}-why">{}</span>', field_id, faults)
    return field.as_widget(attrs=attrs), why


def _look(field: BoundField) -> str:
    if isinstance(field.field, TickField):
        return "form-check-input"
    return "form-select" if isinstance(field.field, ChoiceBox) else "form-control"
