"""The life of a package."""

from django.db.models import TextChoices


class PackageState(TextChoices):
    CLAIMED = "claimed", "Zamawiana"  # the order may be lost: it can be repeated without harm
    ORDERED = "ordered", "W przygotowaniu"  # KSeF prepares it; ask, never order again
    READY = "ready", "Gotowa do pobrania"
    STORED = "stored", "Zapisana"
    EXPIRED = "expired", "Wygasła"  # KSeF no longer has it; the window is ordered anew
    UNREADABLE = "unreadable", "Nieczytelna"  # kept, reported, fetched again later
    FAILED = "failed", "Odrzucona przez KSeF"


OPEN = frozenset(
    {PackageState.CLAIMED, PackageState.ORDERED, PackageState.READY, PackageState.UNREADABLE}
)

TRANSITIONS = {
    PackageState.CLAIMED: frozenset({PackageState.ORDERED, PackageState.FAILED}),
    PackageState.ORDERED: frozenset(
        {PackageState.READY, PackageState.EXPIRED, PackageState.FAILED}
    ),
    PackageState.READY: frozenset(
        {PackageState.STORED, PackageState.EXPIRED, PackageState.UNREADABLE}
    ),
    PackageState.UNREADABLE: frozenset({PackageState.READY, PackageState.EXPIRED}),
    PackageState.STORED: frozenset[PackageState](),
    PackageState.EXPIRED: frozenset[PackageState](),
    PackageState.FAILED: frozenset[PackageState](),
}
