"""What lists of documents have in common: their order, their words, how far they count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from obieg.core.errors import UserFixable
from obieg.core.ksef_number import is_ksef_number
from obieg.office.scope import ScopedQuerySet

PAGE = 50
COUNT_LIMIT = 1000  # an exact count of a filtered million costs more than the page


class PageGone(UserFixable):
    """The address of a list names a place from which it cannot be continued."""

    code = "inbox.page_gone"
    message_pl = "Adres strony listy jest niepoprawny. Otwórz listę od początku."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A selection in an order: a key of SORTS, with a minus for descending."""

    SORTS: ClassVar[Mapping[str, str]]  # as the address names it -> the field
    order: str = "-data"

    @property
    def field(self) -> str:
        return self.SORTS[self.order.removeprefix("-")]

    @property
    def is_descending(self) -> bool:
        return self.order.startswith("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A page of a list; `next` continues it where there is more."""

    next: str
    count: int

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_LIMIT


def with_words(rows: ScopedQuerySet[Any], words: Iterable[str]) -> ScopedQuerySet[Any]:
    """The documents in which every word stands; a whole KSeF number is looked up as such."""
    for word in words:
        if is_ksef_number(word.upper()):
            rows = rows.filter(ksef_number=word.upper())
        else:
            rows = rows.filter(search__contains=word.casefold())
    return rows
