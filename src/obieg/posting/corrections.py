"""Corrections follow their originals: linked both ways, proposed as the original was posted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from obieg.inbox.models import Direction, Invoice
from obieg.inbox.signals import Arrival
from obieg.office.models import Client
from obieg.posting.copying import update_in
from obieg.posting.documents import cases_of
from obieg.posting.lines import LineInput, decision_of
from obieg.posting.models import Dekret, DekretLine, Link
from obieg.posting.moves import advance_all
from obieg.posting.pairing import link
from obieg.posting.proposing import case_of, lines_proposed, state_of
from obieg.posting.states import WAITING, DekretState
from obieg.posting.suggestion import (
    Case,
    Decision,
    Part,
    Proposal,
    ProposedLine,
    Suggestion,
    Treatment,
    Weight,
)

AS_POSTED = 97  # per cent: the original was approved by a person
_SIGNS = re.compile(r"[\W\d_]+")
POSTED = (DekretState.APPROVED, DekretState.EXPORTED)


@dataclass(slots=True)
class Original:
    """What is known of a corrected document's posting: by row and rate, and by text."""

    number: str
    confidence: int
    period: date | None  # the month in which it was posted; None where it was not
    by_row: dict[tuple[int, str], Treatment] = field(default_factory=dict)
    by_text: dict[str, Treatment] = field(default_factory=dict)

    def treatment_of(self, part: Part) -> Treatment | None:
        """How the original posted what `part` corrects; None where it does not say."""
        for number in part.source_lines:
            if found := self.by_row.get((number, part.rate)):
                return found
        if found := self.by_text.get(_bare(part.description)):
            return found
        treatments = set(self.by_row.values()) | set(self.by_text.values())
        return treatments.pop() if len(treatments) == 1 else None

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """Every part as the original; call it where `covers` says that it can."""
        reason = f"Korekta: jak faktura {self.number}, którą poprawia."
        return [
            Suggestion(self.treatment_of(part) or Treatment(), self.confidence, reason)
            for part in case.parts
        ]

    def learn(self, case: Case, decision: Decision, weight: Weight = 1) -> None:
        """There is nothing to learn: the next correction has its own original."""

    def covers(self, case: Case) -> bool:
        """Whether every part of `case` has something to follow."""
        return all(self.treatment_of(part) for part in case.parts)


def _bare(description: str) -> str:
    """A row's text without what changes between a document and its correction."""
    return " ".join(_SIGNS.sub(" ", description.casefold()).split())


def link_originals(client: Client, arrivals: Sequence[Arrival]) -> None:
    """Link corrections with the documents that they correct, and propose their posting anew."""
    correcting = {one.invoice_id: one for one in arrivals if one.invoice.correction}
    if not correcting:
        return
    pairs = list(_found(client, correcting))
    if not pairs:
        return
    link(client, Link.Kind.CORRECTION, pairs)
    originals: dict[int, int] = {}
    for later, earlier in pairs:
        originals.setdefault(later, earlier)
    _propose(client, originals, correcting)


def _found(client: Client, correcting: Mapping[int, Arrival]) -> Iterator[tuple[int, int]]:
    """Each correction with its original: by the KSeF number, else by the seller and the number."""
    named = [
        (key, one.direction, one.invoice.seller.tax_id, corrected)
        for key, one in correcting.items()
        if one.invoice.correction
        for corrected in one.invoice.correction.corrected
    ]
    numbers = {corrected.number for *_, corrected in named if corrected.number}
    ksef = {corrected.ksef_number for *_, corrected in named if corrected.ksef_number}
    rows = Invoice.objects.of_client(client).filter(
        Q(ksef_number__in=ksef) | Q(number__in=numbers) & Q(seller_nip__in={n[2] for n in named})
    )
    by_ksef: dict[str, int] = {}
    by_number: dict[tuple[str, str, str], int] = {}
    columns = ("pk", "ksef_number", "direction", "seller_nip", "number")
    for key, number_in_ksef, direction, seller, number in rows.order_by("pk").values_list(*columns):
        by_ksef[number_in_ksef] = key
        by_number[direction, seller, number] = key
    for key, direction, seller, corrected in named:
        other = by_ksef.get(corrected.ksef_number) or by_number.get(
            (direction, seller, corrected.number)
        )
        if other and other != key:
            yield key, other


def _propose(client: Client, originals: Mapping[int, int], arrived: Mapping[int, Arrival]) -> None:
    """Give the waiting corrections the proposal that their originals suggest."""
    known = _originals(client, set(originals.values()))
    followed: list[tuple[Dekret, DekretState, dict[str, object]]] = []
    for dekret in Dekret.objects.of_client(client).filter(invoice__in=originals):
        original = known.get(originals[dekret.invoice_id])
        case = case_of(client.pk, dekret.direction, arrived[dekret.invoice_id].invoice)
        if original and original.covers(case):
            proposal = Proposal(lines_proposed(case, original))
            fields = {
                "proposal": proposal.to_json(),
                "confidence": proposal.confidence,
                "reason": proposal.reason,
                "period": _period(case, original),
            }
            followed.append((dekret, state_of(proposal), fields))
    _store(followed)


def _period(case: Case, original: Original) -> date | None:
    """The original's month where the seller's correction works there (TypKorekty 1, art. 29a(17)).

    None leaves the usual one: of issue for a sale, of receipt for a purchase.
    """
    correction = case.invoice.correction
    is_back = case.direction == Direction.SALE and correction and correction.effect == "1"
    return original.period if is_back else None


def _store(followed: Sequence[tuple[Dekret, DekretState, dict[str, object]]]) -> None:
    """Those that change their queue by its door, the others as they are: few statements."""
    for queue in WAITING:
        moved = [(dekret, new) for dekret, to, new in followed if to == queue != dekret.state]
        changes = {dekret.pk: new for dekret, new in moved}
        kept = {dekret.pk: new for dekret, to, new in followed if to == queue == dekret.state}
        advance_all([one for one, _ in moved], queue, actor=None, kind="propose", changes=changes)
        update_in(Dekret, kept)


def _originals(client: Client, invoice_ids: set[int]) -> dict[int, Original]:
    """The postings of the corrected documents, decided or else proposed, by invoice."""
    dekrets = list(
        Dekret.objects.of_client(client)
        .filter(invoice__in=invoice_ids)
        .exclude(state=DekretState.REJECTED)
        .select_related("invoice")
    )
    cases = cases_of(dekrets)
    decided: dict[int, list[LineInput]] = {}
    for line in DekretLine.objects.of_client(client).filter(dekret__in=dekrets):
        decided.setdefault(line.dekret_id, []).append(LineInput.of(line))
    found = {}
    for dekret in dekrets:
        lines = decided.get(dekret.pk) or _proposed(dekret)
        is_posted = dekret.state in POSTED
        original = Original(
            dekret.invoice.number,
            AS_POSTED if is_posted else min(dekret.confidence, AS_POSTED),
            dekret.period if is_posted else None,
        )
        for part, treatment in decision_of(cases[dekret.pk], lines):
            for number in part.source_lines:
                original.by_row[number, part.rate] = treatment
            original.by_text[_bare(part.description)] = treatment
        if original.by_text and all(treatment.account for treatment in original.by_text.values()):
            found[dekret.invoice_id] = original
    return found


def _proposed(dekret: Dekret) -> list[LineInput]:
    return [LineInput.of(ProposedLine.from_dict(stored)) for stored in dekret.proposal]
