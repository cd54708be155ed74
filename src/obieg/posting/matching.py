"""Which rule speaks about an amount."""

from collections.abc import Iterable

from obieg.posting.chart import Chart
from obieg.posting.conditions import matches
from obieg.posting.models import Rule
from obieg.posting.suggestion import Case, Part


class Matching:
    """Rules in the order in which they speak, for one client.

    An office's rule for an account that the client's chart lacks says nothing about the client.
    """

    def __init__(self, rules: Iterable[Rule], chart: Chart) -> None:
        # most rules differ by text and seller: these are looked at first, as they are cheapest
        self._rules = [
            (rule.text.casefold(), rule.seller_nip, rule)
            for rule in rules
            if rule.account in chart.accounts
        ]

    def first(self, case: Case, part: Part) -> Rule | None:
        """The first rule that fits `part`."""
        text = part.description.casefold()
        for wanted, seller, rule in self._rules:
            if wanted in text and seller in ("", case.partner) and matches(rule, case, part):
                return rule
        return None
