"""The supervisor's loop: what must run, and what happens when it ends."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from obieg.config.child import Child
from obieg.core.errors import UserFixable

log = structlog.get_logger(__name__)

DELAYS = (0, 1, 2, 4, 8, 15, 30)  # seconds before the next start, by failures in a row
SETTLED = 60  # seconds of running after which earlier failures are forgotten
BEAT = 0.05  # seconds between two looks

Say = Callable[[str], None]


class Program(Protocol):
    """What can be kept running: a `Child` or the embedded PostgreSQL."""

    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def poll(self) -> int | None: ...


@dataclass
class Ward:
    """A program in the supervisor's care, and when it may be started again."""

    label: str  # Polish, for the terminal
    program: Program
    failures: int = 0
    started: float = 0.0  # time.monotonic()
    due: float | None = None

    def start(self) -> None:
        self.program.start()
        self.started = time.monotonic()
        self.due = None

    def tend(self, say: Say) -> None:
        """Notice that it ended, or start it again when its delay is over."""
        now = time.monotonic()
        if self.due is not None:
            if now >= self.due:
                self.start_again(say)
        elif (status := self.program.poll()) is not None:
            if now - self.started > SETTLED:
                self.failures = 0
            self.postpone()
            log.warning("child_ended", child=self.label, status=status)
            say(f"! {self.label}: nieoczekiwany koniec ({status}), uruchamiam ponownie")

    def start_again(self, say: Say) -> None:
        try:
            self.start()
        except UserFixable as error:
            say(f"! {self.label}: {error}")
            self.postpone()

    def postpone(self) -> None:
        delay = DELAYS[min(self.failures, len(DELAYS) - 1)]
        self.failures += 1
        self.due = time.monotonic() + delay


@dataclass
class Errand(Ward):
    """A program with an end: started again where it failed, let go once it has succeeded."""

    done: bool = False

    def tend(self, say: Say) -> None:
        self.done = self.done or (self.due is None and self.program.poll() == 0)
        if not self.done:
            super().tend(say)


class Supervisor:
    """Keeps its wards running until told to stop. Use it from the main thread only."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.wards: list[Ward] = []
        self.passing: Child | None = None  # runs once, with an end

    def keep(self, label: str, program: Program) -> Ward:
        """Start `program` now and again whenever it ends."""
        ward = Ward(label, program)
        self.wards.append(ward)
        ward.start()
        return ward

    def send(self, label: str, program: Program) -> Errand:
        """Start `program`, and again whenever it fails, until it has done its work."""
        errand = Errand(label, program)
        self.wards.append(errand)
        errand.start()
        return errand

    def run(self, child: Child) -> int:
        """Run `child` to its end, looking after the wards meanwhile; return its status."""
        self.passing = child
        child.start()
        self.tend_until(lambda: child.poll() is not None)
        self.passing = None
        return child.poll() or 0

    def tend(self) -> None:
        reap_orphans({program.pid for program in (*self.programs(), self.passing) if program})
        for ward in self.wards:
            ward.tend(self.say)

    def tend_until(self, condition: Callable[[], bool], *, seconds: int | None = None) -> bool:
        """Look after the wards until `condition`; False when `seconds` ran out first."""
        end = None if seconds is None else time.monotonic() + seconds
        while not condition():
            if end is not None and time.monotonic() >= end:
                return False
            self.tend()
            time.sleep(BEAT)
        return True

    def programs(self) -> list[Program]:
        return [ward.program for ward in self.wards]

    def stop(self, *, patience: int) -> None:
        """End every child, but no database: politely, after `patience` seconds by force."""
        children = [it for it in (*self.programs(), self.passing) if isinstance(it, Child)]
        for child in children:
            child.ask_to_stop()
        end = time.monotonic() + patience
        while any(child.poll() is None for child in children) and time.monotonic() < end:
            time.sleep(0.02)
        for child in children:
            child.kill()


def reap_orphans(ours: set[int | None]) -> None:
    """Bury the dead whom their own parent left to us (see `leash.adopt_orphans`)."""
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if found is None or found.si_pid in ours:
            return
        os.waitpid(found.si_pid, 0)
