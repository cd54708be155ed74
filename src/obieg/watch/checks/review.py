"""Has an owner reviewed the credentials in this quarter?"""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse

from obieg.calls.review import Quarter
from obieg.calls.reviewed import confirmation_of
from obieg.core.polish import WARSAW, format_date
from obieg.vault.models import Credential
from obieg.watch.findings import Finding, Look, Severity


def due(look: Look) -> Iterator[Finding]:
    """The quarter's review, from its first day until an owner confirms it.

    What was added within the quarter was looked at when it was added: a new office has no review.
    """
    quarter = Quarter.of(look.now.astimezone(WARSAW).date())
    begins = datetime.combine(quarter.first, time(), WARSAW)
    held = Credential.objects.across_clients().filter(shredded_at=None, created_at__lt=begins)
    if confirmation_of(quarter) is not None or not held.exists():
        return
    yield Finding(
        "credentials.review",
        Severity.WATCH,
        f"Lista poświadczeń za {quarter} czeka na przegląd właściciela "
        f"(do {format_date(quarter.last)})",
        reverse("credentials-review"),
        subject=str(quarter.key),
    )
