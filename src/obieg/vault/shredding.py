"""Destroying a secret: the ciphertext and its key are overwritten, what is public stays."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from obieg.office.models import Event, Operator
from obieg.vault.errors import CredentialInUse
from obieg.vault.models import AccessGrant, Credential

GONE = b"\0"


def shred(credential: Credential, *, actor: Operator | None) -> None:
    """Overwrite the secret of a withdrawn credential and forget the access it gave.

    Raises CredentialInUse. The row stays: fingerprint, dates, who and when.
    """
    with transaction.atomic():
        rows = Credential.objects.across_clients().select_for_update()
        stored = rows.get(pk=credential.pk)
        if stored.shredded_at is not None:
            return
        if stored.active:
            raise CredentialInUse(label=stored.label)
        _overwrite(stored, timezone.now())
        AccessGrant.objects.across_clients().filter(credential=stored).delete()
        _trail(stored, actor, "shred")
    credential.refresh_from_db(from_queryset=Credential.objects.across_clients())


def withdraw(credential: Credential, *, actor: Operator | None) -> None:
    """Take a credential out of use; nothing takes its place."""
    with transaction.atomic():
        rows = Credential.objects.across_clients().filter(pk=credential.pk)
        if rows.filter(active=True).update(active=False) == 0:
            rows.update(on_trial=False)
        AccessGrant.objects.across_clients().filter(credential=credential).delete()
        _trail(credential, actor, "withdraw")
    credential.active = credential.on_trial = False


def note_revoked(credential: Credential, *, actor: Operator | None) -> None:
    """KSeF has revoked it: write it down."""
    credential.revoked_at = timezone.now()
    with transaction.atomic():
        credential.save(update_fields=["revoked_at"])
        _trail(credential, actor, "revoke")


def _overwrite(stored: Credential, now: datetime) -> None:
    stored.ciphertext = GONE * len(bytes(stored.ciphertext))
    stored.wrapped_key = GONE * len(bytes(stored.wrapped_key))
    stored.on_trial, stored.shredded_at = False, now
    stored.save(update_fields=["ciphertext", "wrapped_key", "on_trial", "shredded_at"])


def _trail(credential: Credential, actor: Operator | None, kind: str) -> None:
    Event.objects.create(
        client_id=credential.client_id,
        thing="vault.credential",
        thing_id=credential.pk,
        actor=actor,
        kind=kind,
        after={"fingerprint": credential.fingerprint, "reference": credential.reference},
    )
