from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "obieg.calls"
    label = "calls"
    verbose_name = "Wywołania KSeF"
