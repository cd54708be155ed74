"""The storage that takes the parts of batch packages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ksef_emulator.invoices.links import link_problem, storage_error
from ksef_emulator.world import World

REQUIRED_HEADERS = {"x-ms-blob-type": "BlockBlob"}


def uploaded_size(world: World, blob: str) -> int | None:
    """Bytes of an uploaded part, None where nothing was uploaded."""
    row = world.db.row("SELECT LENGTH(data) FROM blobs WHERE key = ?", (blob,))
    return int(row[0]) if row else None


def upload_routes(world: World) -> list[Route]:
    """The route that takes parts."""

    async def upload(request: Request) -> Response:
        if "authorization" in request.headers:
            return storage_error(401, "NoAuthenticationInformation", "No access token here")
        problem = link_problem(world, request)
        if problem is not None:
            return problem
        for name, value in REQUIRED_HEADERS.items():
            if request.headers.get(name) != value:
                return storage_error(400, "MissingRequiredHeader", name)
        blob = request.path_params["blob"]
        data = await request.body()
        world.db.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (blob, data))
        return Response(status_code=201)

    return [Route("/storage/{blob}", upload, methods=["PUT"])]
