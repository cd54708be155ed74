"""Routes of the control interface."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from anyio import to_thread
from pydantic import AwareDatetime, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ksef_emulator.control.faults import FaultRule
from ksef_emulator.control.intake import Spread, put_in
from ksef_emulator.control.lighthouse import Outage, announce, current_outage
from ksef_emulator.crypto import Usage
from ksef_emulator.identifiers import Identifier, IdentifierType, Nip, nip
from ksef_emulator.permissions.records import OWNER
from ksef_emulator.tokens.records import make_token
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import Settings, World

M = TypeVar("M", bound=Model)


class TokenOrder(Model):
    """POST /_emulator/tokens; without permissions the token has all of an owner's."""

    nip: Nip
    permissions: tuple[str, ...] = tuple(sorted(str(permission) for permission in OWNER))
    author_nip: Nip | None = None
    description: str = "Token z interfejsu sterowania"


class ClockOrder(Model):
    """POST /_emulator/clock: set, then advance."""

    set: AwareDatetime | None = None
    advance_seconds: int = 0
    frozen: bool = False


class RotationKind(Choice):
    """Planned rotation keeps the old key beside the new one."""

    PLANNED = "planned"
    EMERGENCY = "emergency"


class RotationOrder(Model):
    """POST /_emulator/keys/rotate."""

    usage: Usage = Usage.SYMMETRIC_KEY
    kind: RotationKind = RotationKind.EMERGENCY


class OutageOrder(Model):
    """POST /_emulator/outage."""

    kind: Outage = Outage.FAILURE


def control_routes(world: World) -> list[Route]:
    """Every route below /_emulator."""
    answers: dict[tuple[str, str], Callable[[bytes, Request], Any]] = {
        ("GET", "/requests"): lambda _body, _request: world.journal.as_json(),
        ("DELETE", "/requests"): lambda _body, _request: world.journal.clear(),
        ("POST", "/faults"): lambda body, _request: world.faults.add(_read(FaultRule, body)),
        ("DELETE", "/faults"): lambda _body, _request: world.faults.clear(),
        ("POST", "/tokens"): lambda body, _request: _token(world, _read(TokenOrder, body)),
        ("DELETE", "/access-tokens"): lambda _body, _request: _expire(world),
        ("POST", "/keys/rotate"): lambda body, _request: _rotate(world, _read(RotationOrder, body)),
        ("GET", "/clock"): lambda _body, _request: _time(world),
        ("POST", "/clock"): lambda body, _request: _set_clock(world, _read(ClockOrder, body)),
        ("GET", "/settings"): lambda _body, _request: world.settings.model_dump(by_alias=True),
        ("POST", "/settings"): lambda body, _request: _change(world, body),
        ("POST", "/outage"): lambda body, _request: announce(world, _read(OutageOrder, body).kind),
        ("DELETE", "/outage"): lambda _body, _request: _end_outage(world),
        ("DELETE", "/rate-limits"): lambda _body, _request: world.rates.reset(),
        ("GET", "/invoices"): lambda _body, request: _invoices(world, request),
        ("POST", "/invoices"): lambda body, request: _put_in(world, body, request),
    }
    return [
        Route(path, _endpoint(answer), methods=[method])
        for (method, path), answer in answers.items()
    ]


def _endpoint(answer: Callable[[bytes, Request], Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            result = await to_thread.run_sync(answer, body, request)
        except (ValidationError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return Response(status_code=204) if result is None else JSONResponse(result)

    return endpoint


def _read(model: type[M], body: bytes) -> M:
    return model.model_validate_json(body or b"{}")


def _token(world: World, order: TokenOrder) -> dict[str, str]:
    author = nip(order.author_nip or order.nip)
    return make_token(world, nip(order.nip), author, order.permissions, order.description)


def _expire(world: World) -> None:
    world.bearers.generation += 1


def _rotate(world: World, order: RotationOrder) -> None:
    world.keys.rotate(order.usage, keep_old=order.kind is RotationKind.PLANNED)


def _time(world: World) -> dict[str, str]:
    return {"now": world.clock.now().isoformat(timespec="microseconds")}


def _end_outage(world: World) -> None:
    outage = current_outage(world)
    if outage is not None:
        announce(world, outage.category, ends=True)


def _set_clock(world: World, order: ClockOrder) -> dict[str, str]:
    if order.set is not None or order.frozen:
        world.clock.set(order.set or world.clock.now(), frozen=order.frozen)
    if order.advance_seconds:
        world.clock.advance(timedelta(seconds=order.advance_seconds))
    return _time(world)


def _change(world: World, body: bytes) -> dict[str, Any]:
    current = world.settings.model_dump(by_alias=True)
    changes = json.loads(body)
    unknown = sorted(set(changes) - set(current))
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(unknown)}")
    world.settings = Settings.model_validate({**current, **changes})
    return world.settings.model_dump(by_alias=True)


def _invoices(world: World, request: Request) -> list[dict[str, Any]]:
    """Everything that a context sees in a role, in the order of storing."""
    query = request.query_params
    kind = IdentifierType.INTERNAL_ID if "-" in query["nip"] else IdentifierType.NIP
    context = Identifier(type=kind, value=query["nip"])
    rows = world.db.rows(
        "SELECT ksef_number, hash, meta FROM parties JOIN invoices ON invoices.id = invoice_id"
        " WHERE value = ? AND role = ? ORDER BY invoices.storage, invoices.id",
        (context.value, query.get("role", "Subject2")),
    )
    return [
        {
            "ksefNumber": number,
            "sha256": digest,
            "permanentStorageDate": json.loads(meta)["permanentStorageDate"],
            "invoiceNumber": json.loads(meta)["invoiceNumber"],
        }
        for number, digest, meta in rows
    ]


def _put_in(world: World, body: bytes, request: Request) -> dict[str, Any]:
    query = request.query_params
    return put_in(
        world,
        body,
        is_zip="zip" in request.headers.get("content-type", "") or body[:2] == b"PK",
        name=query.get("file", "invoice.xml"),
        spread=Spread.model_validate(
            {key: query[key] for key in ("acquired_from", "acquired_to") if key in query}
        ),
        check=query.get("check", "true").lower() != "false",
    )
