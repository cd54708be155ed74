"""Operations that hand out UPO."""

import re

from starlette.responses import Response

from ksef_emulator.crypto import sha256_base64
from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.identifiers import KSEF_NUMBER_PATTERN
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Call, operation
from ksef_emulator.sessions.opening import find_session, known_session
from ksef_emulator.sessions.records import find_sent
from ksef_emulator.sessions.status import NEEDS, find_invoice, told_code
from ksef_emulator.sessions.upo import invoice_upo, session_upo


@operation(
    "GET",
    "/sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo",
    group=Group.SESSION_MISC,
    needs=NEEDS,
)
def upo_by_ksef_number(call: Call) -> Response:
    """The UPO of an invoice by its KSeF number."""
    number = call.path("ksefNumber")
    if not re.fullmatch(KSEF_NUMBER_PATTERN, number):
        raise invalid("'ksefNumber': Nieprawidłowy format.")
    reference, known = call.reference(), known_session(call)
    found = find_sent(call.world, "ksef_number = ? AND session = ?", number, reference)
    if not found or known is None:
        raise _no_upo(f"numerze KSeF {number}", reference)
    return upo_response(invoice_upo(call.world, known, found[0]))


@operation(
    "GET",
    "/sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo",
    group=Group.SESSION_MISC,
    needs=NEEDS,
)
def upo_by_reference(call: Call) -> Response:
    """The UPO of an invoice by its reference number."""
    session, sent = find_invoice(call)
    if sent.ksef_number is None or call.world.clock.micros() < sent.ready:
        raise invalid("'invoiceReferenceNumber': Faktura nie ma jeszcze UPO.")
    return upo_response(invoice_upo(call.world, session, sent))


@operation(
    "GET",
    "/sessions/{referenceNumber}/upo/{upoReferenceNumber}",
    group=Group.SESSION_MISC,
    needs=NEEDS,
)
def upo_of_session(call: Call) -> Response:
    """One page of the session's UPO."""
    session = find_session(call)
    wanted = call.reference("upoReferenceNumber")
    for page in session.upo:
        if page.reference == wanted and told_code(call, session) == 200:
            return upo_response(session_upo(call.world, session, page))
    raise _no_upo(f"numerze referencyjnym {wanted}", session.reference)


def upo_response(content: bytes) -> Response:
    """A UPO with its hash."""
    headers = {"x-ms-meta-hash": sha256_base64(content)}
    return Response(content, media_type="application/xml", headers=headers)


def _no_upo(what: str, session: str) -> BadRequest:
    return BadRequest(
        21178,
        "Nie znaleziono UPO dla podanych kryteriów.",
        f"UPO o {what} i numerze referencyjnym sesji {session} nie zostało znalezione.",
    )
