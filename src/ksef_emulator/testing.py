"""Emulators inside tests: each on its own free port, several at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ksef_emulator.control.client import Control
from ksef_emulator.options import Options
from ksef_emulator.server import Server

PATIENCE = 10  # seconds to start or stop


@dataclass(frozen=True)
class Emulator:
    """A running emulator: its API, its control interface, its server."""

    url: str
    control: Control
    server: Server


@contextmanager
def running_emulator(**options: Any) -> Iterator[Emulator]:
    """Run an emulator in a thread on a free loopback port; `options` are those of `Options`."""
    server = Server(Options(**{"control": True, **options}))
    thread = threading.Thread(target=server.serve_until_stopped, name="ksef-emulator")
    thread.start()
    control = Control(server.url.removesuffix("/v2"))
    try:
        _await_start(server, thread)
        yield Emulator(server.url, control, server)
    finally:
        control.close()
        server.should_exit = True
        thread.join(PATIENCE)


def _await_start(server: Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the emulator did not start")
        time.sleep(0.005)
