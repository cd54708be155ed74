"""The ASGI application: routes of every declared operation, and what surrounds each of them."""

import importlib
import logging
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from ksef_emulator.auth.access import admitted_from, authenticate
from ksef_emulator.clock import iso
from ksef_emulator.control.misbehaviour import Misbehaviour
from ksef_emulator.errors import BadRequest, KsefError
from ksef_emulator.limits.overrides import rates_for
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import OPERATIONS, Access, Call, Operation
from ksef_emulator.world import World

log = logging.getLogger(__name__)

ENDPOINTS = (
    "auth.endpoints",
    "auth.sessions",
    "tokens.endpoints",
    "certificates.endpoints",
    "collective.endpoints",
    "peppol.endpoints",
    "permissions.eu_grants",
    "permissions.eu_queries",
    "permissions.grants",
    "permissions.queries",
    "permissions.revocations",
    "permissions.roles",
    "invoices.endpoints",
    "limits.endpoints",
    "security.endpoints",
    "sessions.batch",
    "sessions.online",
    "sessions.receipts",
    "sessions.status",
    "testdata.endpoints",
)


def application(world: World) -> ASGIApp:
    """The whole emulator as one ASGI application."""
    for module in ENDPOINTS:
        importlib.import_module(f"ksef_emulator.{module}")
    from ksef_emulator.control.lighthouse import lighthouse_routes
    from ksef_emulator.control.routes import control_routes
    from ksef_emulator.invoices.links import link_routes
    from ksef_emulator.qr.pages import qr_routes
    from ksef_emulator.sessions.uploads import upload_routes
    from ksef_emulator.sessions.upo_links import upo_routes

    routes: list[Any] = [
        *(_route(world, operation) for operation in _specific_first()),
        *lighthouse_routes(world),
        *upload_routes(world),
        *upo_routes(world),
        *link_routes(world),
        *qr_routes(world),
    ]
    if world.options.control:
        routes.append(Mount("/_emulator", routes=control_routes(world)))
    handlers: Any = {HTTPException: _unknown_route(world)}
    return Misbehaviour(Starlette(routes=routes, exception_handlers=handlers), world)


def _specific_first() -> list[Operation]:
    """Paths without parameters win over paths with them."""
    return sorted(OPERATIONS, key=lambda operation: operation.path.count("{"))


def _route(world: World, operation: Operation) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            response = await _perform(world, operation, request)
        except KsefError as error:
            response = respond(error, request, world)
        warning = request.headers.get("x-test-system-warning")
        if warning:
            response.headers["X-System-Warning"] = ascii_folded(warning)
        return response

    # no Mount: it answers 404 to a parameter with a line break
    return Route(f"/v2{operation.path}", endpoint, methods=[operation.method])


async def _perform(world: World, operation: Operation, request: Request) -> Response:
    content = await request.body()
    call = _admitted(world, operation, request, content)
    perform: Callable[[], Any] = lambda: operation.perform(call)  # noqa: E731
    answer = await to_thread.run_sync(perform) if operation.threaded else perform()
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=operation.status)
    return JSONResponse(answer, operation.status)


def _admitted(world: World, operation: Operation, request: Request, content: bytes) -> Call:
    """Who calls, within his limits and rights; raises the error that stops him."""
    ip = client_ip(world, request)
    bearer = caller = None
    if operation.access is not Access.NONE:
        bearer, caller = authenticate(world, request, operation.access.kinds)
        request.scope["emulator.context"] = caller.context.value
    limited = operation.access is Access.ACCESS and operation.group is not Group.ANONYMOUS
    subject = str(caller.context) if caller and limited else "anonymous"
    everything = rates_for(world, None, Group.GLOBAL)
    world.rates.admit((Group.GLOBAL, ip), everything, world.clock.micros())
    own = operation.path if operation.group in {Group.OTHER, Group.ANONYMOUS} else ""
    key = (subject, ip, operation.group, own and f"{operation.method} {own}")
    rates = rates_for(world, caller.context if caller and limited else None, operation.group)
    world.rates.admit(key, rates, world.clock.micros())
    call = Call(world, request, content, ip, bearer, caller)
    if caller is not None and operation.access is Access.ACCESS:
        admitted_from(caller, ip)
    if operation.needs:
        call.require(*operation.needs)
    return call


def client_ip(world: World, request: Request) -> str:
    """The caller's address, or the one that a trusted proxy names."""
    forwarded = request.headers.get("x-forwarded-for")
    if forwarded and world.options.trust_forwarded_for:
        return forwarded.split(",")[0].strip()
    return request.client.host if request.client else "127.0.0.1"


def respond(error: KsefError, request: Request, world: World) -> Response:
    """The error in the form that the caller asked for."""
    problem = request.headers.get("x-error-format", "").lower() == "problem-details"
    return error.respond(problem=problem, instance=request.url.path, now=iso(world.clock.micros()))


def _unknown_route(world: World) -> Callable[[Request, HTTPException], Awaitable[Response]]:
    async def handle(request: Request, error: HTTPException) -> Response:
        return respond(KsefError(error.status_code, str(error.detail)), request, world)

    return handle


def ascii_folded(text: str) -> str:
    """The text without diacritics, fit for a header."""
    plain = text.translate(str.maketrans("łŁ", "lL"))
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


__all__ = ["BadRequest", "application", "client_ip", "respond"]
