"""Polish as the screen writes it: plural forms, dates, sort order."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
_ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_SORT = str.maketrans({letter: chr(0x61 + index) for index, letter in enumerate(_ALPHABET)})


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form of a noun that goes with `count`: 1 faktura, 2 faktury, 5 faktur."""
    if count == 1:
        return one
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return few
    return many


def counted(count: int, one: str, few: str, many: str) -> str:
    """`count` with its noun: `47 faktur`."""
    return f"{count} {plural(count, one, few, many)}"


def sort_key(name: str) -> str:
    """A key that puts names in the Polish order under the database's C collation."""
    return name.casefold().translate(_SORT)


def format_date(day: date) -> str:
    """A day as the screen shows it: 21.11.2026."""
    return f"{day:%d.%m.%Y}"


def format_time(moment: datetime) -> str:
    """An aware moment in Warsaw's time: 21.11.2026 08:15."""
    return f"{moment.astimezone(WARSAW):%d.%m.%Y %H:%M}"


def today() -> date:
    """The day in Warsaw: the one that tax dates are counted from."""
    return datetime.now(WARSAW).date()


def file_size(size: int) -> str:
    """A number of bytes as people say it: 300 kB, 3,5 MB, 32 MB."""
    if size < 1_000_000:
        return f"{-(-size // 1000)} kB"
    tenths = -(-size // 100_000)
    whole, part = divmod(tenths, 10)
    return f"{whole},{part} MB" if part and whole < 10 else f"{-(-tenths // 10)} MB"
