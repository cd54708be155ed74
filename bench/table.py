"""Results of the benches, each against a floor, a peer of the same run or an aim."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

COLUMNS = ("miara", "wynik", "odniesienie", "stosunek", "cel", "")


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `ratio` is `value` against `floor`; `met` whether the aim was reached."""

    name: str
    value: str
    floor: str
    ratio: str
    aim: str
    met: bool


def at_most(
    name: str, value: float, limit: float, *, unit: str, floor: float | None = None
) -> Result:
    """A figure that should not exceed `limit`; with a floor, its ratio should not."""
    ratio = value / floor if floor else value / limit
    return Result(
        name=name,
        value=f"{value:,.1f} {unit}",
        floor=f"{floor:,.1f} {unit}" if floor else "",
        ratio=f"{ratio:.2f}" if floor else "",
        aim=f"≤ {limit:g} ×" if floor else f"≤ {limit:g} {unit}",
        met=ratio <= (limit if floor else 1),
    )


def at_least(name: str, value: float, limit: float, *, unit: str) -> Result:
    """A figure that should reach `limit`."""
    return Result(name, f"{value:,.1f} {unit}", "", "", f"≥ {limit:g} {unit}", value >= limit)


def print_table(results: Iterable[Result]) -> None:
    """The results in columns as wide as they need."""
    rows = [COLUMNS] + [
        (r.name, r.value, r.floor, r.ratio, r.aim, "tak" if r.met else "NIE") for r in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for row in rows:
        cells = [
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def as_json(results: Iterable[Result]) -> str:
    return json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2)
