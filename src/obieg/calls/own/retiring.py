"""The end of an operator's own credential: by himself also in KSeF, by others here alone."""

from obieg.calls.gateways import open_with
from obieg.calls.retiring import destroy
from obieg.core.errors import UserFixable
from obieg.office.models import Operator
from obieg.vault.models import Credential, CredentialKind
from obieg.vault.shredding import note_revoked

PURPOSE = "unieważnienie własnego poświadczenia"
REVOKED, NOT_THERE = "unieważniono w KSeF", "w KSeF nie ma czego unieważnić"
LEFT = "w KSeF pozostaje, dopóki jego właściciel go tam nie unieważni"


def retire_own(credential: Credential, *, in_ksef: bool, actor: Operator) -> str:
    """Revoke where asked and one's own, then destroy; in Polish, what became of it in KSeF.

    What KSeF refuses is told and does not keep the secret here. Raises Transient, and then nothing
    was destroyed.
    """
    said = LEFT
    if in_ksef and credential.operator_id == actor.pk:
        try:
            said = _revoked(credential, actor)
        except UserFixable as error:
            said = f"nie unieważniono w KSeF: {error}"
    destroy(credential, actor=actor)
    return said


def _revoked(credential: Credential, actor: Operator) -> str:
    """One logs in in a client's context: one for every client is ended where it was made."""
    client = credential.client
    if client is None or not credential.reference:
        return LEFT
    opened = open_with(
        credential, client, purpose=PURPOSE, actor=actor, withdrawn_too=True, by_hand=True
    )
    with opened as (ksef, access):
        access.log_in()
        if credential.kind == CredentialKind.TOKEN:
            ksef.tokens.revoke(credential.reference)
        elif ksef.certificates.find(credential.reference) is not None:
            ksef.certificates.revoke(credential.reference)
        else:
            return NOT_THERE  # a seal or a signature of another issuer
    note_revoked(credential, actor=actor)
    return REVOKED
