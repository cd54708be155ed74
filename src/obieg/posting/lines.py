"""A line of a dekret as an operator decides it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, Self

from obieg.posting.models import DekretLine
from obieg.posting.parts import DIFFERENCE
from obieg.posting.suggestion import Case, Part, ProposedLine, Treatment


class Line(Protocol):
    """What a proposed, a typed and a stored line have in common; amounts in the currency."""

    @property
    def account(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def net(self) -> Decimal: ...
    @property
    def vat(self) -> Decimal: ...
    @property
    def deductible_percent(self) -> int: ...
    @property
    def cost_centre(self) -> str: ...
    @property
    def project(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """A line as typed; amounts in the invoice's currency, two decimals."""

    account: str
    net: Decimal
    vat: Decimal
    vat_rate: str = ""
    vat_register: str = ""
    deductible_percent: int = 100
    kpir_column: int | None = None  # None: the account's own, where it has one
    cost_centre: str = ""
    project: str = ""
    description: str = ""
    source_lines: tuple[int, ...] = ()

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def treatment(self) -> Treatment:
        return Treatment.of(self)

    @classmethod
    def of(cls, line: ProposedLine | DekretLine) -> Self:
        """A proposed or stored line, decided as it is."""
        known = {name: getattr(line, name) for name in cls.__dataclass_fields__}
        return cls(**{**known, "source_lines": tuple(line.source_lines)})

    def to_dict(self) -> dict[str, Any]:
        """For the trail: amounts as strings."""
        typed = {name: getattr(self, name) for name in self.__dataclass_fields__}
        amounts = {"net": str(self.net), "vat": str(self.vat)}
        return {**typed, **amounts, "source_lines": list(self.source_lines)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        amounts = {name: Decimal(stored[name]) for name in ("net", "vat")}
        return cls(**{**stored, **amounts, "source_lines": tuple(stored["source_lines"])})


class Treated(Protocol):
    """A line from which there is something to learn."""

    @property
    def source_lines(self) -> Iterable[int]: ...
    @property
    def vat_rate(self) -> str: ...
    @property
    def net(self) -> Decimal: ...
    @property
    def treatment(self) -> Treatment: ...


def decision_of(case: Case, lines: Iterable[Treated]) -> list[tuple[Part, Treatment]]:
    """What `lines` decided about the parts of `case`; parts that no line speaks of are left out."""
    return list(_decided(case, list(lines)))


def _decided(case: Case, lines: list[Treated]) -> Iterator[tuple[Part, Treatment]]:
    for part in case.parts:
        if part.description == DIFFERENCE and not part.source_lines:
            continue
        if line := _line_of(part, lines):
            yield part, line.treatment


def _line_of(part: Part, lines: list[Treated]) -> Treated | None:
    """The line that holds most of `part`: by its rows, else by its rate, else the only one."""
    numbers = set(part.source_lines)
    named = [line for line in lines if numbers.intersection(line.source_lines)]
    if not named:
        named = [line for line in lines if not line.source_lines and line.vat_rate == part.rate]
    named = [line for line in named if line.vat_rate == part.rate] or named
    if not named and len(lines) == 1:
        named = lines
    return max(named, key=lambda line: abs(line.net), default=None)
