"""The signs of a line: everything about it that may tell how it is posted."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from obieg.fa.model import Invoice, Line
from obieg.posting.learning.copying import codes_in
from obieg.posting.learning.vocabulary import kinds_in
from obieg.posting.learning.wording import Wording, fold, wording
from obieg.posting.suggestion import Case, Part

Key = tuple[str, str]  # kind of sign, and what it says
DEAR = Decimal(10_000)  # a fixed asset above this may not be written off at once (CIT 16d)
GRAM = 4


@dataclass(frozen=True, slots=True)
class Signs:
    """The keys under which a line's decision is remembered, and is looked for."""

    single: Mapping[str, str]  # one key a kind
    many: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[str, ...]]  # looked for only: the original of a correction
    codes: Mapping[str, str]  # that can be copied, by form
    size: float


def signs_of(case: Case, parts: Sequence[Part] | None = None) -> list[Signs]:
    """The signs of each part of `case`, in order."""
    lines = {line.number: line for line in case.invoice.lines}
    about = _About(case)
    return [
        about.signs(part, next((lines[n] for n in part.source_lines if n in lines), Line()))
        for part in (case.parts if parts is None else parts)
    ]


class _About:
    """What all lines of a document share."""

    def __init__(self, case: Case) -> None:
        invoice = case.invoice
        other = invoice.seller if invoice.seller.tax_id == case.partner else invoice.buyer
        self.invoice = invoice
        self.partner = case.partner or fold(other.name)
        self.name = wording(other.name)
        self.facts = _facts(invoice)
        self.corrected = [
            one.number for one in (invoice.correction.corrected if invoice.correction else ())
        ]

    def signs(self, part: Part, line: Line) -> Signs:
        said = wording(part.description)
        who, whole = self.partner, said.whole
        facts = [
            (fold(key), wording(value), value)
            for number, key, value in self.facts
            if number is None or number in part.source_lines
        ]
        names = list(said.names)
        places = list(said.places)
        plates = list(said.plates)
        for _, value, _ in facts:
            names += value.names
            places += value.places
            plates += value.plates
        unit = fold(line.unit).strip(".")
        quantity = line.quantity or Decimal(1)
        price = abs(part.net / quantity) if quantity else abs(part.net)
        head = said.stems[0] if said.stems else ""
        kinds = kinds_in(said.stems)
        trade = " ".join(kinds_in(self.name.stems))
        kind = " ".join(kinds)
        ids = " ".join(dict.fromkeys(names))
        single = {
            "kind": kind,
            "seller_kind": f"{who}|{kind}" if kind else "",
            "trade": trade,
            "trade_kind": f"{trade}|{kind}" if trade and kind else "",
            "kind_rate": f"{kind}|{unit}|{part.rate}" if kind else "",
            "same_ids": f"{who}|{whole}|{ids}",
            "seller_ids": f"{who}|{ids}" if ids else "",
            "start_ids": f"{' '.join(said.stems[:2])}|{ids}" if ids else "",
            "same": f"{who}|{whole}",
            "same_rate": f"{who}|{whole}|{part.rate}",
            "same_size": f"{who}|{whole}|{_size(part.net)}",
            "seller": who,
            "seller_head": f"{who}|{head}",
            "seller_rate": f"{who}|{part.rate}|{unit}",
            "seller_size": f"{who}|{_size(part.net)}",
            "text": whole,
            "start": " ".join(said.stems[:2]),
            "unit_rate": f"{unit}|{part.rate}",
            "dear": f"{price >= DEAR}|{part.rate}",
            "plated": f"{bool(plates)}|{part.rate}",
            "seller_plated": f"{who}|{bool(plates)}|{head}",
            "currency": f"{self.invoice.currency}|{part.rate}",
            "document": f"{who}|{self.invoice.number}|{whole}",
            "any_line": f"{who}|{self.invoice.number}",
        }
        stems = tuple(dict.fromkeys(said.stems))
        many = {
            "word": stems,
            "seller_word": tuple(f"{who}|{stem}" for stem in stems),
            "pair": tuple(f"{a} {b}" for a, b in zip(said.stems, said.stems[1:], strict=False)),
            "gram": _grams(said),
            "kinds": kinds,
            "trades": kinds_in(self.name.stems),
            "kind_id": tuple(f"{kind}|{one}" for one in dict.fromkeys(names)) if kind else (),
            "plate": tuple(dict.fromkeys(plates)),
            "kind_plate": tuple(f"{k}|{one}" for one in dict.fromkeys(plates) for k in kinds),
            "name": tuple(dict.fromkeys(self.name.stems)),
            "id": tuple(dict.fromkeys(names)),
            "head_id": tuple(f"{head}|{one}" for one in dict.fromkeys(names)),
            "place": tuple(dict.fromkeys(places)),
            "fact": tuple(f"{key}={value.whole or fold(raw)}" for key, value, raw in facts),
            "seller_fact": tuple(
                f"{who}|{key}={value.whole or fold(raw)}" for key, value, raw in facts
            ),
            "fact_key": tuple(key for key, _, _ in facts) or ("",),
            "code": tuple(
                f"{k}{v}"
                for k in ("gtin", "pkwiu", "cn", "gtu", "index")
                if (v := getattr(line, k))
            ),
        }
        asked = {
            "document": tuple(f"{who}|{number}|{whole}" for number in self.corrected),
            "any_line": tuple(f"{who}|{number}" for number in self.corrected),
        }
        codes = codes_in([part.description, *(raw for _, _, raw in facts)])
        return Signs(single, many, asked, codes, math.log10(abs(part.net) + 1))


def _facts(invoice: Invoice) -> Sequence[tuple[int | None, str, str]]:
    terms = invoice.terms
    return [
        *((fact.line_number, fact.key, fact.value) for fact in invoice.extra),
        *((None, "umowa", contract.number) for contract in terms.contracts),
        *((None, "zamowienie", order.number) for order in terms.orders),
        *((None, "strona", third.name) for third in invoice.third_parties),
        *((None, "wz", number) for number in invoice.warehouse_documents),
    ]


def _grams(said: Wording) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for stem in said.stems:
        word = f"^{stem}"
        for start in range(max(len(word) - GRAM + 1, 1)):
            found[word[start : start + GRAM]] = None
    return tuple(found)


def _size(amount: Decimal) -> int:
    return 0 if not amount else int(2 * math.log10(abs(amount) + 1)) * (1 if amount > 0 else -1)
