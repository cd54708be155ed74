"""Trying a credential: a login in the client's context, and what KSeF lets it do there."""

from dataclasses import dataclass

from django.utils import timezone

from obieg.calls.gateways import open_with
from obieg.ksef.errors import AccessDenied
from obieg.ksef.gateway import Gateway
from obieg.office.models import Client, Event, Operator
from obieg.vault.models import Credential, CredentialKind

READ, WRITE = "InvoiceRead", "InvoiceWrite"
PURPOSE = "próba połączenia"
# KSeF API 2.9, PersonalPermissionScope
NAMES = {
    READ: "przeglądanie faktur",
    WRITE: "wystawianie faktur",
    "CredentialsRead": "przeglądanie uprawnień",
    "CredentialsManage": "zarządzanie uprawnieniami",
    "Introspection": "przeglądanie historii sesji",
    "SubunitManage": "zarządzanie jednostkami podrzędnymi",
    "EnforcementOperations": "operacje egzekucyjne",
    "VatUeManage": "zarządzanie uprawnieniami podmiotu unijnego",
    "CollectiveIdentifierManage": "zarządzanie identyfikatorami zbiorczymi",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a credential may do in a client's context (`InvoiceRead`, …)."""

    held: frozenset[str]

    @property
    def may_read(self) -> bool:
        return READ in self.held

    @property
    def may_issue(self) -> bool:
        return WRITE in self.held

    @property
    def names(self) -> list[str]:
        """The permissions in Polish, in the order of their worth."""
        known = [name for key, name in NAMES.items() if key in self.held]
        return known + sorted(self.held - set(NAMES))


def try_credential(
    credential: Credential, client: Client, *, actor: Operator | None, by_hand: bool = False
) -> Trial:
    """Log in anew and ask what is permitted; noted at the credential and on the trail.

    Raises AccessDenied, CredentialRefused, what `open_credential` does, and Transient.
    """
    opened = open_with(credential, client, purpose=PURPOSE, actor=actor, by_hand=by_hand)
    with opened as (gateway, access):
        if credential.kind != CredentialKind.SIGNATURE:
            access.log_in()
        trial = Trial(_held(gateway, credential))
    credential.held, credential.held_at = sorted(trial.held), timezone.now()
    credential.save(update_fields=["held", "held_at"])
    Event.objects.create(
        client=client,
        thing="vault.credential",
        thing_id=credential.pk,
        actor=actor,
        kind="try",
        after={"held": credential.held, "environment": credential.environment},
    )
    return trial


def require_reading(trial: Trial) -> None:
    """AccessDenied where the invoices of the context may not even be read."""
    if not trial.may_read:
        raise AccessDenied(text="brak uprawnienia do przeglądania faktur (InvoiceRead)")


def _held(gateway: Gateway, credential: Credential) -> frozenset[str]:
    """A token may do what was chosen when it was made, and of that what its author still may."""
    held = gateway.permissions.held()
    if credential.kind == CredentialKind.TOKEN and credential.reference:
        return held & gateway.tokens.status(credential.reference).permissions
    return held
