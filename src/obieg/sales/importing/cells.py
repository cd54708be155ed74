"""What a cell of a table means: amounts, dates, marks and codes as people write them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from obieg.core.nip import clean_nip, is_nip
from obieg.fa.rates import RATES

Reader = Callable[[str], Any]

_BLANKS = re.compile(r"[\s ]")
_POLISH_DAY = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})")
_YES = frozenset({"tak", "t", "1", "x", "yes", "prawda"})
_NO = frozenset({"nie", "n", "0", "no", "fałsz", ""})
_METHODS = {
    "gotówka": "1",
    "karta": "2",
    "bon": "3",
    "czek": "4",
    "kredyt": "5",
    "przelew": "6",
    "mobilna": "7",
}
_RATE_WORDS = {
    "zwolnione": "zw",
    "oo": "oo",
    "0": "0 KR",
    "0kr": "0 KR",
    "0wdt": "0 WDT",
    "wdt": "0 WDT",
    "0ex": "0 EX",
    "eksport": "0 EX",
    "np": "np I",
    "npi": "np I",
    "npii": "np II",
}


class CellError(ValueError):
    """The cell cannot be read; the text says in Polish what is expected."""


def text(cell: str) -> str:
    return cell


def amount(cell: str) -> Decimal:
    """`1 234,56` or `1234.56`."""
    plain = _BLANKS.sub("", cell).removesuffix("zł").replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise CellError(f"„{cell}” to nie liczba; wpisz np. 1234,56") from None
    if not value.is_finite():
        raise CellError(f"„{cell}” to nie liczba; wpisz np. 1234,56")
    return value


def percent(cell: str) -> Decimal:
    return amount(cell.replace("%", ""))


def day(cell: str) -> date:
    """`2026-11-21` or `21.11.2026`."""
    polish = _POLISH_DAY.fullmatch(cell)
    try:
        if polish:
            return date(int(polish[3]), int(polish[2]), int(polish[1]))
        return date.fromisoformat(cell[:10])
    except ValueError:
        raise CellError(f"„{cell}” to nie data; wpisz np. 2026-11-21 albo 21.11.2026") from None


def mark(cell: str) -> bool:
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(f"„{cell}”: wpisz tak albo nie")


def nip(cell: str) -> str:
    number = clean_nip(cell)
    if not is_nip(number):
        raise CellError(f"„{cell}” to nie jest poprawny NIP (10 cyfr z cyfrą kontrolną)")
    return number


def rate(cell: str) -> str:
    """A code of P_12; `23%`, `zwolnione`, `np` and the like are understood."""
    word = _BLANKS.sub("", cell).removesuffix("%")
    if word in RATES:
        return word
    if (code := _RATE_WORDS.get(word.casefold())) is not None:
        return code
    if (code := next((r for r in RATES if r.casefold() == cell.casefold()), None)) is not None:
        return code
    raise CellError(f"nieznana stawka „{cell}”; dozwolone: {', '.join(RATES)}")


def one_of(**codes: str) -> Reader:
    """A reader of a few Polish words; `_` stands for a blank in the word."""
    known = {word.replace("_", " "): code for word, code in codes.items()}

    def read(cell: str) -> str:
        word = cell.casefold()
        if word in known:
            return known[word]
        if cell in known.values():
            return cell
        raise CellError(f"„{cell}”: dozwolone: {', '.join(known)}")

    return read


method = one_of(**_METHODS)
prices = one_of(netto="net", brutto="gross")
