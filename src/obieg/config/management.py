"""The commands that keep the database in order: `obieg migrate` and `obieg manage`."""

import click
from django.core.management import call_command, execute_from_command_line
from django.db import connection

from obieg.config.up_errors import DatabaseTooOld

OLDEST = 15_00_00  # PostgreSQL's own numbering of versions
MIGRATING = 0x0B1E6  # the advisory lock of whoever changes the tables


@click.command(short_help="doprowadza tabele bazy do wersji programu")
def migrate() -> None:
    """Doprowadza tabele bazy do wersji programu. `obieg up` robi to sam przy każdym starcie."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        (server,) = cursor.fetchone()
        if server < OLDEST:
            raise DatabaseTooOld(version=server // 10_000)
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        call_command("migrate", interactive=False, verbosity=1)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


@click.command(
    short_help="polecenia Django, np. manage createsuperuser",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Przekazuje polecenie do Django."""
    execute_from_command_line(["obieg manage", *arguments])
