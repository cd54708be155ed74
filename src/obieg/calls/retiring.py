"""The end of a credential: revoked in KSeF with its own login, then destroyed here."""

from obieg.calls.gateways import open_with
from obieg.core.errors import UserFixable
from obieg.ksef.errors import CredentialRefused
from obieg.office.models import Client, Operator
from obieg.vault.models import Credential, CredentialKind
from obieg.vault.shredding import note_revoked, shred, withdraw

PURPOSE = "unieważnienie w KSeF"


def revoke(credential: Credential, client: Client, *, actor: Operator | None) -> bool:
    """Revoke in KSeF by the number there; False where KSeF knows no such number of ours.

    One logs in with what is revoked: that needs no more rights than it has itself. Raises
    AccessDenied, KsefRefused, CredentialRefused and Transient.
    """
    if not credential.reference or credential.kind == CredentialKind.SIGNATURE:
        return False
    if credential.revoked_at is not None:
        return True
    with open_with(credential, client, purpose=PURPOSE, actor=actor, withdrawn_too=True) as (
        gateway,
        access,
    ):
        access.log_in()
        if credential.kind == CredentialKind.TOKEN:
            gateway.tokens.revoke(credential.reference)
        elif credential.reference in {one.serial for one in gateway.certificates.query()}:
            gateway.certificates.revoke(credential.reference)
        else:
            return False  # a seal or a signature of another issuer
    note_revoked(credential, actor=actor)
    return True


def retire(credential: Credential, client: Client, *, in_ksef: bool, actor: Operator | None) -> str:
    """Withdraw, revoke where asked and destroy; in Polish, what KSeF said.

    What KSeF refuses is told and does not keep the secret here. Raises Transient, and then
    nothing was destroyed, so that it can be repeated.
    """
    said = ""
    if in_ksef:
        said = _revoked(credential, client, actor)
    if credential.active or credential.on_trial:
        withdraw(credential, actor=actor)
    shred(credential, actor=actor)
    return said


def _revoked(credential: Credential, client: Client, actor: Operator | None) -> str:
    try:
        done = revoke(credential, client, actor=actor)
    except CredentialRefused:
        return "KSeF już go nie przyjmuje"
    except UserFixable as error:
        return f"nie unieważniono w KSeF: {error}"
    return "unieważniono w KSeF" if done else "w KSeF nie ma czego unieważnić"
