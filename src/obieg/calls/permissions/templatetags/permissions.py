"""Permissions in templates."""

from django import template

from obieg.calls.permissions.scopes import names_of

register = template.Library()
register.filter("scopes", names_of)
