"""The KSeF number: NIP of the seller, day of acceptance, 12 hexadecimal digits, CRC-8.

Source: CIRFMF/ksef-docs, faktury/numer-ksef.md. Numbers of KSeF 2.0 have 35 characters; those of
KSeF 1.0 have 36, with a hyphen inside the technical part.
"""

import re

PATTERN = re.compile(r"\d{10}-\d{8}-(?:[0-9A-F]{12}|[0-9A-F]{6}-[0-9A-F]{6})-[0-9A-F]{2}")
POLYNOMIAL = 0x07


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial 0x07, initial value 0."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ POLYNOMIAL if crc & 0x80 else crc << 1) & 0xFF
    return crc


def is_ksef_number(text: str) -> bool:
    """Whether `text` has the form of a KSeF number and a right check sum."""
    if not PATTERN.fullmatch(text):
        return False
    body, check = text[:-3], text[-2:]
    return f"{crc8(body.encode()):02X}" == check
