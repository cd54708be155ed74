"""The signs of a line: everything about it that may tell how it is posted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from obieg.posting.learning.copying import codes_in
from obieg.posting.learning.documents import Document, Said
from obieg.posting.learning.vocabulary import kinds_in
from obieg.posting.learning.wording import fold, wording

Key = tuple[str, str]  # kind of sign, and what it says


@dataclass(frozen=True, slots=True)
class Signs:
    """The keys under which a line's decision is remembered, and is looked for."""

    single: Mapping[str, str]  # one key a kind; empty where the line says nothing of that kind
    many: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[str, ...]]  # looked for only: the original of a correction
    codes: Mapping[str, str]  # that can be copied, by form


def signs_of(document: Document) -> tuple[Signs, ...]:
    """The signs of each line, in order."""
    shared = _Shared(document)
    return tuple(_signs(_Line(shared, said)) for said in document.lines)


class _Shared:
    """What all lines of a document share."""

    def __init__(self, document: Document) -> None:
        self.partner = document.partner or fold(document.partner_name)
        self.name = wording(document.partner_name)
        self.trades = kinds_in(self.name.words)
        self.facts = document.facts
        self.number = document.number
        self.currency = document.currency
        self.corrected = document.corrected


class _Line:
    """What a line says, its own row's and the document's facts included."""

    def __init__(self, document: _Shared, said: Said) -> None:
        self.document = document
        self.row = said
        self.said = wording(said.text)
        self.kinds = kinds_in(self.said.words)
        self.facts = [
            (fold(key), value)
            for number, key, value in document.facts
            if number is None or number in said.numbers
        ]
        heard = [self.said, *(wording(value) for _, value in self.facts)]
        self.names = _once(name for one in heard for name in one.names)
        self.plates = _once(plate for one in heard for plate in one.plates)
        self.places = _once(place for one in heard for place in one.places)


def _signs(line: _Line) -> Signs:
    document, whole = line.document, line.said.whole
    asked = {
        "document": tuple(f"{document.partner}|{one}|{whole}" for one in document.corrected),
        "any_line": tuple(f"{document.partner}|{one}" for one in document.corrected),
    }
    codes = codes_in([line.row.text, *(value for _, value in line.facts)])
    return Signs({**_of_partner(line), **_of_line(line)}, _several(line), asked, codes)


def _of_partner(line: _Line) -> dict[str, str]:
    """Signs that hold at one partner only."""
    who, whole, rate = line.document.partner, line.said.whole, line.row.rate
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
    rate, unit = line.row.rate, fold(line.row.unit).strip(".")
    kind, trade = " ".join(line.kinds), " ".join(line.document.trades)
    return {
        "text": line.said.whole,
        "start": " ".join(line.said.stems[:2]),
        "kind": kind,
        "kind_rate": f"{kind}|{unit}|{rate}" if kind else "",
        "trade": trade,
        "trade_kind": f"{trade}|{kind}" if trade and kind else "",
        "unit_rate": f"{unit}|{rate}",
        "dear": f"{line.row.is_dear}|{rate}",
        "plated": f"{bool(line.plates)}|{rate}",
        "currency": f"{line.document.currency}|{rate}",
    }


def _several(line: _Line) -> dict[str, tuple[str, ...]]:
    """Kinds of signs of which a line may have several."""
    who, stems, kind = line.document.partner, line.said.stems, " ".join(line.kinds)
    facts = [f"{key}={wording(value).whole or fold(value)}" for key, value in line.facts]
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
        "code": line.row.codes,
    }


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
