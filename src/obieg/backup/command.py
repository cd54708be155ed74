"""The commands `obieg backup` and `obieg restore`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings

from obieg.backup.making import make_backup
from obieg.backup.restoring import check_backup, restore_backup
from obieg.config.environment import is_up
from obieg.config.leash import adopt_orphans
from obieg.config.management import migrate
from obieg.config.postgres import Postgres
from obieg.config.up import claimed
from obieg.core.errors import UserFixable

KEY_WARNING = (
    "Klucza głównego w kopii nie ma. Przechowuj go osobno (plik master.key z katalogu danych albo "
    "to, na co wskazuje OBIEG_MASTER_KEY_FILE): bez niego kopii nikt nie odczyta."
)


class StillUp(UserFixable):
    """A backup is restored only while nothing works on the data."""

    code = "backup.still_up"
    message_pl = "Obieg działa w katalogu {directory}. Zatrzymaj go i powtórz polecenie."


def backups_folder() -> Path:
    """OBIEG_BACKUPS, or `backups` in the data directory."""
    return Path(os.environ.get("OBIEG_BACKUPS") or Path(settings.DATA) / "backups")


def documents_folder() -> Path | None:
    """OBIEG_DOCUMENTS, where documents are kept as files; None where they are in the database."""
    given = os.environ.get("OBIEG_DOCUMENTS")
    return Path(given) if given else None


@click.command(short_help="robi zaszyfrowaną kopię zapasową")
@click.option(
    "--to",
    "folder",
    metavar="KATALOG",
    type=click.Path(file_okay=False, path_type=Path),
    help="Dokąd (domyślnie OBIEG_BACKUPS albo backups w katalogu danych).",
)
@click.option(
    "--check",
    "checked",
    metavar="PLIK",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tylko sprawdź, czy ta kopia jest cała i pasuje do klucza głównego.",
)
def backup(folder: Path | None, checked: Path | None) -> None:
    """Zaszyfrowana kopia bazy, dokumentów i ustawień; Obieg może w tym czasie działać."""
    if checked:
        sizes = check_backup(checked)
        click.echo(f"Kopia jest cała: pozycji {len(sizes)}, bajtów {sum(sizes.values())}.")
        return
    path = make_backup(
        folder or backups_folder(),
        url=os.environ["DATABASE_URL"],
        data=Path(settings.DATA),
        documents=documents_folder(),
    )
    click.echo(f"Kopia: {path} ({path.stat().st_size} bajtów)\n{KEY_WARNING}")


@click.command(short_help="po zmianie wersji: kopia, potem tabele bazy")
@click.pass_context
def upgrade(context: click.Context) -> None:
    """Po zmianie wersji programu: zrób kopię, potem doprowadź tabele bazy do nowej wersji.

    Gdyby się nie udało, `obieg restore KOPIA --replace` przywraca stan sprzed zmiany.
    """
    context.invoke(backup)
    context.invoke(migrate)


@click.command(short_help="odtwarza kopię zapasową")
@click.argument(
    "path", metavar="PLIK", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--replace", is_flag=True, help="Zastąp dane, które są w bazie.")
def restore(path: Path, *, replace: bool) -> None:
    """Odtwórz kopię do pustej bazy; Obieg musi stać, a klucz główny być ten sam co przy kopii."""
    data = Path(settings.DATA)
    if is_up(data):
        raise StillUp(directory=data)
    with claimed(data), _database(data) as url:
        restore_backup(path, url=url, data=data, documents=documents_folder(), replace=replace)
    click.echo("Odtworzono. Uruchom teraz: obieg up")


@contextmanager
def _database(data: Path) -> Iterator[str]:
    """The office's own server, or the embedded one, started for the while."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    adopt_orphans()
    server = Postgres(data / "postgres")
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
