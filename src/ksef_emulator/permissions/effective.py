"""What a subject may do in a context, all grants considered."""

from ksef_emulator.identifiers import Identifier, IdentifierType, nip
from ksef_emulator.permissions.records import (
    ALL_PARTNERS,
    OWNER,
    PEPPOL_PROVIDER,
    Grant,
    GrantKind,
    Permission,
    grants,
    persons,
)
from ksef_emulator.world import World


def effective_permissions(world: World, subject: Identifier, context: Identifier) -> frozenset[str]:
    """Every permission of `subject` in `context`; empty where he has none."""
    selves = identities(world, subject)
    held: set[str] = set()
    if context in selves:
        is_provider = context.type is IdentifierType.PEPPOL_ID
        held |= PEPPOL_PROVIDER if is_provider else OWNER
        held |= _enforcement(world, context)
    for self_ in selves:
        held |= _granted(world, self_, context)
        held |= _passed_on(world, self_, context)
    return frozenset(str(permission) for permission in held)


def identities(world: World, subject: Identifier) -> frozenset[Identifier]:
    """The subject under every identifier that is known to be his (NIP and PESEL of one person)."""
    found = {subject}
    if subject.type is IdentifierType.PESEL:
        found |= {nip(person.nip) for person in persons(world).find(tag=subject.value)}
    if subject.type is IdentifierType.NIP:
        person = persons(world).get(subject.value)
        if person is not None:
            found.add(Identifier(type=IdentifierType.PESEL, value=person.pesel))
    return frozenset(found)


def _enforcement(world: World, context: Identifier) -> set[str]:
    person = persons(world).get(context.value)
    return {Permission.ENFORCEMENT_OPERATIONS} if person and person.is_bailiff else set()


def _granted(world: World, subject: Identifier, context: Identifier) -> set[str]:
    held = set()
    for grant in grants(world).find(owner=str(context), tag=str(subject)):
        if grant.kind not in {GrantKind.AUTHORIZATION, GrantKind.INDIRECT}:
            held.add(grant.permission)
    return held


def _passed_on(world: World, subject: Identifier, context: Identifier) -> set[str]:
    """What an intermediary passed on to the subject, as far as the context lets it."""
    return {
        grant.permission
        for grant in grants(world).find(tag=str(subject))
        if grant.kind is GrantKind.INDIRECT
        and grant.target in {ALL_PARTNERS, context.value}
        and may_delegate(world, grant.context, context, grant.permission)
    }


def may_delegate(
    world: World, intermediary: Identifier, context: Identifier, permission: str
) -> bool:
    """Whether `context` let the intermediary pass this permission on."""
    received = grants(world).find(owner=str(context), tag=str(intermediary))
    return any(
        grant.kind is GrantKind.ENTITY and grant.can_delegate and grant.permission == permission
        for grant in received
    )


def is_active(world: World, grant: Grant) -> bool:
    """An indirect grant for one client sleeps while the client does not let it be passed on."""
    if grant.kind is not GrantKind.INDIRECT or grant.target in {None, ALL_PARTNERS}:
        return True
    kind = IdentifierType.INTERNAL_ID if "-" in (grant.target or "") else IdentifierType.NIP
    client = Identifier(type=kind, value=grant.target or "")
    return may_delegate(world, grant.context, client, grant.permission)
