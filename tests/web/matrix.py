"""Who may do what, as docs/security.md says it: the tests hold the product to the document."""

import re
from pathlib import Path

from obieg.office.rights import OfficeRole, Right

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/security.md"
EVERYBODY, LOGGED_IN = "everybody", "logged in"

_SECTION = re.compile(
    r"^### `(?P<name>[^`]+)`.*?\n(?P<body>.*?)(?=^#{2,3} |\Z)", re.MULTILINE | re.DOTALL
)
_NAME = re.compile(r"`([^`]+)`")


def _named_sections() -> dict[str, list[str]]:
    """The names between backticks under every heading that is a name itself."""
    text = DOCUMENT.read_text()
    return {found["name"]: _NAME.findall(found["body"]) for found in _SECTION.finditer(text)}


SECTIONS = _named_sections()


def _rights_of_roles() -> dict[OfficeRole, frozenset[Right]]:
    """The table whose columns are roles and whose rows are rights."""
    lines = DOCUMENT.read_text().splitlines()
    heading = next(line for line in lines if line.startswith("| right |"))
    roles = [OfficeRole(name) for name in _NAME.findall(heading)]
    held: dict[OfficeRole, set[Right]] = {role: set() for role in roles}
    for line in lines[lines.index(heading) + 2 :]:
        if not line.startswith("|"):
            break
        name, *marks = (cell.strip() for cell in line.strip("|").split("|"))
        for role, mark in zip(roles, marks, strict=True):
            if mark == "✓":
                held[role].add(Right(_NAME.findall(name)[0]))
    return {role: frozenset(rights) for role, rights in held.items()}


RIGHTS_OF_ROLE = _rights_of_roles()

# An address with a method behind it (`clients-chart POST`) is that method's alone.
RIGHT_OF: dict[str, Right | str] = {
    name: (Right(section) if section in Right.values else section)
    for section in (*Right.values, EVERYBODY, LOGGED_IN)
    for name in SECTIONS.get(section, ())
}
FRESH = frozenset(SECTIONS.get("fresh", ()))
SECOND_FACTOR = frozenset(SECTIONS.get("second factor", ()))
API = {
    name: Right(section.removeprefix("api "))
    for section, names in SECTIONS.items()
    if section.startswith("api ")
    for name in names
}


def may(role: OfficeRole, name: str) -> bool:
    """Whether the document lets `role` call the address `name`."""
    right = RIGHT_OF[name]
    return not isinstance(right, Right) or right in RIGHTS_OF_ROLE[role]
