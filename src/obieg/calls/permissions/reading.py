"""Asking KSeF who may do what at a client, list by list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from obieg.calls import moving
from obieg.calls.gateways import open_with
from obieg.calls.permissions.models import Family, OfficeFirm, Reach, Reading
from obieg.calls.permissions.scopes import MANAGE, SEE
from obieg.calls.permissions.storing import store
from obieg.ksef.errors import AccessDenied
from obieg.ksef.gateway import Gateway
from obieg.ksef.granted import Granted
from obieg.ksef.permissions import Permissions
from obieg.office.models import Client, Operator
from obieg.vault.credentials import credential_for
from obieg.vault.models import Credential, CredentialKind

PURPOSE = "odczyt uprawnień"
LISTS: Mapping[str, Callable[[Permissions], list[Granted]]] = {
    Family.PERSON: Permissions.of_persons,
    Family.AUTHORIZATION: Permissions.authorizations,
    Family.SUBUNIT: Permissions.of_subunits,
    Family.EU: Permissions.of_eu_entities,
}


@dataclass(slots=True)
class Told:
    """What KSeF said in one reading."""

    credential: Credential
    held: frozenset[str] = frozenset()
    lists: dict[str, list[Granted]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    by_office: frozenset[str] | None = None  # what the office's NIP may do; None: not known
    passed_on: frozenset[str] = frozenset()

    @property
    def reach(self) -> Reach:
        return Reach.FULL if self.lists else Reach.OWN


def read(client: Client, *, actor: Operator | None = None) -> Reading:
    """Ask KSeF in the client's context and keep what it says, with the changes since last time.

    Raises NoCredential, CertificateExpired, AccessDenied, CredentialRefused and Transient.
    """
    credential = credential_for(client)
    told = Told(credential)
    with open_with(credential, client, purpose=PURPOSE, actor=actor) as (gateway, _):
        own, owned = gateway.permissions.own()
        here = frozenset(one.scope for one in own) | owned
        told.held = _within_token(gateway, credential, here)
        if told.held & {MANAGE, SEE}:
            _read_lists(gateway.permissions, told)
    if told.reach == Reach.FULL:
        _find_office(told)
    elif credential.client_id is None:
        told.by_office, told.passed_on = told.held, _passed_on(own)
    else:
        told.by_office = _try_office(client, actor)
    return store(client, told)


def _within_token(gateway: Gateway, credential: Credential, held: frozenset[str]) -> frozenset[str]:
    """A token may do what was chosen when it was made, and of that what its author still may."""
    if credential.kind == CredentialKind.TOKEN and credential.reference:
        return held & gateway.tokens.status(credential.reference).permissions
    return held


def _read_lists(permissions: Permissions, told: Told) -> None:
    for family, ask in LISTS.items():
        try:
            told.lists[family] = ask(permissions)
        except AccessDenied:
            told.refused.append(family)


def _find_office(told: Told) -> None:
    """The office's own entries among those of persons and firms."""
    firm = OfficeFirm.present()
    if firm is None or Family.PERSON not in told.lists:
        return
    own = [one for one in told.lists[Family.PERSON] if one.holder.value == firm.nip]
    active = [one for one in own if one.is_active and not one.target.kind]
    told.by_office = frozenset(one.scope for one in active)
    told.passed_on = _passed_on(active)


def _passed_on(own: list[Granted]) -> frozenset[str]:
    return frozenset(one.scope for one in own if one.can_delegate)


def _try_office(client: Client, actor: Operator | None) -> frozenset[str] | None:
    """What the office's certificate may do here: nothing where KSeF does not let it in."""
    certificate = moving.office_certificate_for(client)
    if certificate is None:
        return None
    try:
        with open_with(certificate, client, purpose=PURPOSE, actor=actor) as (gateway, _):
            return gateway.permissions.held()
    except AccessDenied:
        return frozenset()
