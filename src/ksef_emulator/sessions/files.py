"""Rules about an invoice's file, before anybody looks at its sense."""

import re

BOM = b"\xef\xbb\xbf"
ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
INSTRUCTION = re.compile(rb"<\?(?!xml\s)")
COMMENT = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
# ksef-docs, faktury/weryfikacja-faktury.md: characters that XML 1.0 discourages
DISCOURAGED = re.compile(
    "[\x7f-\x84\x86-\x9f\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)


def file_problem(content: bytes) -> str | None:
    """What is wrong with the bytes as a file, if anything."""
    if content.startswith(BOM):
        return "Plik nie może zawierać znacznika BOM."
    declared = ENCODING.match(content)
    if declared and declared[1].lower() != b"utf-8":
        return "Plik musi być zakodowany w UTF-8."
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "Plik musi być zakodowany w UTF-8."
    if b"<?" in content[1:] and INSTRUCTION.search(COMMENT.sub(b"", content)):
        return "Plik nie może zawierać instrukcji przetwarzania XML."
    if not text.isascii() and DISCOURAGED.search(text):
        return "Plik zawiera niezalecane znaki Unicode."
    return "Plik zawiera niezalecane znaki Unicode." if "\x7f" in text else None
