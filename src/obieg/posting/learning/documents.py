"""A document as the engine keeps it: plain data from which everything else follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from obieg.fa.model import Invoice, Line
from obieg.posting.suggestion import Case, Part

DEAR = Decimal(10_000)  # a fixed asset above this may not be written off at once (CIT 16d)
MOST_LINES = 60  # that are learned of one document: a hundred alike teach no more
CODES = ("gtin", "pkwiu", "cn", "gtu", "index")

Name = tuple[str, str, date]  # partner, number and date of issue
Fact = tuple[int | None, str, str]  # NrWierszaFa or none for all lines, key, value


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says."""

    numbers: tuple[int, ...]  # NrWierszaFa
    text: str
    rate: str  # P_12
    unit: str
    is_dear: bool  # one piece costs as much as a fixed asset
    codes: tuple[str, ...]  # as `gtin|5901234123457`


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, as far as the engine reads it."""

    client: int
    direction: str
    partner: str  # tax id
    partner_name: str
    number: str
    issued_on: date
    currency: str
    corrected: tuple[str, ...]  # numbers of the documents that it corrects
    facts: tuple[Fact, ...]
    lines: tuple[Said, ...]

    @classmethod
    def of(cls, case: Case, parts: Sequence[Part]) -> "Document":
        """The document of `case` with these parts."""
        invoice = case.invoice
        other = invoice.seller if invoice.seller.tax_id == case.partner else invoice.buyer
        correction = invoice.correction
        rows = {row.number: row for row in invoice.lines}
        return cls(
            client=case.client_id,
            direction=case.direction,
            partner=case.partner,
            partner_name=other.name,
            number=invoice.number,
            issued_on=invoice.issue_date,
            currency=invoice.currency,
            corrected=tuple(one.number for one in (correction.corrected if correction else ())),
            facts=tuple(_facts(invoice)),
            lines=tuple(_said(part, rows) for part in parts),
        )

    @property
    def name(self) -> Name:
        """What tells it from the client's other documents."""
        return self.partner, self.number, self.issued_on

    def to_json(self) -> list[Any]:
        """Without the client and the direction."""
        return [
            *(self.partner, self.partner_name, self.number, self.issued_on.isoformat()),
            *(self.currency, self.corrected, self.facts),
            [
                [said.numbers, said.text, said.rate, said.unit, int(said.is_dear), said.codes]
                for said in self.lines
            ],
        ]

    @classmethod
    def from_json(cls, client: int, direction: str, stored: list[Any]) -> "Document":
        """What `to_json` gave."""
        partner, name, number, issued_on, currency, corrected, facts, lines = stored
        return cls(
            *(client, direction, partner, name, number, date.fromisoformat(issued_on), currency),
            tuple(corrected),
            tuple((line, key, value) for line, key, value in facts),
            tuple(
                Said(tuple(numbers), text, rate, unit, bool(is_dear), tuple(codes))
                for numbers, text, rate, unit, is_dear, codes in lines
            ),
        )


def _said(part: Part, rows: Mapping[int, Line]) -> Said:
    row = next((rows[number] for number in part.source_lines if number in rows), Line())
    codes = ((name, getattr(row, name)) for name in CODES)
    return Said(
        numbers=part.source_lines,
        text=part.description,
        rate=part.rate,
        unit=row.unit,
        is_dear=abs(part.net) >= DEAR * abs(row.quantity or Decimal(1)),
        codes=tuple(f"{name}|{code}" for name, code in codes if code),
    )


def _facts(invoice: Invoice) -> Iterator[Fact]:
    terms = invoice.terms
    for fact in invoice.extra:
        yield fact.line_number, fact.key, fact.value
    for contract in terms.contracts:
        yield None, "umowa", contract.number
    for order in terms.orders:
        yield None, "zamowienie", order.number
    for third in invoice.third_parties:
        yield None, "strona", third.name
    for number in invoice.warehouse_documents:
        yield None, "wz", number
