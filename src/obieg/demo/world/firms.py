"""A firm as an invoice names it, and the draw of invented ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from obieg.core.nip import check_digit
from obieg.demo.world.names import STREETS, TOWNS

INVENTED_PREFIX = "999"  # no tax office ever gave numbers that begin so
INVENTED_BANK = "99990001"
_STEP = 7_919  # a prime: walks the six free digits without repeating one


@dataclass(frozen=True, slots=True)
class Firm:
    """A party of an invoice; `country` other than PL has `vat_ue` in the place of a NIP."""

    nip: str
    name: str
    street: str
    town: str
    email: str = ""
    account: str = ""  # 26 digits, NRB
    country: str = "PL"
    vat_ue: str = ""


def nips(first: int) -> Iterator[str]:
    """Invented NIPs with right check digits, each once; disjoint for `first` 200,000 apart."""
    for index in count(first):
        nine = f"{INVENTED_PREFIX}{index * _STEP % 1_000_000:06d}"
        if (digit := check_digit(nine)) is not None:
            yield f"{nine}{digit}"


def account_number(random: Random) -> str:
    """An NRB of an invented bank with right check digits (ISO 7064, modulo 97)."""
    body = f"{INVENTED_BANK}{random.randrange(10**16):016d}"
    return f"{98 - int(f'{body}252100') % 97:02d}{body}"


def draw_firm(random: Random, nip: str, name: str, *, email: bool = True) -> Firm:
    """A Polish firm of that name at an invented address."""
    town = random.choice(TOWNS)
    return Firm(
        nip=nip,
        name=name,
        street=f"ul. {random.choice(STREETS)} {random.randint(1, 190)}",
        town=f"{random.randint(10, 99)}-{random.randint(100, 999)} {town}",
        email=f"faktury@{nip}.example" if email else "",
        account=account_number(random),
    )
