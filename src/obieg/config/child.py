"""One program that runs under the supervisor, in a process group of its own."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from obieg.config.leash import leashed


class Child:
    """Runs `command` on a leash; what it says goes to `log`, or to the terminal when None."""

    def __init__(
        self, command: list[str], *, environment: dict[str, str], log: Path | None
    ) -> None:
        self.command = command
        self.environment = environment
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._group: int | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it; what an earlier run of it left in its group is killed first."""
        self.kill()
        command = leashed(self.command, signal=signal.SIGTERM)
        output = self.log.open("ab") if self.log else None
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **self.environment},
                process_group=0,
                umask=0o077,  # what it writes is people's data
            )
            self._group = self._process.pid
        finally:
            if output:
                output.close()

    def poll(self) -> int | None:
        """The exit status; None while it runs; 0 before it was started."""
        if self._process is None:
            return 0
        status = self._process.poll()
        if status is not None:
            self._end_group()
        return status

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and its whole group now."""
        self._end_group()
        if self._process:
            self._process.wait()

    def _end_group(self) -> None:
        """Kill whatever is left of the group, once: later its number may be somebody else's."""
        group, self._group = self._group, None
        if group is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
