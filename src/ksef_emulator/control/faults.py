"""Misbehaviour on command: rules that say which request goes wrong, how and how often."""

import random
import re
import threading
from dataclasses import dataclass

from pydantic import Field, field_validator

from ksef_emulator.wire import Choice, Model


class FaultKind(Choice):
    """What may go wrong."""

    LATENCY = "latency"  # answer after `milliseconds`
    STATUS = "status"  # answer `status` without doing anything
    CUT_BEFORE = "cut_before"  # drop the connection, nothing is done
    CUT_AFTER = "cut_after"  # do it, then drop the connection without an answer
    CUT_MIDWAY = "cut_midway"  # do it, send half of the body, drop the connection
    CORRUPT = "corrupt_part"  # change one byte of the body


class Match(Model):
    """Which requests a rule concerns; an absent field matches everything."""

    method: str | None = None
    path: str | None = None  # a regular expression, searched in the path
    nip: str | None = None  # of the context

    @field_validator("path")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            re.compile(value)
        return value

    def fits(self, method: str, path: str, nip: str | None) -> bool:
        """Whether a request is meant."""
        return (
            self.method in {None, method}
            and (self.path is None or re.search(self.path, path) is not None)
            and self.nip in {None, nip and nip[:10]}
        )


class FaultRule(Model):
    """A fault for `times` matching requests, after the first `after` of them."""

    match: Match = Match()
    fault: FaultKind
    times: int | None = Field(default=1, ge=1)  # None: for ever
    after: int = Field(default=0, ge=0)
    status: int = Field(default=500, ge=400, le=599)
    retry_after: int | None = None
    milliseconds: int = Field(default=1000, ge=0)
    probability: int = Field(default=100, ge=1, le=100)  # per cent, drawn under the seed


@dataclass
class _Armed:
    rule: FaultRule
    seen: int = 0
    fired: int = 0


class Faults:
    """The rules in force, tried in the order in which they were given."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)  # noqa: S311  # misbehaviour, not secrets
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def add(self, rule: FaultRule) -> None:
        """Put a rule in force."""
        with self._lock:
            self._armed.append(_Armed(rule))

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._armed.clear()

    def strike(self, method: str, path: str, nip: str | None) -> FaultRule | None:
        """The rule that spoils this request, if any; counts it."""
        with self._lock:
            for armed in self._armed:
                if armed.rule.match.fits(method, path, nip) and self._due(armed):
                    return armed.rule
        return None

    def _due(self, armed: _Armed) -> bool:
        armed.seen += 1
        rule = armed.rule
        if armed.seen <= rule.after or (rule.times is not None and armed.fired >= rule.times):
            return False
        if self._random.randrange(100) >= rule.probability:
            return False
        armed.fired += 1
        return True
