"""The Django application of the audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "obieg.audit"
    verbose_name = "Ślad rewizyjny"
