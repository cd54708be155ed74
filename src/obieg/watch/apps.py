"""The Django application of the watch."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "obieg.watch"
    verbose_name = "Nadzór"
