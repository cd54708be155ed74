"""The Django application of permissions in KSeF; it belongs to the room of calls."""

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "obieg.calls.permissions"
    label = "permissions"
    verbose_name = "Uprawnienia w KSeF"
