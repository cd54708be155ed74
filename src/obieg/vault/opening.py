"""Opening a credential: the one place where a secret leaves its envelope, and never unrecorded."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from obieg.ksef.secrets import CertificateSecret, Secret, TokenSecret
from obieg.office.models import Client, Operator
from obieg.vault.envelope import Binding, unseal
from obieg.vault.errors import (
    CredentialShredded,
    CredentialWithdrawn,
    OperatorsOwn,
    SignatureNeeded,
)
from obieg.vault.models import Credential, CredentialKind, CredentialUse

__all__ = ["CertificateSecret", "TokenSecret", "open_credential", "require_his"]


@contextmanager
def open_credential(
    credential: Credential,
    *,
    actor: Operator | None,
    purpose: str,
    client: Client | None,
    withdrawn_too: bool = False,
) -> Iterator[Secret]:
    """The secret of `credential`, for use within the `with` block only.

    The use (who, what for, in whose context) is committed before anything is decrypted, whatever
    becomes of the operation; therefore it may not run inside a transaction (RuntimeError).
    Only who revokes a credential opens it `withdrawn_too`, and only its operator one that is his
    own. Raises OperatorsOwn, CredentialWithdrawn, CredentialShredded, SignatureNeeded,
    SecretTampered, OtherMasterKey.
    """
    require_his(credential, actor)
    with transaction.atomic(durable=True):
        CredentialUse.objects.create(
            credential=credential, client=client, actor=actor, purpose=purpose
        )
    _require_whole(credential)
    if not (credential.active or credential.on_trial or withdrawn_too):
        raise CredentialWithdrawn(label=credential.label)
    binding = Binding(credential.client_id, credential.bound_kind, credential.environment)
    yield _secret(credential.kind, unseal(credential, binding))


def require_his(credential: Credential, actor: Operator | None) -> None:
    """OperatorsOwn where the credential is an operator's own and he, active, is not the actor."""
    owner = credential.operator
    if owner is None or (actor is not None and actor.pk == owner.pk and owner.is_active):
        return
    raise OperatorsOwn(label=credential.label, operator=owner.name)


def _require_whole(credential: Credential) -> None:
    if credential.shredded_at is not None:
        raise CredentialShredded(label=credential.label)
    if credential.kind == CredentialKind.SIGNATURE:
        raise SignatureNeeded(label=credential.label)


def _secret(kind: str, plain: bytes) -> Secret:
    if kind == CredentialKind.TOKEN:
        return TokenSecret(plain.decode())
    pair = json.loads(plain)
    return CertificateSecret(
        certificate=base64.b64decode(pair["certificate"]),
        private_key=base64.b64decode(pair["private_key"]),
    )
