"""The command-line program `obieg`; a command's code is imported only when it is called."""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version

import click

from obieg.config.cli_help import Context, complaint, speak_polish
from obieg.core.errors import ObiegError


@dataclass(frozen=True)
class Lazy:
    """Where a command is, what the overview says of it, and what it needs before it is imported."""

    target: str  # module:attribute
    short: str
    django: bool = False
    database: bool = False


SECTIONS = {
    "Praca": {
        "up": Lazy("obieg.config.up:up", "uruchamia cały Obieg i pilnuje, żeby działał"),
        "worker": Lazy(
            "obieg.config.worker:worker",
            "dokłada wykonawcę zadań w tle",
            django=True,
            database=True,
        ),
        "demo": Lazy(
            "obieg.demo.command:demo",
            "wczytuje biuro pokazowe albo własne faktury",
            django=True,
            database=True,
        ),
    },
    "Faktury": {
        "show": Lazy("obieg.fa.command:show", "pokazuje plik faktury: tekst, PDF, HTML lub JSON"),
        "check": Lazy("obieg.fa.command:check_command", "sprawdza faktury przed wysłaniem"),
        "evaluate": Lazy(
            "obieg.posting.evaluation.command:evaluate",
            "mierzy trafność propozycji na danych z dekretami",
        ),
    },
    "Utrzymanie": {
        "migrate": Lazy(
            "obieg.config.management:migrate",
            "doprowadza tabele bazy do wersji programu",
            django=True,
            database=True,
        ),
        "backup": Lazy(
            "obieg.backup.command:backup",
            "robi zaszyfrowaną kopię zapasową",
            django=True,
            database=True,
        ),
        "upgrade": Lazy(
            "obieg.backup.command:upgrade",
            "po zmianie wersji: robi kopię i zmienia tabele bazy",
            django=True,
            database=True,
        ),
        "restore": Lazy("obieg.backup.command:restore", "odtwarza kopię zapasową", django=True),
        "vault": Lazy(
            "obieg.vault.command:vault",
            "wymienia klucz główny sejfu",
            django=True,
            database=True,
        ),
        "audit": Lazy(
            "obieg.audit.command:audit",
            "sprawdza, czy nikt nie zmienił śladu rewizyjnego",
            django=True,
            database=True,
        ),
        "manage": Lazy(
            "obieg.config.management:manage", "przekazuje polecenie do Django", django=True
        ),
    },
}
COMMANDS = {name: lazy for section in SECTIONS.values() for name, lazy in section.items()}

EXPLAINING = f"{__name__}.explaining"  # help is wanted: that needs no database

EXAMPLES = """\
  obieg up --demo                biuro pokazowe z emulatorem KSeF
  obieg up --port 8080           praca na innym porcie
  obieg show faktura.xml         faktura jako tekst, bez bazy i serwera
  obieg demo --invoices KATALOG  własne pliki XML w biurze pokazowym
  obieg worker --jobs 16         więcej zadań naraz, także na innej maszynie"""

VARIABLES = """\
  OBIEG_DATA             katalog danych (domyślnie ./var)
  DATABASE_URL           własny PostgreSQL zamiast wbudowanego
  OBIEG_HOSTS            nazwy, pod którymi serwer odpowiada, po przecinku
  OBIEG_MASTER_KEY_FILE  plik z kluczem głównym sejfu
  OBIEG_MASTER_KEY_COMMAND  polecenie, które ten klucz wypisuje (np. z KMS)
  OBIEG_DOCUMENTS        katalog na XML i UPO (domyślnie są w bazie)
  OBIEG_BACKUPS          katalog kopii zapasowych (domyślnie backups w danych)"""


class Sections(click.Group):
    """A group whose commands stand in sections and are imported when they are called."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        ctx.meta[EXPLAINING] = bool({"-h", "--help"} & set(args))
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return None
        if lazy.django:
            prepare_django(need_database=lazy.database and not ctx.meta.get(EXPLAINING))
        module, _, attribute = lazy.target.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101  for the type checker
        speak_polish(command)
        return command

    def format_options(
        self,
        ctx: click.Context,  # noqa: ARG002  click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, lazy.short) for name, lazy in section.items()])
        for title, text in (("Przykłady", EXAMPLES), ("Zmienne środowiska", VARIABLES)):
            formatter.write(f"\n{title}:\n{text}\n")
        formatter.write("\nO poleceniu: obieg POLECENIE --help\n")


def prepare_django(*, need_database: bool) -> None:
    """Set Django up for a command given by itself, on the database of a running `obieg up`."""
    from obieg.config import environment, logging

    environment.adopt(need_database=need_database)
    logging.configure()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "obieg.config.settings")
    import django

    django.setup()


@click.command(
    cls=Sections,
    no_args_is_help=True,
    subcommand_metavar="POLECENIE [OPCJE]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(version("obieg"), "-V", "--version", message="Obieg %(version)s")
def obieg() -> None:
    """Obieg faktur KSeF w biurze rachunkowym."""


def main() -> None:
    """The entry point: an error ends with a Polish message, a typed one with its code too."""
    try:
        sys.exit(obieg.main(prog_name="obieg", standalone_mode=False))
    except click.Abort:
        sys.exit(1)
    except click.ClickException as error:
        click.echo(complaint(error), err=True)
        sys.exit(error.exit_code)
    except ObiegError as error:
        click.echo(f"Błąd: {error}\n[{error.code}]", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
