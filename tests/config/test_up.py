"""`obieg up` keeps the office running whatever is killed, and ends without a trace."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from obieg.config import leftovers
from obieg.config.ports import free_port
from obieg.config.postgres import Postgres
from obieg.config.postgres_process import postmaster, processes_in, wait_until

pytestmark = pytest.mark.slow

# What a person's shell would have; the tests' own database must not leak in.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DATABASE_URL", "OBIEG_DATA", "OBIEG_MASTER_KEY", "DJANGO_SETTINGS_MODULE"}
}


def _as_in_a_terminal() -> None:
    """Signals end the program, even where whoever runs the tests ignores them (nohup does)."""
    for order in (signal.SIGINT, signal.SIGHUP):
        signal.signal(order, signal.SIG_DFL)


class Terminal:
    """A terminal in which `obieg up` was given, and what it said there."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.data = data
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "obieg.config.cli", "up", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**ENVIRONMENT, "OBIEG_DATA": str(data), **environment},
            start_new_session=True,
            preexec_fn=_as_in_a_terminal,  # noqa: PLW1509 - it only resets two signals
        )

    def read_until_up(self) -> "Terminal":
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if "Obieg działa" in line:
                return self
        pytest.fail("".join(self.lines))

    def read_to_end(self) -> str:
        assert self.process.stdout
        with self.process.stdout:
            self.lines.extend(self.process.stdout)
        self.process.wait(10)
        return "".join(self.lines)

    @property
    def port(self) -> int:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", "".join(self.lines))
        assert found
        return int(found[1])

    def published(self, name: str) -> str:
        lines = (self.data / "up.env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))

    def is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def ask(self, question: str) -> object:
        with psycopg.connect(self.published("DATABASE_URL")) as connection:
            cursor = connection.execute(question)
            return cursor.fetchone()[0] if cursor.description else None

    def end(self, order: signal.Signals = signal.SIGINT) -> float:
        """Send `order`; return the seconds until the supervisor was gone."""
        started = time.monotonic()
        self.process.send_signal(order)
        self.process.wait(10)
        took = time.monotonic() - started
        self.read_to_end()
        return took


@pytest.fixture(scope="module")
def office() -> Iterator[Terminal]:
    """One running installation for the tests that leave it running."""
    directory = Path(tempfile.mkdtemp(prefix="obieg-up-"))
    directory.chmod(0o755)
    terminal = Terminal(directory / "var", "--port", "0").read_until_up()
    yield terminal
    terminal.end()
    shutil.rmtree(directory)


@pytest.fixture
def open_terminal(place: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*options: str, **environment: str) -> Terminal:
        opened.append(Terminal(place / "var", *options, **environment))
        return opened[-1]

    yield start
    for terminal in opened:
        if terminal.process.poll() is None:
            terminal.end()
        assert terminal.process.stdout
        terminal.process.stdout.close()
    assert_nothing_runs(place / "var")


def assert_nothing_runs(data: Path) -> None:
    assert wait_until(
        lambda: not leftovers.find(data) and not processes_in(data / "postgres" / "data"), seconds=5
    )


def running(data: Path, *words: str) -> set[int]:
    """Pids of the installation's processes whose command line has all of `words`."""
    return {
        pid
        for pid in leftovers.find(data)
        if all(word in command_line(pid).split("\0") for word in words)
    }


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_it_answers_and_says_where(office: Terminal) -> None:
    assert office.is_healthy()
    said = "".join(office.lines)
    assert "✓ baza danych" in said
    assert f"Obieg działa: http://127.0.0.1:{office.port}\n" in said


def test_logs_are_their_owners_alone(office: Terminal) -> None:
    assert (office.data / "log").stat().st_mode & 0o777 == 0o700
    assert (office.data / "log" / "web.log").read_text()


def test_what_is_published_for_other_commands_is_its_owners_alone(office: Terminal) -> None:
    assert (office.data / "up.env").stat().st_mode & 0o777 == 0o600


def test_a_second_one_on_the_same_data_is_refused(office: Terminal) -> None:
    second = Terminal(office.data, "--port", "0")
    said = second.read_to_end()
    assert second.process.returncode == 1
    assert f"proces {office.process.pid}" in said
    assert "Traceback" not in said
    assert office.is_healthy()


def test_other_commands_find_the_running_database(office: Terminal) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "obieg.config.cli", "manage", "migrate", "--check"],
        env={**ENVIRONMENT, "OBIEG_DATA": str(office.data)},
        check=False,
    )
    assert answer.returncode == 0


@pytest.mark.parametrize(
    "victim", [("granian",), ("worker", "--jobs")], ids=["web server", "worker"]
)
def test_what_is_killed_comes_back_by_itself(office: Terminal, victim: tuple[str, ...]) -> None:
    before = running(office.data, *victim)
    assert before
    leftovers.send(signal.SIGKILL, before)
    assert wait_until(
        lambda: bool(running(office.data, *victim) - before) and office.is_healthy(), seconds=20
    )


def test_one_dead_process_of_the_web_server_is_replaced(office: Terminal) -> None:
    before = running(office.data, "granian")
    victim = max(before, key=lambda pid: parent(pid) in before)
    os.kill(victim, signal.SIGKILL)
    assert wait_until(
        lambda: len(running(office.data, "granian") - {victim}) == 3 and office.is_healthy(),
        seconds=20,
    )


def kill_database(office: Terminal) -> None:
    """Kill it, and wait for its successor: it may be there before anybody asks in vain."""
    data = office.data / "postgres" / "data"
    killed = postmaster(data)
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: postmaster(data) not in (killed, 0), seconds=10)


def test_a_killed_database_comes_back_with_everything_acknowledged(office: Terminal) -> None:
    office.ask("CREATE TABLE note AS SELECT 7 AS number")
    kill_database(office)
    assert wait_until(office.is_healthy, seconds=20)
    assert office.ask("SELECT number FROM note") == 7


def test_the_worker_works_on_after_the_database_was_killed(office: Terminal) -> None:
    before = office.ask("SELECT now()::text")
    kill_database(office)
    assert wait_until(office.is_healthy, seconds=20)
    beating = "SELECT EXISTS (SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > '{}')"
    assert wait_until(lambda: office.ask(beating.format(before)) is True, seconds=30)


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_five_seconds(
    open_terminal: Callable[..., Terminal], order: signal.Signals
) -> None:
    terminal = open_terminal("--port", "0").read_until_up()
    assert terminal.end(order) < 5
    assert terminal.process.returncode == 0
    assert not leftovers.find(terminal.data)
    assert not processes_in(terminal.data / "postgres" / "data")
    assert terminal.lines[-1] == "Obieg zatrzymany.\n"


def test_a_signal_during_the_start_ends_everything_too(
    open_terminal: Callable[..., Terminal], place: Path
) -> None:
    terminal = open_terminal("--port", "0")
    assert wait_until(lambda: bool(running(place / "var", "migrate")), seconds=20)
    assert terminal.end() < 5
    assert_nothing_runs(place / "var")


def test_nothing_survives_a_killed_supervisor_and_nothing_is_lost(
    open_terminal: Callable[..., Terminal],
) -> None:
    first = open_terminal("--port", "0").read_until_up()
    first.ask("CREATE TABLE note AS SELECT 'ważne' AS text")
    first.end(signal.SIGKILL)
    started = time.monotonic()
    second = open_terminal("--port", str(first.port)).read_until_up()  # at once, on the same port
    assert time.monotonic() - started < 15
    assert second.ask("SELECT text FROM note") == "ważne"
    assert second.is_healthy()


def test_a_killed_supervisors_children_end_without_a_next_start(
    open_terminal: Callable[..., Terminal],
) -> None:
    terminal = open_terminal("--port", "0").read_until_up()
    terminal.end(signal.SIGKILL)
    assert_nothing_runs(terminal.data)


def test_killing_everything_at_once_loses_nothing(open_terminal: Callable[..., Terminal]) -> None:
    first = open_terminal("--port", "0").read_until_up()
    first.ask("CREATE TABLE note AS SELECT 1 AS number")
    everything = leftovers.find(first.data) | processes_in(first.data / "postgres" / "data")
    leftovers.send(signal.SIGKILL, {first.process.pid, *everything})
    first.process.wait(5)
    second = open_terminal("--port", "0").read_until_up()
    assert second.ask("SELECT number FROM note") == 1


def test_a_taken_port_is_named_with_the_way_out(open_terminal: Callable[..., Terminal]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        terminal = open_terminal("--port", str(port))
        said = terminal.read_to_end()
    assert terminal.process.returncode == 1
    assert f"Port {port} jest zajęty" in said
    assert "--port" in said
    assert "config.port_taken" in said


def test_an_address_of_another_machine_is_explained(
    open_terminal: Callable[..., Terminal],
) -> None:
    said = open_terminal("--port", "0", "--host", "192.0.2.1").read_to_end()
    assert "192.0.2.1" in said
    assert "--host 127.0.0.1" in said


def test_the_offices_own_database_is_used_when_named(
    open_terminal: Callable[..., Terminal], place: Path
) -> None:
    own = Postgres(place / "own", durable=False)
    own.start()
    terminal = open_terminal("--port", "0", DATABASE_URL=own.url).read_until_up()
    assert terminal.is_healthy()
    assert not (terminal.data / "postgres").exists()
    with psycopg.connect(own.url) as connection:
        assert connection.execute("SELECT to_regclass('office_operator')").fetchone() != (None,)
    terminal.end()
    assert own.poll() is None  # not ours to stop
    own.stop()


def test_a_web_server_that_cannot_start_is_explained_in_its_own_words(
    open_terminal: Callable[..., Terminal],
) -> None:
    said = open_terminal("--port", "0", GRANIAN_HTTP="3").read_to_end()
    assert "Serwer WWW nie odpowiada" in said
    assert "'3' is not one of" in said
    assert "web.log" in said


def test_an_unreachable_database_is_explained(
    open_terminal: Callable[..., Terminal], place: Path
) -> None:
    url = f"postgresql://obieg@/obieg?host={place}"
    said = open_terminal("--port", "0", DATABASE_URL=url).read_to_end()
    assert "DATABASE_URL nie odpowiada" in said
    assert "Traceback" not in said


def test_with_the_demo_a_killed_emulator_comes_back_at_its_address_with_its_data(
    open_terminal: Callable[..., Terminal],
) -> None:
    plain = open_terminal("--port", "0").read_until_up()
    plain.ask(
        "INSERT INTO office_event (at, thing, thing_id, kind, before, after)"
        " VALUES (now(), 'demo', 1, 'done', '{}', '{}')"
    )
    plain.end()
    (plain.data / "emulator.port").write_text(str(free_port("127.0.0.1")))
    terminal = open_terminal("--port", "0", "--demo").read_until_up()
    assert "anna" in "".join(terminal.lines)
    url = terminal.published("OBIEG_EMULATOR_URL")
    key = public_key(url)
    leftovers.send(signal.SIGKILL, running(terminal.data, "ksef_emulator"))
    assert wait_until(lambda: public_key(url) is None, seconds=5)
    assert wait_until(lambda: public_key(url) == key, seconds=20)


def public_key(url: str) -> str | None:
    """What the emulator answers when asked for its keys; None while it does not answer."""
    try:
        answer = httpx.get(f"{url}/security/public-key-certificates")
    except httpx.TransportError:
        return None
    assert answer.status_code == 200
    return answer.text
