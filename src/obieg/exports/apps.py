from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "obieg.exports"
    label = "exports"
    verbose_name = "Eksport"
