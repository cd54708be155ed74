"""Between a flat form and a nested part of the content: names as `address__line1`."""

from collections.abc import Mapping
from typing import Any

Nested = dict[str, Any]


def flatten(part: Mapping[str, Any], before: str = "") -> Nested:
    """`{"address": {"line1": "a"}}` as `{"address__line1": "a"}`; lists stay as they are."""
    flat: Nested = {}
    for name, value in part.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{before}{name}__")
        else:
            flat[f"{before}{name}"] = value
    return flat


def nest(flat: Mapping[str, Any], onto: Nested | None = None) -> Nested:
    """The other way round, laid over `onto` (which is changed)."""
    part = {} if onto is None else onto
    for name, value in flat.items():
        *way, last = name.split("__")
        inner = part
        for step in way:
            if not isinstance(inner.get(step), dict):
                inner[step] = {}
            inner = inner[step]
        inner[last] = value
    return part
