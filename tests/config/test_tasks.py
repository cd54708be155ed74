"""The work of a dead worker is taken up again, and work that kills workers is given up."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from obieg.config import tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queue() -> Iterator[None]:
    """Django does not empty the engine's tables between tests: they are not its own."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


async def start_and_abandon(attempts: int) -> int:
    """The id of a job that a worker started, who has been silent for an hour."""
    with app.replace_connector(DjangoConnector().get_worker_connector()) as engine:
        async with engine.open_async():
            job = await engine.configure_task(
                "tests.abandoned", allow_unknown=True, lock="client 7"
            ).defer_async()
            worker = await engine.job_manager.register_worker()
            assert await engine.job_manager.fetch_job(queues=None, worker_id=worker)
            await engine.connector.execute_query_async(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
            )
            await engine.connector.execute_query_async(
                "UPDATE procrastinate_jobs SET attempts = %(attempts)s", attempts=attempts
            )
            return job


async def look_after_stalled_jobs() -> None:
    """Run the periodic task as a worker does; no other task is known here."""
    with app.replace_connector(DjangoConnector().get_worker_connector()) as engine:
        async with engine.open_async():
            await tasks.retry_stalled_jobs.configure(queue="tending").defer_async(timestamp=0)
            await engine.run_worker_async(
                queues=["tending"], wait=False, install_signal_handlers=False, listen_notify=False
            )


def status(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()[0]


def test_a_job_of_a_dead_worker_is_queued_again() -> None:
    job = asyncio.run(start_and_abandon(attempts=1))
    assert status(job) == "doing"
    asyncio.run(look_after_stalled_jobs())
    assert status(job) == "todo"


def test_a_job_that_killed_ten_workers_is_given_up() -> None:
    job = asyncio.run(start_and_abandon(attempts=tasks.ATTEMPTS))
    asyncio.run(look_after_stalled_jobs())
    assert status(job) == "failed"


# A worker that knows one more task: it blocks its thread and notes when it began.
WORKER = r"""
import os, sys, time
sys.argv = ["obieg", "worker", "--jobs", "12"]
from procrastinate.contrib.django import app

@app.task(name="tests.block")
def block(seconds):
    os.write(1, b"began\n")  # whole, whatever the other threads write
    time.sleep(seconds)

from obieg.config.cli import main
main()
"""


@pytest.fixture
def worker(empty_queue: None) -> Iterator[subprocess.Popen[str]]:
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['OPTIONS']['host']}"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": url},
    ) as process:
        yield process
        process.kill()


def test_as_many_blocking_jobs_run_at_once_as_asked_for(worker: subprocess.Popen[str]) -> None:
    for _ in range(12):
        app.configure_task("tests.block", allow_unknown=True).defer(seconds=60)
    assert worker.stdout
    assert [worker.stdout.readline() for _ in range(12)] == ["began\n"] * 12


def test_a_worker_ends_in_five_seconds_though_its_job_does_not(
    worker: subprocess.Popen[str],
) -> None:
    job = app.configure_task("tests.block", allow_unknown=True).defer(seconds=60)
    assert worker.stdout
    assert worker.stdout.readline() == "began\n"
    started = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert time.monotonic() - started < 5
    assert status(job) == "doing"  # to be taken up by the periodic task
