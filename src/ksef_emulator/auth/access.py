"""The door: which bearer token is good, from which address."""

import ipaddress

from starlette.requests import Request

from ksef_emulator.auth.records import Authentication
from ksef_emulator.bearer import Bearer, TokenKind
from ksef_emulator.errors import Forbidden, Unauthorized
from ksef_emulator.storage import Shelf
from ksef_emulator.world import World


def authentications(world: World) -> Shelf[Authentication]:
    """Every authentication, owned by its context and tagged by its subject."""
    return Shelf(world.db, "authentication", Authentication)


def save(world: World, authentication: Authentication) -> None:
    """Store a new or changed authentication."""
    authentications(world).put(
        authentication.reference,
        authentication,
        owner=str(authentication.context),
        tag=str(authentication.subject.identifier),
    )


def authenticate(
    world: World, request: Request, kinds: tuple[TokenKind, ...]
) -> tuple[Bearer, Authentication]:
    """The bearer token of the request and the authentication behind it; raises Unauthorized."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized
    bearer = world.bearers.read(token.strip(), *kinds)
    known = authentications(world).get(bearer.reference)
    if known is None:
        raise Unauthorized("Nieprawidłowy token.")
    return bearer, known


def admitted_from(caller: Authentication, ip: str) -> None:
    """Raise Forbidden where the caller's own policy does not name the address."""
    policy = caller.allowed_ips
    if policy is None or not (policy.addresses or policy.ranges or policy.masks):
        return
    try:
        address = ipaddress.IPv4Address(ip)
    except ValueError:
        address = None
    if address is None or not (
        ip in policy.addresses
        or any(_in_range(address, span) for span in policy.ranges)
        or any(address in ipaddress.IPv4Network(mask, strict=False) for mask in policy.masks)
    ):
        raise Forbidden(
            "ip-not-allowed",
            "Żądanie pochodzi z adresu IP innego niż wskazany podczas uwierzytelnienia.",
            clientIp=ip,
        )


def _in_range(address: ipaddress.IPv4Address, span: str) -> bool:
    first, _, last = span.partition("-")
    return ipaddress.IPv4Address(first) <= address <= ipaddress.IPv4Address(last)
