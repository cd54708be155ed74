"""Permissions as KSeF lists them: what, whose, since when, by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, Self

from ksef_client.models import (
    EntityAuthorizationGrant,
    EuEntityPermission,
    PersonalPermission,
    PersonPermission,
    SubunitPermission,
)

from obieg.ksef.moments import parse_moment

ACTIVE = "Active"


class _Named(Protocol):
    """Every identifier of the SDK: a kind and, nearly always, a value."""

    @property
    def type(self) -> Enum: ...

    @property
    def value(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Identifier:
    """Who or where: `kind` Nip, Pesel, Fingerprint, PeppolId, InternalId, System, AllPartners."""

    kind: str
    value: str = ""

    @classmethod
    def read(cls, given: _Named) -> Self:
        """The SDK's identifier as ours."""
        return cls(str(given.type.value), given.value or "")


NOBODY = Identifier("")


@dataclass(frozen=True, slots=True)
class Granted:
    """One permission of one holder; `scope` is KSeF's word (`InvoiceRead`, `SelfInvoicing`, …)."""

    id: str
    scope: str
    holder: Identifier
    holder_name: str
    is_firm: bool
    author: Identifier
    description: str
    since: datetime  # UTC
    can_delegate: bool = False
    is_active: bool = True
    target: Identifier = NOBODY  # passed on: for this client of the context's, or AllPartners
    place: Identifier = NOBODY  # a subunit or an EU entity, where it holds there only
    place_name: str = ""


def of_person(given: PersonPermission) -> Granted:
    """An entry of POST /permissions/query/persons/grants."""
    name, is_firm = _holder(given)
    return Granted(
        id=str(given.id),
        scope=str(given.permission_scope.value),
        holder=Identifier.read(given.authorized_identifier),
        holder_name=name,
        is_firm=is_firm,
        author=Identifier.read(given.author_identifier),
        description=given.description,
        since=parse_moment(given.start_date),
        can_delegate=bool(given.can_delegate),
        is_active=given.permission_state.value == ACTIVE,
        target=_optional(given.target_identifier),
        place=_optional(given.context_identifier),
    )


def of_oneself(given: PersonalPermission) -> Granted:
    """An entry of POST /permissions/query/personal/grants; it does not name its author."""
    name, is_firm = _holder(given)
    return Granted(
        id=str(given.id),
        scope=str(given.permission_scope.value),
        holder=_optional(given.authorized_identifier),
        holder_name=name,
        is_firm=is_firm,
        author=NOBODY,
        description=given.description,
        since=parse_moment(given.start_date),
        can_delegate=bool(given.can_delegate),
        is_active=given.permission_state.value == ACTIVE,
        target=_optional(given.target_identifier),
        place=_optional(given.context_identifier),
    )


def of_authorized(given: EntityAuthorizationGrant) -> Granted:
    """An entry of POST /permissions/query/authorizations/grants."""
    details = given.subject_entity_details
    return Granted(
        id=str(given.id),
        scope=str(given.authorization_scope.value),
        holder=Identifier.read(given.authorized_entity_identifier),
        holder_name=details.full_name if details else "",
        is_firm=True,
        author=_optional(given.author_identifier),
        description=given.description,
        since=parse_moment(given.start_date),
    )


def of_subunit(given: SubunitPermission) -> Granted:
    """An entry of POST /permissions/query/subunits/grants."""
    person = given.subject_person_details
    return Granted(
        id=str(given.id),
        scope=str(given.permission_scope.value),
        holder=Identifier.read(given.authorized_identifier),
        holder_name=f"{person.first_name} {person.last_name}" if person else "",
        is_firm=False,
        author=_optional(given.author_identifier),
        description=given.description,
        since=parse_moment(given.start_date),
        place=Identifier.read(given.subunit_identifier),
        place_name=given.subunit_name or "",
    )


def of_eu_entity(given: EuEntityPermission) -> Granted:
    """An entry of POST /permissions/query/eu-entities/grants."""
    name, is_firm = _holder(given)
    return Granted(
        id=str(given.id),
        scope=str(given.permission_scope.value),
        holder=Identifier("Fingerprint", given.authorized_fingerprint_identifier),
        holder_name=name,
        is_firm=is_firm,
        author=_optional(given.author_identifier),
        description=given.description,
        since=parse_moment(given.start_date),
        place=Identifier("NipVatUe", given.vat_ue_identifier),
        place_name=given.eu_entity_name or "",
    )


def _holder(given: PersonPermission | PersonalPermission | EuEntityPermission) -> tuple[str, bool]:
    """The holder's name, empty where KSeF tells none, and whether it is a firm's."""
    if given.subject_entity_details:
        return given.subject_entity_details.full_name, True
    person = given.subject_person_details
    return (f"{person.first_name} {person.last_name}" if person else ""), False


def _optional(given: _Named | None) -> Identifier:
    return NOBODY if given is None else Identifier.read(given)
