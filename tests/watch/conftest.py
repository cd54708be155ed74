"""An office in which nothing is wrong: every test makes its own fault."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.vault.models import Credential, CredentialKind
from obieg.watch.findings import Finding, Look
from obieg.watch.models import WatchSettings
from tests.posting.factories import ClientFactory, OperatorFactory


@pytest.fixture(autouse=True)
def backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of backups, with one made a moment ago."""
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "2026-11-21.obieg-backup").write_bytes(b"sealed")
    monkeypatch.setenv("OBIEG_BACKUPS", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings ask for no room, however full the disk of the tests is."""
    monkeypatch.setattr(WatchSettings._meta.get_field("free_gb"), "default", 0)
    monkeypatch.setattr(WatchSettings._meta.get_field("free_gb"), "_get_default", lambda: 0)


@pytest.fixture
def worker(db: None) -> int:
    """A worker that has just given a sign of life; its id."""
    return a_worker()


@pytest.fixture
def bor(worker: int) -> Client:
    """A served client: downloaded in time, with a certificate for two years."""
    return a_client("Bór sp. z o.o.")


@pytest.fixture
def ewa(db: None) -> Operator:
    operator: Operator = OperatorFactory(login="ewa", name="Ewa Wilk", owner=True)
    return operator


@pytest.fixture
def anna(bor: Client) -> Operator:
    operator: Operator = OperatorFactory(login="anna", name="Anna Nowak", serving=[bor])
    return operator


def a_worker(heartbeat: datetime | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [heartbeat or timezone.now()],
        )
        return int(cursor.fetchone()[0])


def a_client(name: str) -> Client:
    client: Client = ClientFactory(name=name, environment=KsefEnvironment.TEST)
    ensure_channels(client)
    Channel.objects.of_client(client).update(last_ok_at=timezone.now())
    a_credential(client)
    return client


def a_credential(client: Client | None, *, days: int = 700, **changes: object) -> Credential:
    """A certificate that ends in so many days; its secret opens nothing."""
    Credential.objects.across_clients().filter(client=client).update(active=False)
    usual = {
        "kind": CredentialKind.CERTIFICATE,
        "environment": KsefEnvironment.TEST,
        "label": "Certyfikat Boru",
        "fingerprint": "0" * 64,
        "valid_to": timezone.now() + timedelta(days=days),
        "ciphertext": b"",
        "wrapped_key": b"",
        "master_key_id": "",
    }
    return Credential.objects.create(client=client, **{**usual, **changes})


def look(operator: Operator | None = None, now: datetime | None = None) -> Look:
    return Look(operator, now or timezone.now(), WatchSettings.present())


def told(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, str(one.severity)) for one in found]
