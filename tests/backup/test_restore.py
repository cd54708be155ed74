"""A backup of a working office is restored into an empty database, and everything is there."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from obieg.audit.sealing import seal_new
from obieg.backup.errors import BackupDamaged, DatabaseNotEmpty, DumpFailed, OtherKey
from obieg.backup.making import backups_in, make_backup, prune
from obieg.backup.restoring import check_backup, restore_backup
from obieg.office.models import Client
from obieg.vault.credentials import add_token

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "sekretny-token-ksef-" + "x" * 30


def url_of(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


@pytest.fixture
def data(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a new database, gone afterwards."""
    name = f"restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield url_of(name)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def office(data: Path) -> Client:
    client = Client.objects.create(nip="9990000014", name="Łan sp. z o.o.")
    add_token(client, TOKEN, environment="test", label="token", actor=None)
    seal_new()
    return client


def backup(data: Path, documents: Path | None = None) -> Path:
    url = url_of(connection.settings_dict["NAME"])
    return make_backup(data / "backups", url=url, data=data, documents=documents)


def rows(url: str, table: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as there:
        return there.execute(
            sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier(table))
        ).fetchall()


def test_everything_is_there_again(data: Path, office: Client, empty: str, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    (documents / "2026/11").mkdir(parents=True)
    (documents / "2026/11/fv.xml").write_bytes(b"<Faktura/>")
    path = backup(data, documents)
    anchor = (data / "audit.anchor").read_bytes()
    (data / "audit.anchor").unlink()

    elsewhere = tmp_path / "restored-documents"
    restore_backup(path, url=empty, data=data, documents=elsewhere, replace=False)

    here = url_of(connection.settings_dict["NAME"])
    for table in ("office_client", "office_event", "vault_credential", "audit_seal"):
        assert rows(empty, table) == rows(here, table) != []
    assert (elsewhere / "2026/11/fv.xml").read_bytes() == b"<Faktura/>"
    assert (data / "audit.anchor").read_bytes() == anchor


def test_the_restored_database_still_refuses_changes_of_the_trail(
    data: Path, office: Client, empty: str
) -> None:
    restore_backup(backup(data), url=empty, data=data, documents=None, replace=False)
    with psycopg.connect(empty) as there, pytest.raises(psycopg.errors.InsufficientPrivilege):
        there.execute("DELETE FROM office_event")


def test_no_secret_is_in_the_file(data: Path, office: Client) -> None:
    content = backup(data).read_bytes()
    assert TOKEN.encode() not in content
    assert "Łan".encode() not in content


def test_a_backup_is_whole_or_not_there(data: Path, office: Client) -> None:
    with pytest.raises(DumpFailed):
        make_backup(data / "backups", url=url_of("no_such"), data=data, documents=None)
    assert list((data / "backups").iterdir()) == []


def test_what_is_there_is_not_overwritten_unless_asked(
    data: Path, office: Client, empty: str
) -> None:
    path = backup(data)
    restore_backup(path, url=empty, data=data, documents=None, replace=False)
    with pytest.raises(DatabaseNotEmpty):
        restore_backup(path, url=empty, data=data, documents=None, replace=False)
    restore_backup(path, url=empty, data=data, documents=None, replace=True)
    assert len(rows(empty, "office_client")) == 1


def test_a_damaged_backup_changes_nothing(data: Path, office: Client, empty: str) -> None:
    path = backup(data)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(BackupDamaged):
        restore_backup(path, url=empty, data=data, documents=None, replace=True)
    with psycopg.connect(empty) as there:
        found = there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchone() == (0,)


def test_the_wrong_master_key_is_told(
    data: Path, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backup(data)
    monkeypatch.setenv("OBIEG_MASTER_KEY", "11" * 32)
    with pytest.raises(OtherKey, match="OBIEG_MASTER_KEY_FILE"):
        check_backup(path)


def test_old_backups_go_and_new_ones_stay(tmp_path: Path) -> None:
    for day in range(20):
        (tmp_path / f"202611{day:02}-024100.obieg-backup").write_bytes(b"")
    gone = prune(tmp_path, kept=14)
    assert len(gone) == 6
    assert backups_in(tmp_path)[0].name == "20261106-024100.obieg-backup"
