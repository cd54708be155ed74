"""The command `obieg up`: the whole of Obieg in one terminal."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from obieg.config import logging
from obieg.config.environment import data_directory, lock
from obieg.config.installation import Installation, Options
from obieg.config.leash import adopt_orphans
from obieg.config.lock import Held, hold
from obieg.config.log_files import rotate
from obieg.config.up_errors import AlreadyUp


@click.command(short_help="uruchamia cały Obieg: bazę, serwer WWW i kolejkę zadań")
@click.option("--port", default=8000, show_default=True, help="Port serwera WWW; 0 to dowolny.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres, na którym słucha.")
@click.option("--jobs", default=8, show_default=True, help="Ile zadań naraz wykonuje kolejka.")
@click.option("--demo", is_flag=True, help="Dodaj emulator KSeF i biuro pokazowe.")
def up(port: int, host: str, jobs: int, demo: bool) -> None:
    """Uruchamia wszystko, czego potrzebuje Obieg, i pilnuje, żeby działało.

    Bazę zakłada sam w katalogu danych (OBIEG_DATA, domyślnie ./var), chyba że DATABASE_URL wskazuje
    serwer biura. To, co się zatrzyma, uruchamia ponownie. Ctrl-C zatrzymuje całość.

    Aby Obieg był widoczny w sieci biura, podaj --host 0.0.0.0 i nazwy serwera w OBIEG_HOSTS.
    """
    data = data_directory()
    data.mkdir(parents=True, exist_ok=True)
    with claimed(data), rotate(data / "log" / "up.log").open("a") as log:
        logging.configure(stream=log, style="console")
        adopt_orphans()
        with contextlib.suppress(KeyboardInterrupt), interruptible():
            Installation(data, Options(host, port, jobs, demo), click.echo).run()
    click.echo("Obieg zatrzymany.")


@contextlib.contextmanager
def claimed(data: Path) -> Iterator[None]:
    """One supervisor a data directory."""
    try:
        held = hold(lock(data))
    except Held as other:
        raise AlreadyUp(directory=data, pid=other.pid) from None
    with held:
        yield


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """The first SIGINT, SIGTERM or SIGHUP raises KeyboardInterrupt; more are ignored."""
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    signals = [each for each in asked if signal.getsignal(each) != signal.SIG_IGN]  # nohup

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
