"""Programs in the supervisor's care: restarted ever more rarely, ended with all they started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from obieg.config import leftovers
from obieg.config.child import Child
from obieg.config.postgres_process import wait_until
from obieg.config.supervisor import Supervisor

# A supervisor of its own that keeps one program running until it is killed.
KEEPER = """
import sys
from pathlib import Path
from obieg.config.child import Child
from obieg.config.leftovers import mark
from obieg.config.supervisor import Supervisor

data = Path(sys.argv[1])
supervisor = Supervisor(print)
supervisor.keep("sleeper", Child(["sleep", "600"], environment=mark(data), log=data / "log"))
supervisor.tend_until(lambda: False)
"""


def shell(script: str, data: Path) -> Child:
    return Child(["sh", "-c", script], environment=leftovers.mark(data), log=data / "log")


def test_what_keeps_failing_is_started_again_ever_more_rarely(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.keep("próba", shell(f"echo start >> {tmp_path}/starts; exit 3", tmp_path))
    supervisor.tend_until(lambda: False, seconds=3)
    starts = (tmp_path / "starts").read_text().split()
    assert 3 <= len(starts) <= 4  # at once, after 0 s, after 1 s, after 2 s more
    assert said[0] == "! próba: nieoczekiwany koniec (3), uruchamiam ponownie"
    supervisor.stop(patience=0)


def test_what_runs_is_left_alone(tmp_path: Path) -> None:
    supervisor = Supervisor(pytest.fail)
    ward = supervisor.keep("śpioch", shell("exec sleep 600", tmp_path))
    pid = ward.program.pid
    supervisor.tend_until(lambda: False, seconds=1)
    assert ward.program.pid == pid
    supervisor.stop(patience=5)
    assert ward.program.poll() == -signal.SIGTERM


def test_a_program_that_will_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    supervisor = Supervisor(pytest.fail)
    deaf = shell(f"trap '' TERM; touch {tmp_path}/deaf; while :; do sleep 1; done", tmp_path)
    supervisor.keep("głuchy", deaf)
    assert wait_until((tmp_path / "deaf").exists, seconds=10)
    started = time.monotonic()
    supervisor.stop(patience=1)
    assert time.monotonic() - started < 2
    assert deaf.poll() == -signal.SIGKILL
    assert wait_until(lambda: not leftovers.find(tmp_path), seconds=5)  # its own `sleep 1` too


def test_what_a_dead_program_started_dies_with_it(tmp_path: Path) -> None:
    child = shell("sleep 600 & exit 0", tmp_path)
    child.start()
    assert wait_until(lambda: child.poll() == 0, seconds=10)
    assert wait_until(lambda: not leftovers.find(tmp_path), seconds=5)


def test_an_errand_is_done_once_however_often_it_failed_before(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    script = f"echo start >> {tmp_path}/starts; test $(wc -l < {tmp_path}/starts) -gt 1"
    errand = supervisor.send("sprawa", shell(script, tmp_path))
    assert supervisor.tend_until(lambda: errand.done, seconds=10)
    supervisor.tend_until(lambda: False, seconds=1)
    assert len((tmp_path / "starts").read_text().split()) == 2
    assert said == ["! sprawa: nieoczekiwany koniec (1), uruchamiam ponownie"]


def test_a_passing_program_runs_to_its_end_while_the_others_are_looked_after(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.keep("próba", shell("exit 3", tmp_path))
    assert supervisor.run(shell("sleep 1; exit 4", tmp_path)) == 4
    assert said
    supervisor.stop(patience=0)


def test_programs_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KEEPER, str(tmp_path)]) as keeper:
        assert wait_until(lambda: bool(leftovers.find(tmp_path)), seconds=10)
        keeper.kill()
    assert wait_until(lambda: not leftovers.find(tmp_path), seconds=5)


def test_leftovers_are_found_by_their_data_directory_and_ended(tmp_path: Path) -> None:
    environment = {**os.environ, **leftovers.mark(tmp_path)}
    command = ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]
    with subprocess.Popen(command, env=environment) as orphan:
        assert wait_until(lambda: orphan.pid in leftovers.find(tmp_path), seconds=5)
        assert not leftovers.find(tmp_path / "other")
        assert leftovers.end(tmp_path, patience=1) >= 1
        assert orphan.wait(5) == -signal.SIGKILL
