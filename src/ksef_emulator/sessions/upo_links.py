"""Presigned links to UPO, made when somebody follows them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ksef_emulator.invoices.links import link_problem, storage_error
from ksef_emulator.sessions.receipts import upo_response
from ksef_emulator.sessions.records import find_sent, sessions
from ksef_emulator.sessions.upo import invoice_upo, session_upo
from ksef_emulator.world import World

REFERENCE = 36  # characters


def upo_routes(world: World) -> list[Route]:
    """Routes to the UPO of invoices and sessions."""

    async def download(request: Request) -> Response:
        blob = request.path_params["blob"] = f"upo-{request.path_params['rest']}"
        problem = link_problem(world, request)
        if problem is not None:
            return problem
        kind, _, references = blob.removeprefix("upo-").partition("-")
        made = _made(world, kind, references[:REFERENCE], references[REFERENCE + 1 :])
        return upo_response(made) if made else storage_error(404, "BlobNotFound")

    return [Route("/storage/upo-{rest}", download, methods=["GET"])]


def _made(world: World, kind: str, session_reference: str, reference: str) -> bytes | None:
    session = sessions(world).get(session_reference)
    if session is None:
        return None
    if kind == "invoice":
        found = find_sent(world, "reference = ? AND session = ?", reference, session.reference)
        return invoice_upo(world, session, found[0]) if found else None
    for page in session.upo:
        if page.reference == reference:
            return session_upo(world, session, page)
    return None
