from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "obieg.inbox"
    label = "inbox"
    verbose_name = "Zakupy"

    def ready(self) -> None:
        from obieg.inbox import ending, identity  # noqa: F401 - connect their receivers
