"""Asynchronous operations on permissions and their status."""

from datetime import datetime, timedelta
from typing import Any

from ksef_emulator.clock import to_micros
from ksef_emulator.errors import Gone, invalid
from ksef_emulator.identifiers import Identifier
from ksef_emulator.operation import Call, operation
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World

KEPT = timedelta(days=30)


class PermissionOperation(Model):
    """One grant or revocation and how it ended."""

    reference: str
    context: Identifier
    created: datetime
    ready: int  # microseconds
    code: int
    details: tuple[str, ...] = ()


DESCRIPTIONS = {
    100: "Operacja przyjęta do realizacji",
    200: "Operacja zakończona sukcesem",
    400: "Operacja zakończona niepowodzeniem",
    410: "Podane identyfikatory są niezgodne lub pozostają w niewłaściwej relacji",
    420: "Użyte poświadczenia nie mają uprawnień do wykonania tej operacji",
    430: "Kontekst identyfikatora nie odpowiada wymaganej roli lub uprawnieniom",
    440: "Operacja niedozwolona dla wskazanych powiązań identyfikatorów",
    450: "Operacja niedozwolona dla wskazanego identyfikatora lub jego typu",
    500: "Nieznany błąd",
    550: "Operacja została anulowana przez system",
}


def operations(world: World) -> Shelf[PermissionOperation]:
    """Operations by reference."""
    return Shelf(world.db, "permission-operation", PermissionOperation)


def record_operation(call: Call, code: int = 200, *details: str) -> dict[str, Any]:
    """Note how an operation ended; gives the specification's PermissionsOperationResponse."""
    world = call.world
    now = world.clock.now()
    reference = world.numbering.reference("PO", now)
    delay = timedelta(seconds=world.settings.processing_delay)
    operations(world).put(
        reference,
        PermissionOperation(
            reference=reference,
            context=call.context,
            created=now,
            ready=to_micros(now + delay),
            code=world.settings.processing_failure or code,
            details=() if world.settings.processing_failure else details,
        ),
    )
    return {"referenceNumber": reference}


@operation("GET", "/permissions/operations/{referenceNumber}")
def operation_status(call: Call) -> dict[str, Any]:
    """How an operation on permissions ended."""
    found = operations(call.world).get(call.reference())
    if found is None or found.context != call.context:
        raise invalid("'referenceNumber': Operacja o podanym numerze nie istnieje.")
    if call.world.clock.now() > found.created + KEPT:
        raise Gone
    code = found.code if call.world.clock.micros() >= found.ready else 100
    status: dict[str, Any] = {"code": code, "description": DESCRIPTIONS[code]}
    if code == found.code and found.details:
        status["details"] = list(found.details)
    return {"status": status}
