"""The Django application of sales."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "obieg.sales"
    verbose_name = "Sprzedaż"

    def ready(self) -> None:
        from obieg.sales import (  # noqa: F401 - connect receivers
            elsewhere,
            ending,
            identity,
            inheriting,
            leaving,
            notices,
            waiting,
        )
        from obieg.sales.offline import verifiable  # noqa: F401 - the same
