from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "obieg.inbox"
    label = "inbox"
    verbose_name = "Zakupy"
