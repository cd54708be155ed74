"""Obieg as an office runs it: web server and worker under `obieg up`, on the test's database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from ksef_emulator.testing import Emulator
from tests.config.test_up import Terminal


@contextmanager
def running_obieg(data: Path, emulator: Emulator) -> Iterator[str]:
    """The address at which it answers; its keys are the test's own, so that both read the rows."""
    terminal = Terminal(
        data,
        "--port",
        "0",
        DATABASE_URL=_database(),
        OBIEG_EMULATOR_URL=emulator.url,
        OBIEG_MASTER_KEY=os.environ["OBIEG_MASTER_KEY"],
        OBIEG_SECRET_KEY=settings.SECRET_KEY,
    )
    try:
        terminal.read_until_up()
        yield f"http://127.0.0.1:{terminal.port}"
    finally:
        terminal.end()
        empty_queue()


def empty_queue() -> None:
    """Django does not empty the engine's tables between tests: they are not its own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def _database() -> str:
    url = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
