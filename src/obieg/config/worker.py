"""The command `obieg worker`: runs the background work of the office."""

import asyncio
import contextlib
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import click
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

PATIENCE = 2  # seconds that running jobs have to end after a signal; a cut one is retried
POLL = 1  # seconds until a lock that became free, which nobody announces, is noticed


@click.command(short_help="wykonuje zadania w tle; można uruchomić na wielu maszynach")
@click.option("--jobs", default=8, show_default=True, help="Ile zadań naraz.")
@click.option("--name", default="worker", show_default=True, help="Nazwa w dziennikach.")
def worker(jobs: int, name: str) -> None:
    """Wykonuje zadania w tle: synchronizację z KSeF, eksporty, porządki.

    Jednego takiego pracownika uruchamia już `obieg up`. Kolejnych można dodać na tej lub innych
    maszynach; wystarczy ta sama baza (DATABASE_URL) i ten sam klucz główny (OBIEG_MASTER_KEY_FILE).
    """
    asyncio.run(work(jobs, name))


async def work(jobs: int, name: str) -> None:
    """Run jobs, at most `jobs` at a time, until SIGTERM or SIGINT.

    Ordinary (not async) tasks run in the loop's default executor, whose few threads would otherwise
    be the real limit whatever the engine's concurrency says.
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="job"))
    with app.replace_connector(DjangoConnector().get_worker_connector()) as engine:
        async with engine.open_async():
            running = asyncio.ensure_future(
                engine.run_worker_async(
                    name=name,
                    concurrency=jobs,
                    fetch_job_polling_interval=POLL,
                    shutdown_graceful_timeout=PATIENCE,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            for order in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(order, stop, running)
            with contextlib.suppress(asyncio.CancelledError):
                await running


def stop(running: asyncio.Future[None]) -> None:
    """Ask the engine to end, and end anyway when a thread or a lost database holds it up.

    A job in a thread cannot be cancelled, only left; it stays marked as running and is taken up
    again by `retry_stalled_jobs`.
    """
    running.cancel()
    last = threading.Timer(PATIENCE + 1, os._exit, [0])
    last.daemon = True
    last.start()
