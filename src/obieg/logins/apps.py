from django.apps import AppConfig


class LoginsConfig(AppConfig):
    name = "obieg.logins"
    label = "logins"
    verbose_name = "Logowanie"

    def ready(self) -> None:
        from obieg.logins import sessions  # noqa: F401 - connects its receivers
