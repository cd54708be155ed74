"""Small things of the platform: ports, log files, locks."""

import os
import socket
from pathlib import Path

import pytest

from obieg.config.lock import Held, hold
from obieg.config.log_files import KEPT, last_words, rotate
from obieg.config.ports import free_port, is_free, kept_port


def test_a_port_that_someone_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free("127.0.0.1", server.getsockname()[1])


def test_a_chosen_port_is_kept_for_the_next_start(tmp_path: Path) -> None:
    record = tmp_path / "port"
    port = kept_port(record, "127.0.0.1", free_port("127.0.0.1"))
    assert kept_port(record, "127.0.0.1", 1) == port


def test_a_kept_port_that_is_taken_is_replaced(tmp_path: Path) -> None:
    record = tmp_path / "port"
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        port = kept_port(record, "127.0.0.1", taken)
        assert port != taken
    assert kept_port(record, "127.0.0.1", taken) == port


def test_earlier_logs_move_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    log = tmp_path / "log" / "web.log"
    for run in range(KEPT + 2):
        rotate(log).write_text(f"{run}\n")
    rotate(log)
    assert not log.exists()
    runs = [(tmp_path / "log" / f"web.log.{age}").read_text() for age in range(1, KEPT + 1)]
    assert runs == [f"{run}\n" for run in range(KEPT + 1, 1, -1)]
    assert len(list((tmp_path / "log").iterdir())) == KEPT


def test_an_empty_log_is_not_set_aside(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.touch()
    rotate(log)
    assert not (tmp_path / "web.log.1").exists()


def test_the_last_words_of_a_program_are_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("a\nb\nc\nd\n")
    assert last_words(log) == "b c d"
    assert last_words(tmp_path / "none.log") == ""


def test_a_held_lock_names_its_holder(tmp_path: Path) -> None:
    with hold(tmp_path / "lock"), pytest.raises(Held, match=str(os.getpid())):
        hold(tmp_path / "lock")
    hold(tmp_path / "lock").close()
