"""The signs of a line: everything about it that may tell how it is posted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from obieg.fa.model import Invoice, Line
from obieg.posting.learning.copying import codes_in
from obieg.posting.learning.vocabulary import kinds_in
from obieg.posting.learning.wording import fold, wording
from obieg.posting.suggestion import Case, Part

Key = tuple[str, str]  # kind of sign, and what it says
DEAR = Decimal(10_000)  # a fixed asset above this may not be written off at once (CIT 16d)
_CODES = ("gtin", "pkwiu", "cn", "gtu", "index")


@dataclass(frozen=True, slots=True)
class Signs:
    """The keys under which a line's decision is remembered, and is looked for."""

    single: Mapping[str, str]  # one key a kind; empty where the line says nothing of that kind
    many: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[str, ...]]  # looked for only: the original of a correction
    codes: Mapping[str, str]  # that can be copied, by form


def signs_of(case: Case, parts: Sequence[Part] | None = None) -> list[Signs]:
    """The signs of each part, in order; of the case's parts if none are given."""
    document = _Document(case)
    lines = {line.number: line for line in case.invoice.lines}
    return [
        _signs(_Line(document, part, _row_of(part, lines)))
        for part in (case.parts if parts is None else parts)
    ]


def _row_of(part: Part, lines: Mapping[int, Line]) -> Line:
    return next((lines[number] for number in part.source_lines if number in lines), Line())


class _Document:
    """What all lines of a document share."""

    def __init__(self, case: Case) -> None:
        invoice = case.invoice
        other = invoice.seller if invoice.seller.tax_id == case.partner else invoice.buyer
        self.partner = case.partner or fold(other.name)
        self.name = wording(other.name)
        self.trades = kinds_in(self.name.words)
        self.facts = _facts(invoice)
        self.number = invoice.number
        self.currency = invoice.currency
        self.corrected = tuple(
            one.number for one in (invoice.correction.corrected if invoice.correction else ())
        )


class _Line:
    """What a line says, its own row's and the document's facts included."""

    def __init__(self, document: _Document, part: Part, row: Line) -> None:
        self.document = document
        self.part = part
        self.row = row
        self.said = wording(part.description)
        self.kinds = kinds_in(self.said.words)
        self.facts = [
            (fold(key), value)
            for number, key, value in document.facts
            if number is None or number in part.source_lines
        ]
        heard = [self.said, *(wording(value) for _, value in self.facts)]
        self.names = _once(name for one in heard for name in one.names)
        self.plates = _once(plate for one in heard for plate in one.plates)
        self.places = _once(place for one in heard for place in one.places)

    @property
    def is_dear(self) -> bool:
        """Whether one piece costs as much as a fixed asset."""
        return abs(self.part.net) >= DEAR * abs(self.row.quantity or Decimal(1))


def _signs(line: _Line) -> Signs:
    document, whole = line.document, line.said.whole
    asked = {
        "document": tuple(f"{document.partner}|{one}|{whole}" for one in document.corrected),
        "any_line": tuple(f"{document.partner}|{one}" for one in document.corrected),
    }
    codes = codes_in([line.part.description, *(value for _, value in line.facts)])
    return Signs({**_of_partner(line), **_of_line(line)}, _several(line), asked, codes)


def _of_partner(line: _Line) -> dict[str, str]:
    """Signs that hold at one partner only."""
    who, whole, rate = line.document.partner, line.said.whole, line.part.rate
    head, kind, names = line.said.head, " ".join(line.kinds), " ".join(line.names)
    return {
        "seller": who,
        "same": f"{who}|{whole}",
        "same_rate": f"{who}|{whole}|{rate}",
        "same_ids": f"{who}|{whole}|{names}",
        "seller_head": f"{who}|{head}",
        "seller_rate": f"{who}|{rate}|{fold(line.row.unit).strip('.')}",
        "seller_ids": f"{who}|{names}" if names else "",
        "seller_kind": f"{who}|{kind}" if kind else "",
        "seller_plated": f"{who}|{bool(line.plates)}|{head}",
        "document": f"{who}|{line.document.number}|{whole}",
        "any_line": f"{who}|{line.document.number}",
    }


def _of_line(line: _Line) -> dict[str, str]:
    """Signs that hold whoever the partner is."""
    rate, unit = line.part.rate, fold(line.row.unit).strip(".")
    kind, trade = " ".join(line.kinds), " ".join(line.document.trades)
    return {
        "text": line.said.whole,
        "start": " ".join(line.said.stems[:2]),
        "kind": kind,
        "kind_rate": f"{kind}|{unit}|{rate}" if kind else "",
        "trade": trade,
        "trade_kind": f"{trade}|{kind}" if trade and kind else "",
        "unit_rate": f"{unit}|{rate}",
        "dear": f"{line.is_dear}|{rate}",
        "plated": f"{bool(line.plates)}|{rate}",
        "currency": f"{line.document.currency}|{rate}",
    }


def _several(line: _Line) -> dict[str, tuple[str, ...]]:
    """Kinds of signs of which a line may have several."""
    who, stems, kind = line.document.partner, line.said.stems, " ".join(line.kinds)
    facts = [f"{key}={wording(value).whole or fold(value)}" for key, value in line.facts]
    codes = ((name, getattr(line.row, name)) for name in _CODES)
    return {
        "word": _once(stems),
        "seller_word": _once(f"{who}|{stem}" for stem in stems),
        "pair": _once(f"{a} {b}" for a, b in pairwise(stems)),
        "name": _once(line.document.name.stems),
        "kinds": line.kinds,
        "trades": line.document.trades,
        "id": line.names,
        "plate": line.plates,
        "place": line.places,
        "kind_id": tuple(f"{kind}|{name}" for name in line.names) if kind else (),
        "kind_plate": tuple(f"{one}|{plate}" for plate in line.plates for one in line.kinds),
        "fact": _once(facts),
        "seller_fact": _once(f"{who}|{fact}" for fact in facts),
        "fact_key": _once(key for key, _ in line.facts) or ("",),
        "code": tuple(f"{name}|{code}" for name, code in codes if code),
    }


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _facts(invoice: Invoice) -> Sequence[tuple[int | None, str, str]]:
    terms = invoice.terms
    return [
        *((fact.line_number, fact.key, fact.value) for fact in invoice.extra),
        *((None, "umowa", contract.number) for contract in terms.contracts),
        *((None, "zamowienie", order.number) for order in terms.orders),
        *((None, "strona", third.name) for third in invoice.third_parties),
        *((None, "wz", number) for number in invoice.warehouse_documents),
    ]
