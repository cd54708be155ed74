"""The Django application of sales."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "obieg.sales"
    verbose_name = "Sprzedaż"
