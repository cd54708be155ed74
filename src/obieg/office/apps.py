from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "obieg.office"
    label = "office"
    verbose_name = "Biuro"
