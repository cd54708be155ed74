"""The Django application of sales."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "obieg.sales"
    verbose_name = "Sprzedaż"

    def ready(self) -> None:
        from obieg.sales import waiting  # noqa: F401 - connects its receiver
