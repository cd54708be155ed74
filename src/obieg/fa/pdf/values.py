"""How a value of the view is printed: words for codes, accounts in groups of four."""

from obieg.fa.pdf.words import Words
from obieg.fa.view import Value

# Codes that say nothing to a buyer: their meaning is printed in their stead.
_BARE = frozenset(
    {
        *("FormaPlatnosci", "Rola", "RolaPU", "TypKorekty", "StatusInfoPodatnika"),
        *("ZnacznikZaplatyCzesciowej", "RachunekWlasnyBanku", "RodzajTransportu", "OpisLadunku"),
    }
)
_ACCOUNT = 26  # digits of a Polish account


def element_of(value: Value | None) -> str:
    """The element that a value was read from: `P_11`; empty for a computed one."""
    return value.path.rpartition("/")[2].partition("[")[0] if value else ""


def item_text(value: Value, words: Words) -> str:
    """A value that stands beside its label."""
    if element_of(value) in _BARE:
        return words.value(value.text.partition(" – ")[2] or value.text)
    return _text(value, words)


def cell_text(cell: Value | None, words: Words) -> str:
    """A value in a table; empty for None."""
    if cell is None:
        return ""
    if element_of(cell) in _BARE and cell.hint:
        return words.value(cell.hint)
    return _text(cell, words)


def _text(value: Value, words: Words) -> str:
    if element_of(value) == "NrRB":
        return _grouped(value.text)
    ours = not value.path or value.text in ("tak", "nie")
    return words.value(value.text) if ours else value.text.replace("\t", " ")


def _grouped(account: str) -> str:
    """`PL 61 1090 1014 …`, as banks print it; anything else as it is."""
    country = account[:2] if account[:2].isalpha() else ""
    digits = account.removeprefix(country)
    if len(digits) != _ACCOUNT or not digits.isdigit():
        return account
    groups = (digits[n : n + 4] for n in range(2, _ACCOUNT, 4))
    return " ".join((f"{country}{digits[:2]}", *groups))
