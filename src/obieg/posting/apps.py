from django.apps import AppConfig


class PostingConfig(AppConfig):
    name = "obieg.posting"
    label = "posting"
    verbose_name = "Dekretacja"
