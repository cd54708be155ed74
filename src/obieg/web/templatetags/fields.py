"""Form fields in the look of the product."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's input, with the class that gives its look."""
    return field.as_widget(attrs={"class": _look(field)})


@register.filter
def focused(field: BoundField) -> SafeString:
    """The same, with the cursor in it."""
    return field.as_widget(attrs={"class": _look(field), "autofocus": True})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the label stands behind the input."""
    return isinstance(field.field.widget, forms.CheckboxInput)


def _look(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
