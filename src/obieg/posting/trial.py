"""Trying a rule on past documents before it is saved: what it would have matched, and how well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.chart import Chart
from obieg.posting.conditions import matches
from obieg.posting.documents import cases_of
from obieg.posting.engine import chart_of
from obieg.posting.lines import LineInput, decision_of
from obieg.posting.models import Dekret, DekretLine, Rule
from obieg.posting.states import WAITING, DekretState
from obieg.posting.suggestion import Case, Part, Treatment

PAST = 2000  # documents, the newest: more would make the operator wait
QUEUED = 500
LOT = 250
POSTED = (DekretState.APPROVED, DekretState.EXPORTED)


class Difference(NamedTuple):
    """A line that the rule would have posted otherwise than somebody decided."""

    description: str
    decided: Treatment
    by_rule: Treatment


@dataclass(frozen=True, slots=True)
class Verdict:
    """One document that the rule fits; without differences it was posted just so."""

    dekret: Dekret
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Trial:
    """What the rule would have done."""

    looked_at: int = 0  # past documents
    verdicts: list[Verdict] = field(default_factory=list)
    waiting: int = 0  # documents of the queue that it would propose for

    @property
    def matched(self) -> int:
        return len(self.verdicts)

    @property
    def same(self) -> int:
        return sum(not verdict.differences for verdict in self.verdicts)

    @property
    def differing(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.differences]

    @property
    def is_capped(self) -> bool:
        """Whether there are older documents that were not looked at."""
        return self.looked_at == PAST


def try_rule(rule: Rule, *, operator: Operator) -> Trial:
    """Play `rule`, stored or not, over the newest posted documents that `operator` may see."""
    trial = Trial()
    charts: dict[int, Chart] = {}
    for lot in _lots(_past(rule, operator), PAST):
        trial.looked_at += len(lot)
        decided = _lines_of(lot)
        for dekret, case in _read(lot):
            chart = _chart(dekret.client, charts)
            if rule.account in chart.accounts:
                trial.verdicts += _judged(rule, chart, dekret, case, decided.get(dekret.pk, []))
    for lot in _lots(_queued(rule, operator), QUEUED):
        trial.waiting += sum(
            any(matches(rule, case, part) for part in case.parts) for _, case in _read(lot)
        )
    return trial


def _judged(
    rule: Rule, chart: Chart, dekret: Dekret, case: Case, lines: Sequence[LineInput]
) -> Iterator[Verdict]:
    fitting = [part for part in case.parts if matches(rule, case, part)]
    if not fitting:
        return
    decided = dict(decision_of(case, lines))
    differences = (_difference(rule, chart, case, part, decided.get(part)) for part in fitting)
    yield Verdict(dekret, tuple(found for found in differences if found))


def _difference(
    rule: Rule, chart: Chart, case: Case, part: Part, decided: Treatment | None
) -> Difference | None:
    by_rule = chart.completed(Treatment.of(rule), case.direction, part.rate)
    if decided is None or decided == by_rule:
        return None
    return Difference(part.description, decided, by_rule)


def _past(rule: Rule, operator: Operator) -> ScopedQuerySet[Dekret]:
    return _documents(rule, operator).filter(state__in=POSTED).order_by("-pk")


def _queued(rule: Rule, operator: Operator) -> ScopedQuerySet[Dekret]:
    return _documents(rule, operator).filter(state__in=WAITING).order_by("pk")


def _documents(rule: Rule, operator: Operator) -> ScopedQuerySet[Dekret]:
    """Those that the conditions kept in columns allow; the others are read from the XML."""
    found = Dekret.objects.visible_to(operator).filter(direction=rule.direction)
    if rule.client_id is not None:
        found = found.filter(client=rule.client_id)
    if rule.seller_nip:
        party = "seller" if rule.direction == "purchase" else "buyer"
        found = found.filter(**{f"invoice__{party}_nip": rule.seller_nip})
    if rule.kind:
        found = found.filter(invoice__kind=rule.kind)
    if rule.valid_from:
        found = found.filter(invoice__issue_date__gte=rule.valid_from)
    if rule.valid_to:
        found = found.filter(invoice__issue_date__lte=rule.valid_to)
    return found.select_related("client", "invoice")


def _lots(found: ScopedQuerySet[Dekret], most: int) -> Iterator[list[Dekret]]:
    rows = list(found[:most])
    return (rows[start : start + LOT] for start in range(0, len(rows), LOT))


def _read(lot: Sequence[Dekret]) -> Iterator[tuple[Dekret, Case]]:
    cases = cases_of(lot)
    return ((dekret, cases[dekret.pk]) for dekret in lot)


def _lines_of(lot: Sequence[Dekret]) -> Mapping[int, list[LineInput]]:
    """The decided lines by dekret; whoever passes the dekrets has checked who asks."""
    found: dict[int, list[LineInput]] = {}
    lines = DekretLine.objects.across_clients().filter(dekret__in=lot)
    for line in lines.order_by("dekret", "position"):
        found.setdefault(line.dekret_id, []).append(LineInput.of(line))
    return found


def _chart(client: Client, known: dict[int, Chart]) -> Chart:
    if client.pk not in known:
        known[client.pk] = chart_of(client)
    return known[client.pk]
