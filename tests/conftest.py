"""Fixtures that every room's tests share."""

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let transactional tests empty the append-only tables between them; changes stay refused."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE office_event DISABLE TRIGGER office_event_no_truncate")
        cursor.execute("ALTER TABLE vault_credentialuse DISABLE TRIGGER vault_use_no_truncate")
        cursor.execute("ALTER TABLE calls_ksefcall DISABLE TRIGGER calls_ksefcall_no_truncate")
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER audit_seal_no_truncate")
        cursor.execute("ALTER TABLE audit_pruning DISABLE TRIGGER audit_pruning_no_truncate")
        cursor.execute("ALTER TABLE audit_redaction DISABLE TRIGGER audit_redaction_no_truncate")


@receiver(user_logged_in)
def _proved_everything(request: HttpRequest, **_: object) -> None:
    """Who is logged in by force (without an address) has given his second factor a moment ago."""
    from obieg.office.proof import note_proof

    if not request.path:
        note_proof(request.session, second_factor=True)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Begin with the memory of a new process: the tables that it followed were emptied."""
    from obieg.posting.office_memory import MEMORY

    MEMORY.forget_all()
