"""Which rules speak about an amount."""

from collections.abc import Iterable, Iterator

from obieg.posting.chart import Chart
from obieg.posting.conditions import matches
from obieg.posting.models import Rule
from obieg.posting.suggestion import Case, Part


def matching(rules: Iterable[Rule], chart: Chart, case: Case, part: Part) -> Iterator[Rule]:
    """The rules that fit `part`, in their order.

    An office's rule for an account that the client's chart lacks says nothing about the client.
    """
    return (rule for rule in rules if rule.account in chart.accounts and matches(rule, case, part))
