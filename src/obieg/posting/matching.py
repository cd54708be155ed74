"""Which rules speak about an amount."""

from collections.abc import Iterable, Iterator

from obieg.posting.chart import Chart
from obieg.posting.models import Rule
from obieg.posting.suggestion import Case, Part


def matching(rules: Iterable[Rule], chart: Chart, case: Case, part: Part) -> Iterator[Rule]:
    """The rules that fit `part`, in their order.

    An office's rule for an account that the client's chart lacks says nothing about the client.
    """
    text = part.description.casefold()
    for rule in rules:
        if rule.direction != case.direction or rule.account not in chart.accounts:
            continue
        if rule.seller_nip in ("", case.partner) and rule.text.casefold() in text:
            yield rule


def is_default(rule: Rule) -> bool:
    """Whether the rule fits every amount of its direction."""
    return not rule.seller_nip and not rule.text
