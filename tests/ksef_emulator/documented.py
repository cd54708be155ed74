"""What the specification documents: exception codes of operations, statuses of what they start."""

import re
from typing import Any

from tests.ksef_emulator.specification import PATH, document, operations

CODE = re.compile(r"^\s*\|\s*(\d{4,5})\s*\|", re.MULTILINE)
STATUS = re.compile(r"^\s*\|\s*(\d{3})\s*\|", re.MULTILINE)


def exception_codes() -> list[tuple[str, str, int]]:
    """Every (method, path, exception code) of the tables under the operations' answers."""
    if not PATH.is_file():
        return []
    return sorted(
        {
            (method, path, int(code))
            for (method, path), operation in operations().items()
            for response in operation["responses"].values()
            for code in CODE.findall(response["description"])
        }
    )


def statuses() -> list[tuple[str, int]]:
    """Every (schema, status code) of the tables under the schemas' properties."""
    if not PATH.is_file():
        return []
    return sorted(
        {
            (name, int(code))
            for name, schema in document()["components"]["schemas"].items()
            for text in _descriptions(schema)
            for code in STATUS.findall(text)
        }
    )


def _descriptions(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for entry in node for text in _descriptions(entry)]
    if not isinstance(node, dict):
        return []
    own = [node["description"]] if isinstance(node.get("description"), str) else []
    return own + [text for entry in node.values() for text in _descriptions(entry)]
