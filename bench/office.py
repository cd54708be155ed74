"""The bench's own office: a durable embedded PostgreSQL of its own, one client, its books."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from obieg.config.postgres import Postgres


@contextmanager
def own_database() -> Iterator[Path]:
    """Django on a fresh, migrated database that is thrown away at the end; yields a scratch."""
    scratch = Path(tempfile.mkdtemp(prefix="obieg-bench-"))
    scratch.chmod(0o755)
    postgres = Postgres(scratch / "postgres", durable=True)
    postgres.start()
    try:
        os.environ |= {
            "DATABASE_URL": postgres.url,
            "OBIEG_DATA": str(scratch / "data"),
            "OBIEG_MASTER_KEY": "00" * 32,
            "DJANGO_SETTINGS_MODULE": "obieg.config.settings",
        }
        prepare()
        yield scratch
    finally:
        from django.db import connections

        connections.close_all()
        postgres.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def prepare() -> None:
    """Set Django up and bring the tables up to date."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
