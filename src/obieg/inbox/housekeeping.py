"""What is cleared away each night: files of ended packages, and packages that brought nothing."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from obieg.inbox import files
from obieg.inbox.models import Package
from obieg.inbox.states import OPEN

EMPTY_KEPT = timedelta(days=14)  # a channel leaves 35,000 a year at the shortest interval


def clean_up() -> None:
    """Delete the files that nobody will read, and old packages without an invoice."""
    on_disk = set(files.packages_on_disk())
    needed = Package.objects.across_clients().filter(pk__in=on_disk, state__in=OPEN)
    for package_id in on_disk.difference(needed.values_list("pk", flat=True)):
        files.discard(package_id)
    empty = Q(invoices=0) | Q(invoices=None)
    old = Q(changed_at__lt=timezone.now() - EMPTY_KEPT) & ~Q(state__in=OPEN)
    Package.objects.across_clients().filter(empty, old, incremental=True).delete()
