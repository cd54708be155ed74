"""A finding of a check: what is wrong, how badly, where, and what to do, in Polish."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR: KSeF would refuse it, or it is surely wrong. WARNING: a person should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is permanent; `place` is a path below the root, as `Fa/FaWiersz[2]/P_11`."""

    code: str
    severity: Severity
    place: str
    text: str


def error(code: str, place: str, text: str) -> Finding:
    return Finding(code, Severity.ERROR, place, text)


def warning(code: str, place: str, text: str) -> Finding:
    return Finding(code, Severity.WARNING, place, text)
