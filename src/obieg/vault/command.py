"""The command `obieg vault`: the change of the master key."""

import secrets
from collections.abc import Iterable
from pathlib import Path

import click

from obieg.core.files import write_once
from obieg.vault import rotation
from obieg.vault.master import KEY_BYTES, master_key, read_key_file

NEXT = """\
Wszystko jest już pod nowym kluczem. Teraz:
  1. Ustaw OBIEG_MASTER_KEY_FILE={path} (albo przenieś ten plik na miejsce master.key) i uruchom
     Obieg ponownie, na każdej maszynie.
  2. Uruchom: obieg vault rotate --finish
Do tego czasu nie niszcz starego klucza."""
FINISHED = """\
Wymiana zakończona, obecny klucz to {key}. Stary klucz otwiera jeszcze kopie zapasowe zrobione
przed wymianą: zrób nową kopię (obieg backup), a stary klucz zniszcz razem z dawnymi kopiami."""


@click.group(short_help="wymienia klucz główny sejfu")
def vault() -> None:
    """Klucz główny sejfu."""


@vault.command(short_help="wymienia klucz główny bez zatrzymywania pracy")
@click.option(
    "--to-file",
    "path",
    metavar="PLIK",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Plik nowego klucza; jeśli go nie ma, powstanie (prawa 0600).",
)
@click.option("--finish", is_flag=True, help="Zakończ: obecny klucz jest już nowy.")
def rotate(path: Path | None, *, finish: bool) -> None:
    """Wymień klucz główny, gdy Obieg działa; przerwaną wymianę można powtórzyć."""
    if finish == (path is not None):
        raise click.UsageError("Podaj albo --to-file PLIK, albo --finish.")
    if path is None:
        _tell(rotation.finish())
        click.echo(FINISHED.format(key=master_key().id))
        return
    if not path.exists():
        write_once(path, secrets.token_hex(KEY_BYTES))
    _tell(rotation.rotate(read_key_file(path)))
    click.echo(NEXT.format(path=path.resolve()))


def _tell(steps: Iterable[rotation.Progress]) -> None:
    counts: dict[str, int] = {}
    for step in steps:
        counts[step.table] = step.done
    for table, done in counts.items():
        click.echo(f"{table}: {done}")
