"""The first engine: rules of the client and of the office, and the client's own decisions."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from obieg.core.polish import plural
from obieg.inbox.models import Direction
from obieg.posting.chart import UNTAXED, Chart, untaxed
from obieg.posting.history import ANY, History, Place, Share, lessons, places_of
from obieg.posting.matching import is_default, matching
from obieg.posting.models import Rule
from obieg.posting.suggestion import Case, Decision, Part, Suggestion, Treatment, Weight

CLIENT_RULE, OFFICE_RULE, DEFAULT_RULE = 99, 95, 80  # per cent
UNKNOWN = "Brak reguły i wcześniejszych decyzji dla tej pozycji."
# How little the first decisions prove: with n of n decisions the same the confidence is
# n² / (n² + doubt). Found by playing a year of eight firms' decisions in order.
DOUBT_ROW = Decimal("0.2")
DOUBT_TEXT = Decimal("0.4")
DOUBT_PARTNER = DOUBT_ALL = Decimal("1.5")


class RulesAndHistory:
    """A `Suggester` for one client and one direction.

    A client's rule speaks first, then what was decided about such rows of that partner, then the
    office's rule; without these the surest of what is known elsewhere. Else it says so.
    """

    def __init__(self, chart: Chart, rules: Sequence[Rule], history: History) -> None:
        self._chart = chart
        self._rules = rules
        self._history = history

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """One suggestion for each part of `case`."""
        return [self._suggestion(case, part) for part in case.parts]

    def learn(self, case: Case, decision: Decision, weight: Weight = 1) -> None:
        """Count a decision, or take it back; `precedents` does the same for good."""
        for lesson in lessons(case, decision):
            self._history.add(lesson, weight)

    def _suggestion(self, case: Case, part: Part) -> Suggestion:
        rules = list(matching(self._rules, self._chart, case, part))
        places = list(places_of(case, part))
        row = [place for place in places if place.partner and place.text]
        strong = (
            *(self._by_rule(rule, case, part) for rule in rules if _is_own(rule)),
            *self._recalled(row, case, part),
            *(self._by_rule(rule, case, part) for rule in rules if rule.client_id is None),
        )
        if strong:
            return strong[0]
        weak = (
            *self._recalled([place for place in places if place not in row], case, part),
            *(self._by_rule(rule, case, part) for rule in rules if is_default(rule)),
        )
        return max(weak, key=lambda found: found.confidence, default=self._unknown(case, part))

    def _by_rule(self, rule: Rule, case: Case, part: Part) -> Suggestion:
        written = Treatment.of(rule)
        treatment = self._chart.completed(written, case.direction, part.rate)
        if is_default(rule):
            return Suggestion(treatment, DEFAULT_RULE, f"Reguła domyślna „{rule.name}”.")
        if rule.client_id is None:
            return Suggestion(treatment, OFFICE_RULE, f"Reguła biura „{rule.name}”.")
        return Suggestion(treatment, CLIENT_RULE, f"Reguła klienta „{rule.name}”.")

    def _recalled(self, places: Sequence[Place], case: Case, part: Part) -> Iterator[Suggestion]:
        """What the decisions of each place say, where there are any."""
        for place in places:
            if not (share := self._history.share(place)):
                continue
            treatment = share.treatment
            is_row = place.partner and place.text
            if part.rate in UNTAXED and case.direction == Direction.PURCHASE and not is_row:
                treatment = untaxed(treatment)
            yield Suggestion(treatment, confidence(place, share), _reason(place, share, case))

    def _unknown(self, case: Case, part: Part) -> Suggestion:
        return Suggestion(self._chart.usual(case.direction, part.rate), 0, UNKNOWN)


def confidence(place: Place, share: Share) -> int:
    """Per cent of the decisions that were the same, lowered where they are few."""
    if place.partner:
        doubt = DOUBT_ROW if place.text else DOUBT_PARTNER
    else:
        doubt = DOUBT_TEXT if place.text else DOUBT_ALL
    proof = share.total**2 / (share.total**2 + doubt)
    return int(100 * proof * share.count / share.total)


def _is_own(rule: Rule) -> bool:
    return rule.client_id is not None and not is_default(rule)


def _reason(place: Place, share: Share, case: Case) -> str:
    """As `12 z 12 faktur tego sprzedawcy na 401-01`."""
    sale = case.direction == Direction.SALE
    partner = "nabywcy" if sale else "sprzedawcy"
    # decisions count by document, unless the rows of one document were posted differently
    noun = plural(share.total, "faktury", "faktur", "faktur")
    if place.partner == ANY and place.text == ANY:
        whose = f"{noun} sprzedaży"
    elif place.partner == ANY:
        whose = f"{noun} z taką pozycją (inni {'nabywcy' if sale else 'sprzedawcy'})"
    elif place.text == ANY:
        if share.count < share.total:
            noun = plural(share.total, "księgowania", "księgowań", "księgowań")
        whose = f"{noun} tego {partner}"
    else:
        whose = f"{noun} tego {partner} z taką pozycją"
    return f"{share.count} z {share.total} {whose} na {share.treatment.account}."
