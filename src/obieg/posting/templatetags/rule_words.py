"""The fields of a rule in the words of its form."""

from django import template

from obieg.posting.models import Rule

register = template.Library()


@register.filter
def rule_field(name: str) -> str:
    """`kwota netto od` of `amount_from`."""
    return str(getattr(Rule._meta.get_field(name), "verbose_name", name))
