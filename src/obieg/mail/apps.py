"""The Django application of outgoing mail."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "obieg.mail"
    verbose_name = "Poczta"
