"""The Django application of sales."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "obieg.sales"
    verbose_name = "Sprzedaż"

    def ready(self) -> None:
        from obieg.sales import elsewhere, leaving, notices, waiting  # noqa: F401 - connect receivers
