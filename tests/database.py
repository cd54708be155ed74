"""A PostgreSQL for the tests: one embedded cluster for the whole run, thrown away at its end.

A pytest plugin loaded before Django's, because the settings read DATABASE_URL at import.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_STARTED = pytest.StashKey()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the cluster, unless the caller or the controlling process already gave one."""
    if "DATABASE_URL" in os.environ:
        return
    from obieg.config.postgres import Postgres

    directory = Path(tempfile.mkdtemp(prefix="obieg-tests-"))
    directory.chmod(0o755)
    postgres = Postgres(directory / "pg", durable=False)
    postgres.start()
    os.environ["DATABASE_URL"] = postgres.url
    os.environ.setdefault("OBIEG_DATA", str(directory / "data"))
    os.environ.setdefault("OBIEG_MASTER_KEY", "00" * 32)
    early_config.stash[_STARTED] = (postgres, directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started here."""
    if started := config.stash.get(_STARTED, None):
        postgres, directory = started
        postgres.stop()
        shutil.rmtree(directory, ignore_errors=True)
