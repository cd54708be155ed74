from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "obieg.vault"
    label = "vault"
    verbose_name = "Poświadczenia"
