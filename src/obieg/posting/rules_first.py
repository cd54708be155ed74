"""The engine of the product: rules say what they fit, the office's memory all the rest."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from obieg.posting.chart import Chart
from obieg.posting.learning.reading import Answer
from obieg.posting.learning.reasons import UNKNOWN
from obieg.posting.matching import Matching
from obieg.posting.models import Rule
from obieg.posting.suggestion import SURE_ENOUGH, Case, Part, Share, Suggestion, Treatment

CLIENT_RULE, OFFICE_RULE, DEFAULT_RULE = 99, 95, 80  # per cent
SEEN_BEFORE = 2  # newness of a line that the client decided already, of the same partner
NOT_IN_CHART = "Nie wiem: konta {account}, używanego dotąd, nie ma już w planie kont."

NOT_IN_FORCE = "Używanego dotąd nie ma na dzień {day:%d.%m.%Y}: {said}. Wybierz inne albo żadne."
NAMES = {"cost_centre": "MPK", "project": "projekt"}


class Remembers(Protocol):
    """Who knows what was decided."""

    def answers(self, case: Case) -> Sequence[Answer]:
        """One answer for each part of `case`, in order."""


class RulesFirst:
    """A `Suggester` for one client and one direction.

    The client's rule decides. Then what the client decided about the very same line, then the
    office's rule, then what is known of similar lines, at last a rule that fits everything.
    """

    def __init__(self, chart: Chart, rules: Sequence[Rule], memory: Remembers) -> None:
        self._chart = chart
        self._rules = Matching(rules, chart)
        self._memory = memory

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """One suggestion for each part of `case`."""
        return [self._in_force(found, case) for found in self._suggestions(case)]

    def _suggestions(self, case: Case) -> Sequence[Suggestion]:
        ruled = [self._rules.first(case, part) for part in case.parts]
        if all(rule and _is_own(rule) for rule in ruled):
            return [
                self._by_rule(rule, case, part)
                for rule, part in zip(ruled, case.parts, strict=True)
                if rule
            ]
        return [
            self._suggestion(case, *known)
            for known in zip(case.parts, ruled, self._memory.answers(case), strict=True)
        ]

    def _suggestion(self, case: Case, part: Part, rule: Rule | None, answer: Answer) -> Suggestion:
        known = self._remembered(case, part, answer)
        if rule is None:
            return known
        ruled = self._by_rule(rule, case, part)
        if _is_own(rule):
            return ruled
        if rule.is_default:
            return max(ruled, known, key=lambda one: one.confidence)
        decided = answer.newness == SEEN_BEFORE and known.confidence >= SURE_ENOUGH
        return known if decided else ruled

    def _in_force(self, found: Suggestion, case: Case) -> Suggestion:
        """Without a cost centre or project that ended: a person chooses what came in its place."""
        day = case.invoice.issue_date
        used = (found.treatment, *(share.treatment for share in found.shares))
        ended = {
            getattr(one, name): name for one in used for name in self._chart.outdated(one, day)
        }
        if not ended:
            return found
        shares = tuple(
            Share(self._without_ended(share.treatment, day), share.net, share.vat)
            for share in found.shares
        )
        said = ", ".join(f"{NAMES[name]} „{code}”" for code, name in ended.items())
        reason = f"{found.reason} {NOT_IN_FORCE.format(said=said, day=day)}"
        confidence = min(found.confidence, SURE_ENOUGH - 1)
        return Suggestion(self._without_ended(found.treatment, day), confidence, reason, shares)

    def _without_ended(self, treatment: Treatment, day: date) -> Treatment:
        return treatment.changed(**dict.fromkeys(self._chart.outdated(treatment, day), ""))

    def _remembered(self, case: Case, part: Part, answer: Answer) -> Suggestion:
        account = answer.treatment.account
        if account and account in self._chart.accounts:
            accounts = {share.treatment.account for share in answer.shares}
            shares = answer.shares if accounts <= self._chart.accounts.keys() else ()
            confidence = int(100 * answer.confidence)
            return Suggestion(answer.treatment, confidence, answer.reason, shares)
        reason = NOT_IN_CHART.format(account=account) if account else UNKNOWN
        return Suggestion(self._chart.usual(case.direction, part.rate), 0, reason)

    def _by_rule(self, rule: Rule, case: Case, part: Part) -> Suggestion:
        treatment = self._chart.completed(Treatment.of(rule), case.direction, part.rate)
        if rule.is_default:
            return Suggestion(treatment, DEFAULT_RULE, f"Reguła domyślna „{rule.name}”.")
        if rule.client_id is None:
            return Suggestion(treatment, OFFICE_RULE, f"Reguła biura „{rule.name}”.")
        return Suggestion(treatment, CLIENT_RULE, f"Reguła klienta „{rule.name}”.")


def _is_own(rule: Rule) -> bool:
    return rule.client_id is not None and not rule.is_default
