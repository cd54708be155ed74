"""The embedded PostgreSQL: one cluster in one directory, run as a child process."""

import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
import structlog
from psycopg import sql
from psycopg.conninfo import make_conninfo

from obieg.config.leash import leashed
from obieg.config.lock import Held, hold
from obieg.config.postgres_errors import DidNotStart, DirectoryInUse, OtherVersion
from obieg.config.postgres_files import DATABASE, OWNER, ROLE, write_files
from obieg.config.postgres_home import Home
from obieg.config.postgres_process import is_ready, stop_processes_in

log = structlog.get_logger(__name__)

# Polish letters: upper, lower and ILIKE by PostgreSQL's own tables, which no update of the system's
# locales can change under an index; pg_trgm asks the system's lc_ctype what a letter is.
LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
LONGEST_RECOVERY = 300  # seconds; replaying the log after a crash may take minutes on a slow disk


class Postgres:
    """Owns the cluster in `directory`: founds it, starts it, stops it, keeps others away from it.

    Start it from the thread that lives as long as the server should (see `leash`). Without
    `durable` it forgets on a crash of the machine, and is much faster: for tests.
    """

    def __init__(
        self,
        directory: Path,
        *,
        binaries: Path | None = None,
        durable: bool = True,
        log_file: Path | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self.durable = durable
        self._binaries = binaries
        self._log_file = log_file or self.directory / "postgres.log"
        self._home: Home | None = None
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Home:
        """Where the cluster lives; settled by the first use."""
        if self._home is None:
            self._home = Home.settle(self.directory, self._binaries)
        return self._home

    @property
    def url(self) -> str:
        """A DATABASE_URL over the unix socket; valid also while the server is down."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.home.socket))}"

    @property
    def pid(self) -> int | None:
        """The postmaster's pid, or None when it does not run."""
        return self._server.pid if self._server and self.poll() is None else None

    def start(self) -> None:
        """Return when the server accepts connections and the database exists.

        Founds the cluster when there is none and ends a server that a killed launcher left.
        May be called again after a crash. Raises the errors of `postgres_errors`.
        """
        self._take_lock()
        try:
            stop_processes_in(self.home.data)
            self._clear_socket()
            if not (self.home.data / "PG_VERSION").exists():
                self._found()
            self._check_version()
            self._launch()
            self._found_database()
        except BaseException:
            self.stop()
            raise

    def stop(self, *, patience: float = 4) -> None:
        """End the server, every acknowledged commit kept, and let the directory go.

        After `patience` seconds its last checkpoint is left to the next start.
        """
        if self._server:
            end(self._server, patience)
            log.info("database_stopped")
        self._server = None
        if self._lock:
            self._lock.close()
        self._lock = None

    def poll(self) -> int | None:
        """The server's exit status; None while it runs."""
        return self._server.poll() if self._server else 0

    def wait(self, timeout: int | None = None) -> int:
        """Wait until the server ends, at most `timeout` seconds (subprocess.TimeoutExpired)."""
        return self._server.wait(timeout) if self._server else 0

    def _take_lock(self) -> None:
        if self._lock:
            return
        try:
            self._lock = hold(self.home.directory / "lock")
        except Held as held:
            raise DirectoryInUse(directory=self.directory, pid=held.pid) from None

    def _clear_socket(self) -> None:
        """The socket has a lock file of its own, which a dead server's pid would keep closed."""
        for left in self.home.socket.iterdir():
            left.unlink()

    def _found(self) -> None:
        """Found the cluster whole or not at all: beside its place, then moved there."""
        draft = self.home.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.home.user:
            os.chown(draft, *self.home.user)
        options = ["-D", str(draft), "-U", OWNER, "-E", "UTF8", "--auth=peer", "--no-instructions"]
        if not self.durable:
            options.append("--no-sync")
        with self._open_log() as output:
            founding = self._run("initdb", *options, *LOCALE, *letters(), output=output)
            if founding.wait() != 0:
                raise self._did_not_start()
        draft.rename(self.home.data)
        log.info("database_founded", directory=str(self.home.data))

    def _check_version(self) -> None:
        written = (self.home.data / "PG_VERSION").read_text().strip()
        program = str(self.home.binaries / "postgres")
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        present = answer.stdout.split()[2].split(".")[0]
        if written != present:
            raise OtherVersion(directory=self.home.data, written=written, present=present)

    def _launch(self) -> None:
        settings = write_files(self.home, durable=self.durable)
        options = ["-D", str(self.home.data), "-c", f"config_file={settings}"]
        started = time.monotonic()
        with self._open_log() as output:
            self._server = self._run("postgres", *options, output=output)
        while not is_ready(self.home.data, self._server.pid):
            if self._server.poll() is not None or time.monotonic() - started > LONGEST_RECOVERY:
                raise self._did_not_start()
            time.sleep(0.01)
        log.info("database_started", pid=self._server.pid, socket=str(self.home.socket))

    def _found_database(self) -> None:
        """The program's role owns its database and is no superuser, as on an office's server."""
        where = make_conninfo(host=str(self.home.socket), user=OWNER, dbname="postgres")
        with psycopg.connect(where, autocommit=True) as connection:
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]
            ).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
            named = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not named.fetchone():
                creation = sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role)
                connection.execute(creation)

    def _run(self, program: str, *options: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
        command = [str(self.home.binaries / program), *options]
        return subprocess.Popen(
            leashed(command, signal=signal.SIGINT, user=self.home.user),  # SIGINT: fast shutdown
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            start_new_session=True,
        )

    def _open_log(self) -> IO[bytes]:
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        return self._log_file.open("ab")

    def _did_not_start(self) -> DidNotStart:
        lines = self._log_file.read_text(errors="replace").strip().splitlines()[-3:]
        return DidNotStart(words=" ".join(lines), log=self._log_file)


def letters() -> list[str]:
    """initdb's option for lc_ctype: C.UTF-8 where the system knows it, which Debian always does."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return []
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return ["--lc-ctype=C.UTF-8"]


def end(server: subprocess.Popen[bytes], patience: float) -> None:
    """Fast shutdown; at once when its last checkpoint takes too long; then by force."""
    for order, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 0.3), (signal.SIGKILL, 1)):
        if server.poll() is None:
            server.send_signal(order)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return
