"""The files that the embedded PostgreSQL is started with, written anew before every start."""

import os
import pwd
from pathlib import Path

from obieg.config.postgres_home import Home

OWNER = "postgres"  # founds roles and the database; the program itself never uses it
ROLE = DATABASE = "obieg"

# For a small office's machine: 8 GB, an SSD, a dozen people, a million invoices.
SETTINGS = {
    "listen_addresses": "",  # no TCP: the socket's directory is the door
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than our short queries take
    "timezone": "UTC",
    "log_timezone": "Europe/Warsaw",
    "log_line_prefix": "%m [%p] ",
    # Statements and details of errors hold people's data; the log must not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

# For tests: nothing has to outlive a crash of the machine.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "1h",
}


def write_files(home: Home, *, durable: bool) -> Path:
    """Write the three files of settings; return the main one.

    `office.conf` beside it, when it exists, is read last: the place for an office's own settings.
    """
    settings = {
        "data_directory": str(home.data),
        "hba_file": str(home.directory / "pg_hba.conf"),
        "ident_file": str(home.directory / "pg_ident.conf"),
        "unix_socket_directories": str(home.socket),
        **SETTINGS,
        **({} if durable else FORGETFUL),
    }
    lines = [f"{name} = {quoted(value)}" for name, value in settings.items()]
    lines.append(f"include_if_exists {quoted(str(home.directory / 'office.conf'))}")
    write(home.directory / "pg_hba.conf", ["local all all peer map=obieg"])
    write(home.directory / "pg_ident.conf", admitted())
    main = home.directory / "postgresql.conf"
    write(
        main, ["# Written by Obieg at every start; put your own settings in office.conf.", *lines]
    )
    return main


def admitted() -> list[str]:
    """Who may connect: processes of the user who runs Obieg, and root."""
    names = {pwd.getpwuid(os.geteuid()).pw_name, "root"}
    return [f'obieg "{name}" {role}' for name in sorted(names) for role in (ROLE, OWNER)]


def quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o644)
