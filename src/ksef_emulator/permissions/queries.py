"""Operations that list permissions of persons and Polish firms."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ksef_emulator.identifiers import Identifier
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.effective import identities, is_active
from ksef_emulator.permissions.grant_requests import TargetIdentifier
from ksef_emulator.permissions.query_requests import (
    AuthorizationsQuery,
    AuthorizationsQueryType,
    EntitiesQuery,
    PersonalQuery,
    PersonsQuery,
    PersonsQueryType,
    State,
    SubunitsQuery,
)
from ksef_emulator.permissions.records import (
    ALL_PARTNERS,
    OWNER,
    Grant,
    GrantKind,
    Permission,
    granting_context,
    grants,
)
from ksef_emulator.wire import Model, Page

M = TypeVar("M", bound=Model)
READERS = (Permission.CREDENTIALS_MANAGE, Permission.CREDENTIALS_READ)
READERS_OF_SUBUNITS = (*READERS, Permission.SUBUNIT_MANAGE)
PERSONAL_KINDS = {GrantKind.PERSON, GrantKind.ENTITY, GrantKind.SUBUNIT, GrantKind.INDIRECT}


def body_or_default(call: Call, model: type[M]) -> M:
    """The body, or the query without filters where there is none."""
    return call.body(model) if call.content.strip() else model()


def paged(
    call: Call, found: Iterable[Grant], shown: Callable[[Call, Grant], dict[str, Any]], name: str
) -> dict[str, Any]:
    """One page, the newest first, then by identifier."""
    page = call.query(Page)
    ordered = sorted(found, key=lambda grant: grant.id)
    ordered.sort(key=lambda grant: grant.started, reverse=True)
    start = page.page_offset * page.page_size
    end = start + page.page_size
    return {
        name: [shown(call, grant) for grant in ordered[start:end]],
        "hasMore": len(ordered) > end,
    }


def _named(identifier: Model | None, value: str | None) -> bool:
    """Whether a filter by identifier lets the value through."""
    return identifier is None or getattr(identifier, "value", None) == value


def _typed(types: list[Any] | None, grant: Grant) -> bool:
    return not types or grant.permission in types


def _in_state(call: Call, state: State | None, grant: Grant) -> bool:
    return state is None or (state is State.ACTIVE) is is_active(call.world, grant)


def _targeted(target: TargetIdentifier | None, grant: Grant) -> bool:
    return target is None or grant.target == target.target()


@operation("POST", "/permissions/query/personal/grants")
def personal_permissions(call: Call) -> dict[str, Any]:
    """The caller's own permissions in this context."""
    query = body_or_default(call, PersonalQuery)
    found = [
        grant
        for grant in _personal(call)
        if _typed(query.permission_types, grant)
        and _in_state(call, query.permission_state, grant)
        and _targeted(query.target_identifier, grant)
        and _named(query.context_identifier, grant.context.value)
    ]
    body = paged(call, found, _personal_json, "permissions")
    if _is_owner(call):
        body["ownerPermissions"] = sorted(OWNER)
    return body


def _is_owner(call: Call) -> bool:
    return call.context in identities(call.world, call.authentication.subject.identifier)


def _personal(call: Call) -> list[Grant]:
    """Direct grants, indirect ones through or for this context, and the firm's own for owners."""
    selves = identities(call.world, call.authentication.subject.identifier)
    if _is_owner(call):
        selves |= {call.context}
    found = [grant for self_ in selves for grant in grants(call.world).find(tag=str(self_))]
    return [grant for grant in found if _is_personal(call, grant)]


def _is_personal(call: Call, grant: Grant) -> bool:
    if grant.kind is GrantKind.INDIRECT:
        covers = grant.target in {ALL_PARTNERS, call.context.value}
        return grant.context == call.context or covers
    if grant.kind is GrantKind.ENTITY and grant.authorized == call.context:
        return _is_owner(call)
    return grant.context == call.context and grant.kind is not GrantKind.AUTHORIZATION


def _personal_json(call: Call, grant: Grant) -> dict[str, Any]:
    body = _common(grant)
    if grant.kind is GrantKind.ENTITY:
        body["contextIdentifier"] = grant.context.model_dump()
    if grant.authorized != call.authentication.subject.identifier and grant.authorized.nip:
        body["authorizedIdentifier"] = grant.authorized.model_dump()
    body |= _target_json(grant)
    body["permissionState"] = _state(call, grant)
    return {**body, **_subject_json(grant), "canDelegate": grant.can_delegate}


@operation("POST", "/permissions/query/persons/grants", needs=READERS_OF_SUBUNITS)
def permissions_of_persons(call: Call) -> dict[str, Any]:
    """Who may work in this context, or to whom the caller granted."""
    query = call.body(PersonsQuery)
    held = query.query_type is PersonsQueryType.HOLDING
    found = [
        grant
        for grant in (_holding(call) if held else _granted_here(call))
        if grant.kind in PERSONAL_KINDS and _fits(call, query, grant)
    ]
    return paged(call, found, _person_json, "permissions")


def _holding(call: Call) -> list[Grant]:
    return grants(call.world).find(owner=str(call.context))


def _granted_here(call: Call) -> list[Grant]:
    selves = identities(call.world, call.authentication.subject.identifier)
    return [
        grant
        for grant in grants(call.world).find()
        if granting_context(grant) == call.context and grant.author in selves
    ]


def _fits(call: Call, query: PersonsQuery, grant: Grant) -> bool:
    return (
        _typed(query.permission_types, grant)
        and _in_state(call, query.permission_state, grant)
        and _targeted(query.target_identifier, grant)
        and _named(query.authorized_identifier, grant.authorized.value)
        and _named(query.author_identifier, grant.author.value if grant.author else None)
        and _named(query.context_identifier, grant.context.value)
    )


def _person_json(call: Call, grant: Grant) -> dict[str, Any]:
    body = {**_common(grant), "authorizedIdentifier": grant.authorized.model_dump()}
    body["authorIdentifier"] = _author(grant.author)
    if grant.kind is GrantKind.SUBUNIT:
        body["contextIdentifier"] = grant.context.model_dump()
    body |= _target_json(grant)
    body["permissionState"] = _state(call, grant)
    return {**body, **_subject_json(grant), "canDelegate": grant.can_delegate}


def _author(author: Identifier | None) -> dict[str, Any]:
    return author.model_dump() if author else {"type": "System"}


@operation("POST", "/permissions/query/subunits/grants", needs=READERS_OF_SUBUNITS)
def permissions_in_subunits(call: Call) -> dict[str, Any]:
    """Administrators that the context made in its units and subordinate firms."""
    query = body_or_default(call, SubunitsQuery)
    found = [
        grant
        for grant in grants(call.world).find()
        if grant.kind is GrantKind.SUBUNIT
        and grant.granted_in == call.context
        and _named(query.subunit_identifier, grant.context.value)
    ]
    return paged(call, found, _subunit_json, "permissions")


def _subunit_json(_call: Call, grant: Grant) -> dict[str, Any]:
    details = {key: value for key, value in grant.details.items() if key != "subjectEntityDetails"}
    return {
        **_common(grant),
        "authorizedIdentifier": grant.authorized.model_dump(),
        "subunitIdentifier": grant.context.model_dump(),
        "authorIdentifier": grant.author.model_dump() if grant.author else None,
        **details,
    }


@operation("POST", "/permissions/query/entities/grants", needs=READERS)
def permissions_of_entity(call: Call) -> dict[str, Any]:
    """What other firms let this one do with their invoices."""
    query = body_or_default(call, EntitiesQuery)
    found = [
        grant
        for grant in grants(call.world).find(tag=str(call.context))
        if grant.kind is GrantKind.ENTITY and _named(query.context_identifier, grant.context.value)
    ]
    return paged(call, found, _entity_json, "permissions")


def _entity_json(_call: Call, grant: Grant) -> dict[str, Any]:
    body = {**_common(grant), "contextIdentifier": grant.context.model_dump()}
    return {**body, "canDelegate": grant.can_delegate}


@operation(
    "POST",
    "/permissions/query/authorizations/grants",
    needs=(*READERS, Permission.PEF_INVOICE_WRITE),
)
def authorizations(call: Call) -> dict[str, Any]:
    """Authorizations that the context gave or received."""
    query = call.body(AuthorizationsQuery)
    granted = query.query_type is AuthorizationsQueryType.GRANTED
    owner, tag = (str(call.context), None) if granted else (None, str(call.context))
    found = [
        grant
        for grant in grants(call.world).find(owner=owner, tag=tag)
        if grant.kind is GrantKind.AUTHORIZATION
        and _typed(query.permission_types, grant)
        and _named(query.authorizing_identifier, grant.context.value)
        and _named(query.authorized_identifier, grant.authorized.value)
    ]
    return paged(call, found, _authorization_json, "authorizationGrants")


def _authorization_json(_call: Call, grant: Grant) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": grant.id,
        "authorizedEntityIdentifier": grant.authorized.model_dump(),
        "authorizingEntityIdentifier": grant.context.model_dump(),
        "authorizationScope": grant.permission,
        "description": grant.description,
        "startDate": grant.started.isoformat(),
    }
    if grant.author is not None:
        body["authorIdentifier"] = grant.author.model_dump()
    return {**body, **_subject_json(grant)}


def _common(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "permissionScope": grant.permission,
        "description": grant.description,
        "startDate": grant.started.isoformat(),
    }


def _target_json(grant: Grant) -> dict[str, Any]:
    if grant.target is None:
        return {}
    if grant.target == ALL_PARTNERS:
        return {"targetIdentifier": {"type": ALL_PARTNERS}}
    kind = "InternalId" if "-" in grant.target else "Nip"
    return {"targetIdentifier": {"type": kind, "value": grant.target}}


def _subject_json(grant: Grant) -> dict[str, Any]:
    names = ("subjectPersonDetails", "subjectEntityDetails")
    return {name: grant.details[name] for name in names if name in grant.details}


def _state(call: Call, grant: Grant) -> str:
    return State.ACTIVE if is_active(call.world, grant) else State.INACTIVE
