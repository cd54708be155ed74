"""A worker that can be killed at any step of its work: the steps are seen from outside.

Run as a program it reads a line of JSON for each life to live: {"task", "key", "die_at"}. It forks
a child that does the work and, before its step number `die_at`, kills itself with SIGKILL. It
answers with the steps that were begun and the signal that ended the child.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Victims:
    """Lives to be lived and ended, from the side of the test."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        self._program = program

    def live(self, task: str, key: int, *, die_at: int = 0) -> tuple[list[str], int]:
        """The steps begun, and the signal that ended it (0: it came to its end)."""
        order = json.dumps({"task": task, "key": key, "die_at": die_at})
        print(order, file=self._program.stdin, flush=True)
        answer = json.loads(self._program.stdout.readline())
        assert not answer["failed"], "the worker failed by itself; see its traceback"
        return answer["steps"], answer["signal"]


@contextmanager
def victims(database_url: str, module: str = "tests.inbox.victim") -> Iterator[Victims]:
    """A place where workers can be killed, on the database of the tests."""
    program = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DATABASE_URL": database_url},
        cwd=Path(__file__).parents[2],
    )
    try:
        yield Victims(program)
    finally:
        program.stdin.close()
        program.wait(10)
        program.stdout.close()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "obieg.config.settings"
    import django

    django.setup()
    from obieg.inbox import synchronise
    from obieg.inbox.signals import invoices_stored

    invoices_stored.receivers.clear()
    answer_orders({"synchronise": synchronise.synchronise, "carry": synchronise.carry_package})


def answer_orders(tasks: dict[str, Callable[[int], Any]]) -> None:
    """Live the lives that are ordered, until nobody orders any more."""
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_live(tasks[order["task"]], order["key"], order["die_at"])), flush=True)


def _live(work: Callable[[int], Any], key: int, die_at: int) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work_and_end(work, key, die_at, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        steps = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    return {
        "steps": steps,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "failed": os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0,
    }


def _work_and_end(work: Callable[[int], Any], key: int, die_at: int, told: int) -> None:
    from tests.inbox.firm import run_out

    failed = 1
    try:
        _be_born(told, die_at)
        run_out(work, key)
        failed = 0
    except BaseException:  # noqa: BLE001 - the child must not go on as a second parent
        traceback.print_exc()
    os._exit(failed)


def _be_born(told: int, die_at: int) -> None:
    """Watch everything that this process does to the database, the network and the disk.

    Reading changes nothing, so that to die before a SELECT is to die before what follows it.
    """
    import httpx
    from django.db import connection
    from django.db.backends.postgresql.base import DatabaseWrapper
    from httpcore import ConnectionPool

    from obieg.inbox import rows

    begun = 0

    def step(name: str) -> None:
        nonlocal begun
        begun += 1
        if begun == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(told, f"{name}\n".encode())

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            step(name)
            return function(*args, **kwargs)

        return call

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        told_as = " ".join(sql.split())  # each step is told in one line
        if not told_as.startswith("SELECT"):
            step(f"sql {told_as[:70]}")
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(statement)
    DatabaseWrapper._commit = watched("commit", DatabaseWrapper._commit)
    rows.copy_invoices = watched("copy invoices", rows.copy_invoices)
    rows.copy_xml = watched("copy xml", rows.copy_xml)
    ConnectionPool.handle_request = watched("http request", ConnectionPool.handle_request)
    httpx.Response.iter_raw = watched("http answer", httpx.Response.iter_raw)
    Path.replace = watched("file replace", Path.replace)
    Path.unlink = watched("file unlink", Path.unlink)


if __name__ == "__main__":
    main()
