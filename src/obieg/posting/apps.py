from django.apps import AppConfig


class PostingConfig(AppConfig):
    name = "obieg.posting"
    label = "posting"
    verbose_name = "Dekretacja"

    def ready(self) -> None:
        from obieg.inbox.signals import invoices_stored
        from obieg.posting import inheriting  # noqa: F401 - connect its receiver
        from obieg.posting.intake import queue_arrivals
        from obieg.posting.linking import link_arrivals

        invoices_stored.connect(queue_arrivals, dispatch_uid="posting.intake")
        invoices_stored.connect(link_arrivals, dispatch_uid="posting.linking")  # in this order
