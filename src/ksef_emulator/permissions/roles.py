"""Operations that list roles of firms."""

from collections.abc import Sequence
from typing import Any

from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.details import FirmIdentifier
from ksef_emulator.permissions.queries import READERS, READERS_OF_SUBUNITS, body_or_default
from ksef_emulator.permissions.records import Entity, entities, persons
from ksef_emulator.wire import Model, Page

UNIT_ROLES = {"JST": "LocalGovernmentUnit", "VatGroup": "VatGroupUnit"}
SUBUNIT_ROLES = {"JST": "LocalGovernmentSubUnit", "VatGroup": "VatGroupSubUnit"}


class SubordinateQuery(Model):
    """POST /permissions/query/subordinate-entities/roles."""

    subordinate_entity_identifier: FirmIdentifier | None = None


@operation("GET", "/permissions/query/entities/roles", needs=READERS)
def roles(call: Call) -> dict[str, Any]:
    """The context's own roles."""
    return _paged(call, _roles(call))


def _roles(call: Call) -> list[dict[str, Any]]:
    found = []
    person = persons(call.world).get(call.context.value)
    if person is not None and person.is_bailiff:
        found.append(_role("CourtBailiff", person.description, person.created.isoformat()))
    entity = entities(call.world).get(call.context.value)
    if entity is not None:
        found.append(_entity_role(entity))
    return found


def _entity_role(entity: Entity) -> dict[str, Any]:
    created = entity.created.isoformat()
    if entity.parent is not None:
        role = _role(SUBUNIT_ROLES[entity.parent_kind or ""], entity.description, created)
        return {"parentEntityIdentifier": {"type": "Nip", "value": entity.parent}, **role}
    return _role(UNIT_ROLES.get(entity.kind, entity.kind), entity.description, created)


def _role(role: str, description: str, start: str) -> dict[str, Any]:
    return {"role": role, "description": description, "startDate": start}


@operation("POST", "/permissions/query/subordinate-entities/roles", needs=READERS_OF_SUBUNITS)
def subordinate_roles(call: Call) -> dict[str, Any]:
    """Firms under the context's."""
    query = body_or_default(call, SubordinateQuery)
    wanted = query.subordinate_entity_identifier
    found = [
        {
            "subordinateEntityIdentifier": {"type": "Nip", "value": entity.nip},
            "role": SUBUNIT_ROLES[entity.parent_kind or ""],
            "description": entity.description,
            "startDate": entity.created.isoformat(),
        }
        for entity in entities(call.world).find(owner=call.context.value)
        if wanted is None or wanted.value == entity.nip
    ]
    return _paged(call, found)


def _paged(call: Call, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    page = call.query(Page)
    start = page.page_offset * page.page_size
    end = start + page.page_size
    return {"roles": list(found[start:end]), "hasMore": len(found) > end}
