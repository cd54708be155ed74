"""The outermost layer: writes every request down and spoils those that a rule names."""

import asyncio
from typing import Any

import jwt
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ksef_emulator.clock import iso
from ksef_emulator.control.faults import FaultKind, FaultRule
from ksef_emulator.control.journal import Entry
from ksef_emulator.control.lighthouse import current_outage
from ksef_emulator.errors import KsefError, TooManyRequests, Unauthorized
from ksef_emulator.world import World

TRANSPORT = "emulator.transport"  # put into the scope by server.Protocol


class Misbehaviour:
    """ASGI middleware around everything but the control interface."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_emulator"):
            await self._app(scope, receive, send)
            return
        rule = self._world.faults.strike(scope["method"], scope["path"], _context_nip(scope))
        if rule is None and scope["path"].startswith("/v2") and current_outage(self._world):
            rule = FaultRule(fault=FaultKind.STATUS, status=503)
        outcome = Outcome(send, rule)
        await self._play(rule, scope, receive, outcome)
        self._world.journal.add(
            Entry(
                at=iso(self._world.clock.micros()),
                method=scope["method"],
                path=scope["path"],
                context=scope.get("emulator.context") or _context_nip(scope),
                status=outcome.status,
                fault=rule.fault if rule else None,
            )
        )

    async def _play(
        self, rule: FaultRule | None, scope: Scope, receive: Receive, outcome: "Outcome"
    ) -> None:
        kind = rule.fault if rule else None
        if rule and kind is FaultKind.LATENCY:
            await asyncio.sleep(rule.milliseconds / 1000)
        if rule and kind is FaultKind.STATUS:
            await _refuse(rule, scope, receive, outcome, self._world)
            return
        if kind is not FaultKind.CUT_BEFORE:
            await self._app(scope, receive, outcome)
        if kind in {FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER, FaultKind.CUT_MIDWAY}:
            outcome.status = 0
            await _cut(scope)


class Outcome:
    """A `send` that remembers the status and spoils the body where a rule says so."""

    def __init__(self, send: Send, rule: FaultRule | None) -> None:
        self._send = send
        self._kind = rule.fault if rule else None
        self.status = 0
        self._spoilt = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        if self._kind is FaultKind.CUT_AFTER:
            return
        if self._kind is FaultKind.CORRUPT:
            message = self._corrupted(message)
        if self._kind is FaultKind.CUT_MIDWAY and message["type"] == "http.response.body":
            half = message.get("body", b"")[: len(message.get("body", b"")) // 2]
            message = {"type": "http.response.body", "body": half, "more_body": True}
        await self._send(message)

    def _corrupted(self, message: Message) -> Message:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or self._spoilt or not body:
            return message
        self._spoilt = True
        middle = len(body) // 2
        changed = bytes([body[middle] ^ 0xFF])
        return {**message, "body": body[:middle] + changed + body[middle + 1 :]}


async def _refuse(
    rule: FaultRule, scope: Scope, receive: Receive, send: Send, world: World
) -> None:
    """Answer the rule's status without reaching the application."""
    detail = "Błąd wywołany poleceniem emulatora."
    error = KsefError(rule.status, detail)
    if rule.status == 429:
        error = TooManyRequests(detail, rule.retry_after or 1)
    elif rule.status == 401:
        error = Unauthorized(detail)
    request = Request(scope, receive)
    problem = request.headers.get("x-error-format", "").lower() == "problem-details"
    now = iso(world.clock.micros())
    response = error.respond(problem=problem, instance=request.url.path, now=now)
    if rule.retry_after is not None:
        response.headers["Retry-After"] = str(rule.retry_after)
    await response(scope, receive, send)


async def _cut(scope: Scope) -> None:
    transport: Any = scope.get(TRANSPORT)
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)


def _context_nip(scope: Scope) -> str | None:
    """The context that the bearer token names, unverified: rules only need to recognise it."""
    authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "), options={"verify_signature": False}
        )
    except jwt.InvalidTokenError:
        return None
    value = claims.get("civ")
    return value if isinstance(value, str) else None
