"""Obieg as an office runs it: web server and worker, each a process, on the test's database."""

import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from ksef_emulator.testing import Emulator
from obieg.config.child import Child
from obieg.config.log_files import last_words
from obieg.config.ports import free_port

PATIENCE = 180  # seconds to start, on a machine that is busy with everything else
HOST = "127.0.0.1"


@contextmanager
def running_obieg(data: Path, emulator: Emulator) -> Iterator[str]:
    """The address at which it answers; its keys are the test's own, so that both read the rows.

    Without the supervisor, which gives up on a program that is slow to start.
    """
    port = free_port(HOST)
    web = ["granian", "--interface", "wsgi", "--no-ws", "--host", HOST, "--port", str(port)]
    programs = [
        _program(data, emulator, "worker", ["obieg.config.cli", "worker", "--jobs", "2"]),
        _program(data, emulator, "web", [*web, "obieg.config.wsgi:application"]),
    ]
    address = f"http://{HOST}:{port}"
    try:
        for program in programs:
            program.start()
        assert comes_true(lambda: _answers(address)), _words(programs)
        yield address
    finally:
        for program in programs:
            program.kill()
        _empty_queue()


def comes_true(condition: Callable[[], bool]) -> bool:
    """Look three times a second, for at most PATIENCE."""
    latest = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > latest:
            return False
        time.sleep(0.3)
    return True


def _program(data: Path, emulator: Emulator, name: str, module: list[str]) -> Child:
    shared = {
        "DATABASE_URL": _database(),
        "DJANGO_SETTINGS_MODULE": "obieg.config.settings",
        "OBIEG_DATA": str(data),
        "OBIEG_EMULATOR_URL": emulator.url,
        "OBIEG_MASTER_KEY": os.environ["OBIEG_MASTER_KEY"],
        "OBIEG_SECRET_KEY": settings.SECRET_KEY,
    }
    log = data / f"{name}.log"
    return Child([sys.executable, "-m", *module], environment=shared, log=log)


def _answers(address: str) -> bool:
    asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        asked.request("GET", "/health")
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _words(programs: list[Child]) -> str:
    return "\n".join(last_words(program.log) for program in programs if program.log)


def _database() -> str:
    url = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))


def _empty_queue() -> None:
    """Django does not empty the engine's tables between tests: they are not its own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
