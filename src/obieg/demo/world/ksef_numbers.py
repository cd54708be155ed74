"""KSeF numbers of documents that no KSeF holds: right in form and check sum."""

from datetime import date
from random import Random

from obieg.core.ksef_number import crc8


def invented_ksef_number(random: Random, nip: str, day: date) -> str:
    """A number as KSeF would have given it on `day`."""
    body = f"{nip}-{day:%Y%m%d}-{random.randrange(16**12):012X}"
    return f"{body}-{crc8(body.encode()):02X}"
