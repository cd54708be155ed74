"""What a subject may do in a context, all grants considered."""

from ksef_emulator.identifiers import Identifier, IdentifierType, nip
from ksef_emulator.permissions.records import (
    OWNER,
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
        held |= OWNER
        held |= _enforcement(world, context)
    for self_ in selves:
        held |= _granted(world, self_, context)
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
