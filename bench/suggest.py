"""Suggestions: the first of a new process, the next ones, and what learning adds to an approval."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.ingest import ingest
from bench.package import seal
from bench.table import Result, at_least, at_most
from bench.world import Bench, documents, found_bench
from obieg.posting.approval import proposed_lines
from obieg.posting.decisions import approve
from obieg.posting.documents import cases_of
from obieg.posting.engine import suggester_for
from obieg.posting.lines import LineInput
from obieg.posting.models import Account, Dekret, Rule
from obieg.posting.office_memory import MEMORY
from obieg.posting.states import WAITING

DECIDED = 300
ASKED = 200
PACKAGE = 2_000
AIM_COLD = 1_000  # ms
AIM_WARM = 5  # ms a document
AIM_APPROVAL = 100  # ms
AIM_RATE = 150  # invoices a second, where everything must be asked of the memory


def run(scratch: Path) -> list[Result]:
    """A client without rules: whatever is proposed comes from its decisions."""
    bench = found_bench()
    Rule.objects.across_clients().filter(direction="purchase").update(active=False)
    invoices = documents(bench.firm, DECIDED + ASKED)
    ingest(bench, seal(invoices, scratch), scratch)
    approvals = [timed(lambda one=one: decide(bench, one)) for one in waiting(bench, DECIDED)]
    asked = list(cases_of(waiting(bench, ASKED)).values())
    MEMORY.forget_all()
    cold = timed(lambda: suggester_for(bench.client, "purchase").suggest(asked[0]))
    suggester = suggester_for(bench.client, "purchase")
    warm = [timed(lambda case=case: suggester.suggest(case)) for case in asked]
    package = seal(documents(bench.firm, PACKAGE), scratch)
    taken = ingest(bench, package, scratch)
    Rule.objects.across_clients().filter(direction="purchase").update(active=True)
    return [
        at_most(f"pierwsza propozycja po {DECIDED} decyzjach", cold, AIM_COLD, unit="ms"),
        at_most("następna propozycja", sum(warm) / len(warm), AIM_WARM, unit="ms"),
        at_most("zatwierdzenie jednego", median(approvals), AIM_APPROVAL, unit="ms"),
        at_least("przyjęcie bez reguł", PACKAGE / taken, AIM_RATE, unit="faktur/s"),
    ]


def waiting(bench: Bench, count: int) -> Sequence[Dekret]:
    """Purchases that nobody has decided about, the oldest first."""
    rows = Dekret.objects.of_client(bench.client).filter(state__in=WAITING, direction="purchase")
    return list(rows.select_related("client", "invoice").order_by("pk")[:count])


def decide(bench: Bench, dekret: Dekret) -> None:
    """Approve with accounts that follow from the first letters of the text."""
    dekret.refresh_from_db(from_queryset=Dekret.objects.of_client(bench.client))
    lines = [with_account(bench, line) for line in proposed_lines(dekret)]
    approve(dekret, lines, operator=bench.operator)


def with_account(bench: Bench, line: LineInput) -> LineInput:
    """The line with an account, if it has none yet."""
    accounts = Account.objects.of_client(bench.client).filter(number__startswith="40")
    numbers = sorted(accounts.values_list("number", flat=True))
    letter = ord(line.description[0])
    return line if line.account else replace(line, account=numbers[letter % len(numbers)])


def timed(act: Callable[[], object]) -> float:
    """Milliseconds that it takes."""
    started = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - started)
