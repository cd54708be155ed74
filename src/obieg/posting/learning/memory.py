"""A client's decided lines, found by any of their signs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from obieg.posting.learning.signs import Key, Signs
from obieg.posting.suggestion import Shares, Treatment

NOTHING: "dict[Row, None]" = {}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A decided line: what it taught."""

    number: str  # of the document
    issued_on: date
    treatment: Treatment
    copied: dict[str, str]  # field -> form of the code that was copied from the document
    forms: frozenset[str]  # of the codes in the document
    keys: tuple[Key, ...] = field(repr=False)
    shares: Shares = ()


class Memory:
    """The decided lines of one client, newest last; adding and taking out are exact opposites."""

    def __init__(self) -> None:
        self._rows: dict[Key, dict[Row, None]] = {}
        self.size = 0

    def add(self, row: Row) -> None:
        """Remember a line under all its signs."""
        self.size += 1
        for key in row.keys:
            self._rows.setdefault(key, {})[row] = None

    def remove(self, row: Row) -> None:
        """Forget it, as if it had never been."""
        self.size -= 1
        for key in row.keys:
            rows = self._rows[key]
            del rows[row]
            if not rows:
                del self._rows[key]

    def newest(self, kind: str, name: str) -> Iterator[Row]:
        """The lines that have this sign, newest first."""
        return reversed(self._rows.get((kind, name), NOTHING))


def keys_of(signs: Signs, account: str, rate: str) -> Iterable[Key]:
    """Under which keys a line posted to `account` is remembered."""
    yield from signs.single.items()
    for kind, names in signs.many.items():
        for name in names:
            yield kind, name
    yield "all", ""
    yield "account", account
    yield "account_rate", f"{account}|{rate}"
    yield "account_plated", f"{account}|{signs.single['plated']}"
