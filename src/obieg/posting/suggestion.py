"""The one interface of suggestions: what an engine is asked, what it answers, what it learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol, Self

from obieg.fa.model import Invoice

Weight = Literal[1, -1]
SURE_ENOUGH = 60  # per cent: below, a person classifies the document by hand


class Treatment(NamedTuple):
    """How an amount is posted: the fields of `models.Posting`."""

    account: str = ""
    vat_register: str = ""
    deductible_percent: int = 100
    kpir_column: int | None = None
    cost_centre: str = ""
    project: str = ""

    @classmethod
    def of(cls, source: object) -> Self:
        """The treatment that a line, a rule or a precedent has in fields of these names."""
        return cls(*(getattr(source, name) for name in TREATMENT_FIELDS))

    def to_dict(self) -> dict[str, Any]:
        return dict(zip(TREATMENT_FIELDS, self, strict=True))

    def changed(self, **changes: Any) -> Self:
        """The same with some fields changed."""
        return type(self)(**{**self.to_dict(), **changes})


TREATMENT_FIELDS = tuple(Treatment.__annotations__)


class Part(NamedTuple):
    """An amount of a document that is posted as one: usually a row, in the invoice's currency."""

    source_lines: tuple[int, ...]  # NrWierszaFa; empty where the amount is a sum of the document
    description: str
    rate: str  # P_12
    net: Decimal
    vat: Decimal
    is_sum: bool = False  # a sum of the document, because its rows do not say how it is divided


@dataclass(frozen=True, slots=True)
class Case:
    """A document as an engine sees it."""

    client_id: int
    direction: str  # inbox.models.Direction
    partner: str  # tax id of the other party: a purchase's seller, a sale's buyer
    parts: tuple[Part, ...]
    invoice: Invoice


class Share(NamedTuple):
    """How much of an amount is posted in one way; the shares of an amount add up to 1."""

    treatment: Treatment
    net: Decimal
    vat: Decimal


Shares = tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The answer for one part; an empty account says `I do not know`."""

    treatment: Treatment
    confidence: int  # per cent
    reason: str  # Polish
    shares: Shares = ()  # where the part is to be divided


Decision = Sequence[tuple[Part, Treatment]]
"""What was decided about a case: its parts, each with the treatment that it got."""


class Suggester(Protocol):
    """An engine that proposes."""

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """One suggestion for each part of `case`, in order."""


class LearningSuggester(Suggester, Protocol):
    """An engine that learns, too."""

    def learn(self, case: Case, decision: Decision, weight: Weight = 1) -> None:
        """Take a decision in, or with weight -1 take it back."""


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """One line of a proposed dekret: parts of one rate that are posted the same way."""

    position: int  # from 1
    source_lines: tuple[int, ...]
    description: str
    vat_rate: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    account: str
    vat_register: str
    deductible_percent: int
    kpir_column: int | None
    cost_centre: str
    project: str
    confidence: int  # per cent
    reason: str  # Polish

    @property
    def treatment(self) -> Treatment:
        return Treatment.of(self)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: amounts as strings."""
        stored = {name: getattr(self, name) for name in self.__dataclass_fields__}
        amounts = {name: str(stored[name]) for name in _AMOUNTS}
        return {**stored, **amounts, "source_lines": list(self.source_lines)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        amounts = {name: Decimal(stored[name]) for name in _AMOUNTS}
        return cls(**{**stored, **amounts, "source_lines": tuple(stored["source_lines"])})


_AMOUNTS = ("net", "vat", "gross")


NOTHING_KNOWN = "Brak propozycji."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed dekret."""

    lines: tuple[ProposedLine, ...]
    warnings: tuple[str, ...] = ()  # codes of `attention`

    @property
    def confidence(self) -> int:
        """Of the weakest line, per cent."""
        return min((line.confidence for line in self.lines), default=0)

    @property
    def reason(self) -> str:
        """Of the weakest line, in Polish."""
        weakest = min(self.lines, key=lambda line: line.confidence, default=None)
        return weakest.reason if weakest else NOTHING_KNOWN

    @property
    def is_sure(self) -> bool:
        """Whether an operator only has to look at it: every line has an account, and proof."""
        return bool(self.lines) and all(
            line.account and line.confidence >= SURE_ENOUGH for line in self.lines
        )

    def to_json(self) -> list[dict[str, Any]]:
        """The lines, for storing."""
        return [line.to_dict() for line in self.lines]
