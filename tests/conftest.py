"""Fixtures that every room's tests share."""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let transactional tests empty the append-only tables between them; changes stay refused."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE office_event DISABLE TRIGGER office_event_no_truncate")
        cursor.execute("ALTER TABLE vault_credentialuse DISABLE TRIGGER vault_use_no_truncate")
        cursor.execute("ALTER TABLE calls_ksefcall DISABLE TRIGGER calls_ksefcall_no_truncate")
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER audit_seal_no_truncate")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Begin with the memory of a new process: the tables that it followed were emptied."""
    from obieg.posting.office_memory import MEMORY

    MEMORY.forget_all()
