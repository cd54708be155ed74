"""Does the vault need a hand: a change of the master key, renewals, what should have ended?"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from obieg.calls import renewing
from obieg.calls.errors import NoContextForOffice
from obieg.calls.models import Ending, Revocation
from obieg.calls.states import EndingState, RevocationState
from obieg.core.polish import format_time
from obieg.vault.key_ring import under_way
from obieg.vault.models import Credential
from obieg.watch.findings import Finding, Look, Severity

LONG_ENOUGH = timedelta(hours=24)  # for a change of the master key
PRESSING = timedelta(days=7)


def rotation_unfinished(look: Look) -> Iterator[Finding]:
    """The master key is being changed, and the old one still opens the new one."""
    rotation = under_way()
    if rotation is None or look.now - rotation.started_at <= LONG_ENOUGH:
        return
    yield Finding(
        "vault.rotation",
        Severity.STOP,
        f"niezakończona od {format_time(rotation.started_at)}; do tego czasu stary klucz otwiera "
        "nowy. Dokończ: obieg vault rotate --finish",
        reverse("watch"),
        subject=str(rotation.pk),
    )


def not_renewed(look: Look) -> Iterator[Finding]:
    """Clients' certificates that end soon and whose renewal KSeF refused or cannot be asked for."""
    rows = look.rows(Credential).filter(client__isnull=False)
    yield from _not_renewed("credentials.renewal", look, rows)


def not_renewed_office(look: Look) -> Iterator[Finding]:
    """The same of the office's own."""
    rows = Credential.objects.across_clients().filter(client=None)
    yield from _not_renewed("credentials.renewal_office", look, rows)


def unended(look: Look) -> Iterator[Finding]:
    """Ends of a cooperation that were broken off, and credentials still open in KSeF."""
    broken = look.all_rows(Ending).filter(state=EndingState.FAILED).select_related("client")
    for ending in broken.order_by("pk"):
        yield Finding(
            "credentials.unended",
            Severity.STOP,
            f"koniec współpracy przerwany: {ending.error_text}",
            reverse("clients-ending-progress", args=[ending.client_id]),
            ending.client_id,
            ending.client.name,
            subject=f"ending-{ending.pk}",
        )
    failed = look.all_rows(Revocation).filter(state=RevocationState.FAILED)
    for row in failed.select_related("client", "credential").order_by("pk"):
        yield Finding(
            "credentials.unended",
            Severity.WATCH,
            f"„{row.credential.label}” do unieważnienia w KSeF: {row.error_text}",
            reverse("clients-credentials", args=[row.client_id]),
            row.client_id,
            row.client.name,
            subject=f"revocation-{row.pk}",
        )


def _not_renewed(code: str, look: Look, rows: renewing.Rows) -> Iterator[Finding]:
    due = rows.filter(renewing.ending_rows(look.now) & ~Q(valid_to=None))
    listed = due.select_related("client").defer("ciphertext", "wrapped_key")
    for one in renewing.due(look.now, rows=listed.order_by("valid_to", "pk")):
        credential = one.credential
        if not one.failure or credential.valid_to is None:
            continue
        if isinstance(one.obstacle, NoContextForOffice):
            continue  # nobody lives on it: that it ends is told by itself
        pressing = credential.valid_to - look.now <= PRESSING
        yield Finding(
            code,
            Severity.STOP if pressing else Severity.WATCH,
            f"„{credential.label}” nie odnowił się: {one.failure}",
            reverse("credentials-renewal"),
            credential.client_id,
            credential.client.name if credential.client else "",
            subject=str(credential.pk),
        )
