"""How a value stands in the text of an element: one codec for each type of the model."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from obieg.core.polish import WARSAW

_XML_SPACE = " \t\n\r"
_RUNS = re.compile(r"[ \t\n\r]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Codec:
    """`read` takes an element's text and raises ValueError; `write` is its inverse.

    `expected` names the type in Polish, for the error.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    expected: str


def read_token(text: str) -> str:
    """xsd:token: the ends stripped, inner runs of white space collapsed; a hard space stays."""
    text = text.strip(_XML_SPACE)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:
        return _RUNS.sub(" ", text)
    return text


def read_decimal(text: str) -> Decimal:
    """A decimal exactly as written; no exponent, no infinity, no separators."""
    text = text.strip(_XML_SPACE)
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def read_integer(text: str) -> int:
    text = text.strip(_XML_SPACE)
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def read_date(text: str) -> date:
    """A day written 2026-11-21, and no other way."""
    text = text.strip(_XML_SPACE)
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(text)
    return date.fromisoformat(text)


def read_moment(text: str) -> datetime:
    """An aware moment; one without an offset is Warsaw's."""
    moment = datetime.fromisoformat(text.strip(_XML_SPACE))
    return moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)


def write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_mark(text: str) -> bool:
    """TWybor1: the element is there and holds 1."""
    if read_integer(text) != 1:
        raise ValueError(text)
    return True


def read_choice(text: str) -> bool:
    """TWybor1_2: 1 is yes, 2 is no."""
    number = read_integer(text)
    if number not in (1, 2):
        raise ValueError(text)
    return number == 1


TOKEN = Codec(read_token, str, "tekst")
RAW_TEXT = Codec(str, str, "tekst")
AMOUNT = Codec(read_decimal, lambda number: format(number, "f"), "liczba")
INTEGER = Codec(read_integer, str, "liczba całkowita")
DAY = Codec(read_date, date.isoformat, "data RRRR-MM-DD")
MOMENT = Codec(read_moment, write_moment, "data i godzina")
MARK = Codec(read_mark, lambda _: "1", "1")
CHOICE = Codec(read_choice, lambda yes: "1" if yes else "2", "1 albo 2")
