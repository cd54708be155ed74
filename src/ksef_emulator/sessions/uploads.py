"""The storage that takes the parts of batch packages."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ksef_emulator.invoices.links import link_problem, storage_error
from ksef_emulator.world import World

REQUIRED_HEADERS = {"x-ms-blob-type": "BlockBlob"}


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
        with world.scratch() as file:
            size = 0
            async for piece in request.stream():
                size += file.write(piece)
            file.seek(0)
            await to_thread.run_sync(world.db.put_blob, blob, file, size)
        return Response(status_code=201)

    return [Route("/storage/{blob}", upload, methods=["PUT"])]
