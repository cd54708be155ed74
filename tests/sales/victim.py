"""A worker of sending that can be killed at any step; see tests.inbox.victim."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.inbox.victim import Victims, _live


@contextmanager
def victims(database_url: str, data: Path) -> Iterator[Victims]:
    """A place where workers can be killed, on the database and the directory of the tests."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.sales.victim"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DATABASE_URL": database_url, "OBIEG_DATA": str(data)},
        cwd=Path(__file__).parents[2],
    )
    try:
        yield Victims(program)
    finally:
        program.stdin.close()
        program.wait(10)
        program.stdout.close()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "obieg.config.settings"
    import django
    import structlog

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    django.setup()
    from obieg.inbox.signals import invoices_stored
    from tests.sales.seller import live_through

    invoices_stored.receivers.clear()
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_live(live_through, order["key"], order["die_at"])), flush=True)


if __name__ == "__main__":
    main()
