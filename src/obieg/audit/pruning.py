"""Pruning: sealed uses and calls go when they are old, and leave what they were in numbers."""

from datetime import datetime

from obieg.audit.models import Pruning, Seal
from obieg.calls.models import KsefCall
from obieg.vault.models import CredentialUse


def prune(source: str, before: datetime) -> Pruning | None:
    """Remove the records of a source older than `before`, by whole seals; None where none are.

    `before` is best the beginning of a month, so that it is done once a month. The database itself
    refuses what is younger than a year.
    """
    seal = _last_seal_before(source, before)
    done = Pruning.objects.filter(source=source).order_by("-seal").first()
    if seal is None or (done is not None and done.seal >= seal):
        return None
    pruning = Pruning.objects.create(source=source, seal=seal)
    pruning.refresh_from_db()
    return pruning


def _last_seal_before(source: str, before: datetime) -> int | None:
    """The last seal whose records of `source` are all older than `before`."""
    younger = _younger(source, before)
    seals = Seal.objects.exclude(events_digest="")
    if younger is not None:
        seals = seals.filter(**{f"{source}_to__lt": younger})
    found = seals.order_by("-number").values_list("number", f"{source}_to").first()
    return found[0] if found and found[1] else None


def _younger(source: str, before: datetime) -> int | None:
    """The first id that is not older than `before`."""
    if source == Pruning.Source.CALLS:
        rows = KsefCall.objects.across_clients().filter(at__gte=before)
        return rows.order_by("pk").values_list("pk", flat=True).first()
    uses = CredentialUse.objects.across_clients().filter(at__gte=before)
    return uses.order_by("pk").values_list("pk", flat=True).first()
