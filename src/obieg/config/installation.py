"""One installation in one data directory: its programs, in the order in which they start."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg
import structlog

from obieg.config import environment, leftovers, ports
from obieg.config.child import Child
from obieg.config.log_files import last_words, rotate
from obieg.config.postgres import Postgres
from obieg.config.supervisor import Errand, Say, Supervisor
from obieg.config.up_errors import (
    DatabaseUnreachable,
    DemoFailed,
    EmulatorDidNotAnswer,
    MigrationFailed,
    PortForbidden,
    PortTaken,
    WebDidNotAnswer,
)
from obieg.config.watchdog import Watchdog

log = structlog.get_logger(__name__)

CLI = "obieg.config.cli"
DEMO_LOGINS = "obieg.demo.logins"  # by name: an installation without the demo never needs it
EMULATOR_PORT = 8091
STARTING = 90  # seconds that a program may take until it answers: a small computer at its own start
STOPPING = 4  # seconds until everything has stopped, if need be without a last checkpoint
LOOK = 1  # seconds between two looks at how far the demo is
LISTENING = 3  # seconds of them that the children have before they are killed


@dataclass(frozen=True)
class Options:
    """What the person at the terminal asked for."""

    host: str
    port: int
    jobs: int
    demo: bool


class Installation:
    """Starts, keeps and stops the programs that together are Obieg."""

    def __init__(self, data: Path, options: Options, say: Say) -> None:
        self.data = data
        self.options = options
        self.say = say
        self.supervisor = Supervisor(say)
        self.database: Postgres | None = None
        self.shared: dict[str, str] = {}  # environment of every child

    def run(self) -> None:
        """Run until interrupted; whatever happens, leave no process behind."""
        self.say(f"Obieg {version('obieg')}, dane w {self.data}")
        if ended := leftovers.end(self.data):
            self.say(f"! po poprzednim uruchomieniu zostały procesy ({ended}); zatrzymane")
        self.choose_port()
        try:
            self.start()
            watchdog = Watchdog(lambda: self.url, self.telling)
            self.supervisor.tend_until(watchdog.tend)
        finally:
            self.stop()

    def choose_port(self) -> None:
        host, port = self.options.host, self.options.port
        try:
            if not ports.is_free(host, port):
                raise PortTaken(port=port, other=port + 1)
            self.options = replace(self.options, port=port or ports.free_port(host))
        except OSError as error:
            raise PortForbidden(host=host, port=port, reason=error.strerror) from error

    def start(self) -> None:
        self.shared = {"OBIEG_DATA": str(self.data), "PYTHONUNBUFFERED": "1", **self.names()}
        if self.options.demo:
            self.shared["OBIEG_DEMO"] = "1"
            self.start_emulator()
        self.start_database()
        environment.publish(self.data, self.shared)
        self.migrate()
        self.start_web()
        if self.options.demo:
            self.wait_for_emulator()
            self.fill_demo()
        self.start_worker()  # after what a person waits for
        if self.options.demo:
            self.tell_of_demo()
        self.say(f"\nObieg działa: http://{self.address}\nCtrl-C zatrzymuje całość.")

    def names(self) -> dict[str, str]:
        """Let the web server answer to the address that it listens on."""
        if "OBIEG_HOSTS" in os.environ:
            return {}
        return {"OBIEG_HOSTS": f"localhost,127.0.0.1,[::1],{self.options.host}"}

    def start_database(self) -> None:
        with self.step("baza danych"):
            if given := os.environ.get("DATABASE_URL"):
                reach(given)
                return
            directory = self.data / "postgres"
            self.database = Postgres(directory, log_file=rotate(self.log("postgres")))
            self.supervisor.keep("baza danych", self.database)
            self.shared["DATABASE_URL"] = self.database.url

    def start_emulator(self) -> None:
        """Start it and go on: it needs nobody, and is ready when the rest is."""
        port = ports.kept_port(self.data / "emulator.port", "127.0.0.1", EMULATOR_PORT)
        self.shared["OBIEG_EMULATOR_URL"] = f"http://127.0.0.1:{port}/v2"
        store = str(self.data / "emulator.sqlite")
        options = ["--port", str(port), "--data", store, "--control"]
        self.supervisor.keep("emulator KSeF", self.child("emulator", "ksef_emulator", *options))

    def wait_for_emulator(self) -> None:
        address = urlsplit(self.shared["OBIEG_EMULATOR_URL"])
        with self.step("emulator KSeF"):
            if not self.supervisor.tend_until(lambda: listens(address), seconds=STARTING):
                raise EmulatorDidNotAnswer(**self.words("emulator"))

    def migrate(self) -> None:
        with self.step("tabele bazy"):
            if self.supervisor.run(self.child("migrate", CLI, "migrate")) != 0:
                raise MigrationFailed(**self.words("migrate"))

    def start_worker(self) -> None:
        with self.step("kolejka zadań"):
            jobs = str(self.options.jobs)
            worker = self.child("worker", CLI, "worker", "--jobs", jobs)
            self.supervisor.keep("kolejka zadań", worker)

    def start_web(self) -> None:
        where = ["--host", self.options.host, "--port", str(self.options.port)]
        size = ["--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "1"]
        kind = ["--interface", "wsgi", "--no-ws"]
        web = self.child("web", "granian", *kind, *where, *size, "obieg.config.wsgi:application")
        with self.step("serwer WWW"):
            ward = self.supervisor.keep("serwer WWW", web)
            self.supervisor.tend_until(
                lambda: self.healthy() or ward.failures > 1, seconds=STARTING
            )
            if not self.healthy():
                raise WebDidNotAnswer(**self.words("web"))

    def fill_demo(self) -> None:
        """Load the demo office, or go on where a killed load was; its first clients are enough."""
        if not self.demo_has("done"):
            self.wait_for_first(self.supervisor.send("biuro pokazowe", self.demo_load()))

    def tell_of_demo(self) -> None:
        self.say("\nLoginy pokazu:")
        for person in import_module(DEMO_LOGINS).LOGINS:
            self.say(f"  {person.login:<8} {person.password:<14} {person.name}, {person.duty}")
        if not self.demo_has("done"):
            self.say("\nReszta biura wczytuje się w tle; ile już jest, widać na górze stron.")

    def demo_load(self) -> Child:
        return self.child(None, CLI, "demo", "--background")

    def wait_for_first(self, load: Errand) -> None:
        """Until people have something to look at; DemoFailed where the load ends before it."""
        while not (load.done or self.demo_has("ready")):
            if self.supervisor.tend_until(lambda: load.failures > 0, seconds=LOOK):
                raise DemoFailed

    def telling(self, what: str, minutes: int) -> Child:
        """The program that tells people what the watchdog found; the supervisor looks after it."""
        child = self.child("watchdog", CLI, "manage", "tell_of_jobs", what, str(minutes))
        self.supervisor.passing = child
        return child

    def demo_has(self, milestone: str) -> bool:
        """Whether the trail says that the load of the demo office has come so far."""
        question = "SELECT 1 FROM office_event WHERE thing = 'demo' AND kind = %s"
        with psycopg.connect(self.url) as connection:
            return connection.execute(question, [milestone]).fetchone() is not None

    @property
    def url(self) -> str:
        return self.shared.get("DATABASE_URL") or os.environ["DATABASE_URL"]

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.options.host, self.options.host)  # noqa: S104  compared, not bound
        return f"{host}:{self.options.port}"

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection(self.address, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def child(self, log: str | None, module: str, *options: str) -> Child:
        """A program of this installation; without a `log` it speaks on the terminal."""
        shared = {**self.shared, **leftovers.mark(self.data)}
        path = rotate(self.log(log)) if log else None
        command = [sys.executable, "-m", module, *options]
        return Child(command, environment=shared, log=path)

    def log(self, name: str) -> Path:
        return self.data / "log" / f"{name}.log"

    def words(self, name: str) -> dict[str, object]:
        return {"words": last_words(self.log(name)), "log": self.log(name)}

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.say(f"  ✓ {label} ({time.monotonic() - started:.1f} s)".replace(".", ","))

    def stop(self) -> None:
        """End everything within 5 s: the children first, the database when nobody uses it."""
        latest = time.monotonic() + STOPPING
        environment.kept(self.data).unlink(missing_ok=True)
        self.supervisor.stop(patience=LISTENING)
        leftovers.end(self.data, patience=0)
        if self.database:
            self.database.stop(patience=max(1, latest - time.monotonic()))


def reach(url: str) -> None:
    """Raise DatabaseUnreachable unless the office's own server answers."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(reason=str(error).strip()) from None


def listens(address: SplitResult) -> bool:
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except OSError:
        return False
    return True
