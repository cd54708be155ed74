from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "obieg.vault"
    label = "vault"
    verbose_name = "Poświadczenia"

    def ready(self) -> None:
        from obieg.vault import attached, own  # noqa: F401 - connect their receivers
