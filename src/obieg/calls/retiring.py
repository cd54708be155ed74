"""The end of a credential: revoked in KSeF by who may, then destroyed here."""

from collections.abc import Iterator

from django.db import transaction

from obieg.calls.errors import NoKeyToRevoke
from obieg.calls.gateways import open_with
from obieg.core.errors import UserFixable
from obieg.ksef.certificates import Reason
from obieg.ksef.errors import AccessDenied, CredentialRefused, KsefRefused
from obieg.ksef.gateway import Gateway
from obieg.office.models import Client, Operator
from obieg.vault.credentials import signed_access_of
from obieg.vault.errors import CredentialShredded
from obieg.vault.models import Credential, CredentialKind, CredentialUsage
from obieg.vault.shredding import note_revoked, shred, withdraw

PURPOSE = "unieważnienie w KSeF"
OVER = frozenset({"Revoking", "Revoked", "Blocked", "Expired"})  # of tokens and certificates
DESTROYED = "zniszczono w sejfie"


def revoke(
    credential: Credential,
    client: Client,
    *,
    actor: Operator | None,
    reason: Reason = "Unspecified",
) -> bool:
    """Revoke in KSeF by the number there; False where KSeF knows no such number of ours.

    One logs in with what is revoked, which needs no more rights than it has itself; where that
    opens nothing (any more), with what is in use of the same owner. Raises NoKeyToRevoke,
    AccessDenied, KsefRefused, CredentialRefused and Transient.
    """
    if not credential.reference or credential.kind == CredentialKind.SIGNATURE:
        return False
    if credential.revoked_at is not None:
        return True
    refusal: UserFixable | None = None
    for key in _keys(credential, client):
        try:
            found = _revoke_by(key, credential, client, actor, reason)
        except (CredentialRefused, CredentialShredded, AccessDenied, KsefRefused) as refused:
            refusal = refusal or refused
            continue
        if found or key == credential:
            return found
    raise refusal or NoKeyToRevoke(label=credential.label, serial=credential.reference)


def retire(credential: Credential, client: Client, *, in_ksef: bool, actor: Operator | None) -> str:
    """Withdraw, revoke where asked and destroy; in Polish, what KSeF said.

    What KSeF refuses is told and does not keep the secret here. Raises Transient, and then
    nothing was destroyed, so that it can be repeated.
    """
    said = revoked_words(credential, client, actor=actor) if in_ksef else ""
    destroy(credential, actor=actor)
    return said


def revoked_words(credential: Credential, client: Client, *, actor: Operator | None) -> str:
    """Revoke; in Polish, what KSeF said. Raises Transient."""
    try:
        done = revoke(credential, client, actor=actor)
    except CredentialRefused:
        return "KSeF już go nie przyjmuje"
    except UserFixable as error:
        return f"nie unieważniono w KSeF: {error}"
    return "unieważniono w KSeF" if done else "w KSeF nie ma czego unieważnić"


def destroy(credential: Credential, *, actor: Operator | None) -> None:
    """Withdraw it where it is used or on trial, and overwrite its secret."""
    with transaction.atomic():
        if credential.active or credential.on_trial:
            withdraw(credential, actor=actor)
        shred(credential, actor=actor)


def _keys(credential: Credential, client: Client) -> Iterator[Credential]:
    """What may be logged in with to revoke it, the surest first."""
    is_whole = credential.shredded_at is None
    if credential.usage == CredentialUsage.AUTHENTICATION and is_whole:
        yield credential
    held = Credential.objects.across_clients().filter(
        client=credential.client,
        environment=credential.environment,
        usage=CredentialUsage.AUTHENTICATION,
        kind=CredentialKind.CERTIFICATE,
        operator=credential.operator,
        shredded_at=None,
        on_trial=False,
    )
    yield from held.exclude(pk=credential.pk).order_by("-active", "-pk")[:3]
    signed = signed_access_of(client)
    if signed is not None and signed.environment == credential.environment:
        yield signed


def _revoke_by(
    key: Credential,
    credential: Credential,
    client: Client,
    actor: Operator | None,
    reason: Reason,
) -> bool:
    with open_with(key, client, purpose=PURPOSE, actor=actor, withdrawn_too=True) as (
        gateway,
        access,
    ):
        if key.kind != CredentialKind.SIGNATURE:
            access.log_in()
        if not _end_in_ksef(gateway, credential, reason):
            return False  # a seal or a signature of another issuer, or another subject's
    note_revoked(credential, actor=actor)
    return True


def _end_in_ksef(gateway: Gateway, credential: Credential, reason: Reason) -> bool:
    if credential.kind == CredentialKind.TOKEN:
        if gateway.tokens.status(credential.reference).status not in OVER:
            gateway.tokens.revoke(credential.reference)
        return True
    entry = gateway.certificates.find(credential.reference)
    if entry is None:
        return False
    if entry.status not in OVER:
        gateway.certificates.revoke(credential.reference, reason=reason)
    return True
