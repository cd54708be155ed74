"""What KSeF asks of the bytes (faktury/weryfikacja-faktury.md of 9 April 2026)."""

import re
from collections.abc import Iterator

from obieg.fa.finding import Finding, error

MAX_PLAIN = 1_000_000
_BOM = b"\xef\xbb\xbf"
_ATTACHMENT = re.compile(rb"<(?:[\w.-]+:)?Zalacznik[\s>/]")
_INSTRUCTION = re.compile(rb"<\?(?!xml[\s?])")
_DISCOURAGED = re.compile(
    "[\x7f-\x84\x86-\x9f\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}-{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
    )
    + "]"
)


def check_bytes(xml: bytes) -> Iterator[Finding]:
    """The order of bytes, processing instructions, discouraged characters, the size."""
    if xml.startswith(_BOM):
        yield error("fa.check.bom", "", "Plik zaczyna się znakiem BOM. Zapisz go w UTF-8 bez BOM.")
    if _INSTRUCTION.search(xml):
        yield error("fa.check.instruction", "", "Plik zawiera instrukcję przetwarzania XML.")
    if len(xml) > MAX_PLAIN and not _ATTACHMENT.search(xml):
        text = f"Plik ma {len(xml)} bajtów; faktura bez załącznika może mieć {MAX_PLAIN}."
        yield error("fa.check.size", "", text)
    found = _DISCOURAGED.search(xml.decode("utf-8", errors="replace"))
    if found:
        code = f"U+{ord(found[0]):04X}"
        before = found.string[max(0, found.start() - 20) : found.start()].rpartition(">")[2]
        text = f"Za „{before}” stoi niedozwolony znak {code}. Usuń go."
        yield error("fa.check.characters", "", text)
