"""The server around the application: uvicorn on loopback, ready when it says so."""

import socket
import sys
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ksef_emulator.application import application
from ksef_emulator.control.misbehaviour import TRANSPORT
from ksef_emulator.options import Options
from ksef_emulator.recovery import recover
from ksef_emulator.world import World


class Protocol(HttpToolsProtocol):
    """HTTP whose transport the misbehaviour can reach, to cut it."""

    def on_message_begin(self) -> None:
        """Leave the transport in the request's scope."""
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]  # a TypedDict takes no more
        scope[TRANSPORT] = self.transport


class Server(uvicorn.Server):
    """One emulator on one socket."""

    def __init__(self, options: Options) -> None:
        self.world = World(options)
        self._socket = _listening(options.host, options.port)
        recover(self.world)
        host, port = self._socket.getsockname()[:2]
        self.url = f"http://{host}:{port}/v2"
        config = uvicorn.Config(
            application(self.world),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_level="critical" if not sys.flags.dev_mode else "info",
            access_log=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        super().__init__(config)

    def serve_until_stopped(self) -> None:
        """Serve; returns after `should_exit` or a signal, with the state put away."""
        try:
            self.run(sockets=[self._socket])
        finally:
            self._socket.close()
            self.world.close()


def _listening(host: str, port: int) -> socket.socket:
    """A socket that says it is TCP, without which asyncio leaves Nagle on: 40 ms an answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening
