"""Putting credentials into the vault, and finding the one that a client uses."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from obieg.core.polish import WARSAW
from obieg.office.models import Client, Event, Operator
from obieg.vault.certificates import KeyPair, read_key_pair, require_offline
from obieg.vault.choice import choice_of, own_of
from obieg.vault.envelope import Binding, seal
from obieg.vault.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    ChosenMissing,
    NoCredential,
    TokenMalformed,
)
from obieg.vault.models import AccessGrant, Credential, CredentialKind, CredentialUsage, Way

TOKENS_END = datetime(2027, 1, 1, tzinfo=WARSAW)  # KSeF tokens work through 31 December 2026
REFERENCE_LONGEST = 36  # ReferenceNumber, KSeF API 2.9
TOKEN_LENGTHS = range(20, 4001)


def add_token(
    client: Client,
    token: str,
    *,
    environment: str,
    label: str,
    actor: Operator | None,
    operator: Operator | None = None,
    on_trial: bool = False,
) -> Credential:
    """Keep a KSeF token of a client's context, in place of the credential used so far.

    With `operator` it is his own; one `on_trial` stays beside the present one until `take_over`.
    Raises TokenMalformed.
    """
    token = token.strip()
    if len(token) not in TOKEN_LENGTHS or not token.isascii() or not token.isprintable():
        raise TokenMalformed
    if " " in token:
        raise TokenMalformed
    return _keep(
        client,
        CredentialKind.TOKEN,
        token.encode(),
        environment=environment,
        label=label,
        actor=actor,
        operator=operator,
        on_trial=on_trial,
        fingerprint=hashlib.sha256(token.encode()).hexdigest(),
        reference=_reference(token),
        valid_to=TOKENS_END,
    )


def add_certificate(
    client: Client | None,
    certificate: bytes,
    private_key: bytes,
    *,
    password: str | None = None,
    environment: str,
    label: str,
    actor: Operator | None,
    usage: CredentialUsage = CredentialUsage.AUTHENTICATION,
    operator: Operator | None = None,
) -> Credential:
    """Keep a certificate with its key (PEM, DER or PKCS#12), of a client or, with None, the office.

    With `operator` it is his own, for the client or, with None, for every one that granted it.
    It takes the place of the credential of the same usage and owner. Raises the errors of
    `read_key_pair`, CertificateExpired, CertificateNotYetValid and, of usage OFFLINE, NotOffline.
    """
    pair = read_key_pair(certificate, private_key, password=password)
    if usage == CredentialUsage.OFFLINE:
        require_offline(pair)
    now = datetime.now(UTC)
    if pair.valid_to <= now:
        raise CertificateExpired(label=label, valid_to=pair.valid_to.astimezone(WARSAW))
    if pair.valid_from > now:
        raise CertificateNotYetValid(label=label, valid_from=pair.valid_from.astimezone(WARSAW))
    return keep_pair(
        client,
        pair,
        environment=environment,
        label=label,
        actor=actor,
        usage=usage,
        operator=operator,
    )


def keep_pair(
    client: Client | None,
    pair: KeyPair,
    *,
    environment: str,
    label: str,
    actor: Operator | None,
    usage: CredentialUsage,
    operator: Operator | None = None,
    on_trial: bool = False,
) -> Credential:
    """Keep a pair that is known to be good, in place of the credential of the same usage.

    One `on_trial` stays beside it until `take_over`.
    """
    plain = json.dumps(
        {
            "certificate": base64.b64encode(pair.certificate).decode(),
            "private_key": base64.b64encode(pair.private_key).decode(),
        }
    )
    return _keep(
        client,
        CredentialKind.CERTIFICATE,
        plain.encode(),
        environment=environment,
        label=label,
        actor=actor,
        usage=usage,
        operator=operator,
        on_trial=on_trial,
        reference=pair.serial,
        fingerprint=pair.fingerprint,
        valid_from=pair.valid_from,
        valid_to=pair.valid_to,
    )


def credential_for(client: Client, *, operator: Operator | None = None) -> Credential:
    """The credential in use for the client's environment, as `Choice.credential` chooses it.

    With `operator`, who does something by hand and now, his own goes first where he has one.
    Raises NoCredential, ChosenMissing, or CertificateExpired where its last day is past.
    """
    credential = own_of(operator, client) if operator else None
    credential = credential or _chosen(client)
    _require_valid(credential)
    return credential


def _chosen(client: Client) -> Credential:
    choice = choice_of(client)
    if choice.credential is not None:
        return choice.credential
    environment = client.get_environment_display()
    if choice.way == Way.AUTO:
        raise NoCredential(client=client.name, environment=environment)
    raise ChosenMissing(client=client.name, environment=environment, way=choice.way.label)


def _require_valid(credential: Credential) -> None:
    """A certificate ends on its day for certain; the end of the tokens is for KSeF to say."""
    end = credential.valid_to
    if credential.kind == CredentialKind.CERTIFICATE and end and end <= datetime.now(UTC):
        raise CertificateExpired(label=credential.label, valid_to=end.astimezone(WARSAW))


@transaction.atomic
def _keep(
    client: Client | None,
    kind: CredentialKind,
    plain: bytes,
    *,
    environment: str,
    label: str,
    actor: Operator | None,
    usage: CredentialUsage = CredentialUsage.AUTHENTICATION,
    operator: Operator | None = None,
    on_trial: bool = False,
    **public: Any,
) -> Credential:
    replaced = None if on_trial else withdraw_current(client, environment, usage, operator)
    credential = Credential(
        client=client,
        operator=operator,
        kind=kind,
        usage=usage,
        environment=environment,
        label=label,
        created_by=actor,
        on_trial=on_trial,
        active=not on_trial,
        **public,
    )
    binding = Binding(credential.client_id, credential.bound_kind, environment)
    envelope = seal(plain, binding)
    credential.ciphertext = envelope.ciphertext
    credential.wrapped_key = envelope.wrapped_key
    credential.master_key_id = envelope.master_key_id
    credential.save()
    what = {"kind": kind, "usage": usage, "environment": environment}
    whose = {"operator": operator.pk} if operator else {}
    after = {**what, **whose, "fingerprint": credential.fingerprint, "on_trial": on_trial}
    _trail(credential, actor, "add", {"credential": replaced}, after)
    return credential


def keep_signature(
    client: Client, *, signer: str, until: datetime, actor: Operator | None
) -> Credential:
    """Note an access that was signed outside: who signed (SHA-256 of his certificate), to when."""
    return _keep(
        client,
        CredentialKind.SIGNATURE,
        b"",
        environment=client.environment,
        label=f"Podpis poza Obiegiem {client.name}"[:200],
        actor=actor,
        usage=CredentialUsage.SIGNATURE,
        fingerprint=signer,
        valid_to=until,
    )


def signed_access_of(client: Client) -> Credential | None:
    """The access of the client that was signed outside and has not ended, if there is one."""
    return (
        Credential.objects.of_client(client)
        .filter(
            environment=client.environment,
            usage=CredentialUsage.SIGNATURE,
            active=True,
            valid_to__gt=datetime.now(UTC),
        )
        .first()
    )


def _trail(
    credential: Credential,
    actor: Operator | None,
    kind: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    Event.objects.create(
        client_id=credential.client_id,
        thing="vault.credential",
        thing_id=credential.pk,
        actor=actor,
        kind=kind,
        before=before,
        after=after,
    )


def take_over(candidate: Credential, *, actor: Operator | None) -> None:
    """Put the credential that stood its trial into use, in place of the present one."""
    with transaction.atomic():
        usage = CredentialUsage(candidate.usage)
        replaced = withdraw_current(
            candidate.client, candidate.environment, usage, candidate.operator
        )
        candidate.active, candidate.on_trial = True, False
        candidate.save(update_fields=["active", "on_trial"])
        _trail(candidate, actor, "take_over", {"credential": replaced}, {})


def _reference(token: str) -> str:
    """A token begins with its number in KSeF, which is no secret (KSeF API 2.9, POST /tokens)."""
    reference, bar, _ = token.partition("|")
    return reference if bar and len(reference) <= REFERENCE_LONGEST else ""


def withdraw_current(
    client: Client | None,
    environment: str,
    usage: CredentialUsage,
    operator: Operator | None = None,
) -> int | None:
    """Take the credential in use out of use, with the access it opened; its id."""
    current = (
        Credential.objects.across_clients()
        .select_for_update()
        .filter(client=client, environment=environment, usage=usage, operator=operator, active=True)
        .first()
    )
    if current is None:
        return None
    Credential.objects.across_clients().filter(pk=current.pk).update(active=False)
    AccessGrant.objects.across_clients().filter(credential=current).delete()
    return current.pk
