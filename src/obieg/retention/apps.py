"""The Django application of personal data and retention."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "obieg.retention"
    verbose_name = "Dane osobowe"
