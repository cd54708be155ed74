"""The queue at a million invoices: the page, the pane of one document, an approval of fifty.

Server time of the whole request, middleware and templates included, through Django's test client.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.conf import settings
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from bench.filling import fill_to, stored
from bench.ingest import ingest
from bench.package import seal
from bench.table import Result, at_most
from bench.world import Bench, documents, found_bench
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState

INVOICES = 1_000_000
ARRIVED = 3_000  # documents that wait in the queue
AT_ONCE = 50
ROUNDS = 15
AIMS = {"strona kolejki": 100, "panel dokumentu": 20, f"zatwierdzenie {AT_ONCE}": 300}  # ms


def run(scratch: Path) -> list[Result]:
    """The medians; a first request of each kind is not counted."""
    settings.ALLOWED_HOSTS = ["testserver"]
    bench = found_bench()
    if stored() < INVOICES:
        fill_to(INVOICES)
    ingest(bench, seal(documents(bench.firm, ARRIVED), scratch), scratch)
    browser = Browser()
    browser.force_login(bench.operator)
    measures = zip(AIMS.items(), (page, pane, approval), strict=True)
    return [
        at_most(f"{name} przy {INVOICES:,}".replace(",", " "), take(bench, browser), aim, unit="ms")
        for (name, aim), take in measures
    ]


def page(_bench: Bench, browser: Browser) -> float:
    """The three panes."""
    return median(timed(lambda: browser.get(reverse("queue"))) for _ in range(ROUNDS + 1))


def pane(bench: Bench, browser: Browser) -> float:
    """One document after another, as the keys j and k ask for them."""
    return median(
        timed(
            lambda key=key: browser.get(reverse("queue"), {"dokument": key}, HTTP_HX_REQUEST="true")
        )
        for key in sure(bench, ROUNDS + 1)
    )


def approval(bench: Bench, browser: Browser) -> float:
    """Fifty at once; the redirect is not followed."""
    url = reverse("queue-bulk-approve")
    keys = sure(bench, (ROUNDS // 3 + 1) * AT_ONCE)
    lots = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
    taken = [timed(lambda lot=lot: browser.post(url, {"dekret": lot})) for lot in lots]
    approved = Dekret.objects.of_client(bench.client).filter(
        pk__in=keys, state=DekretState.APPROVED
    )
    if approved.count() < len(keys):
        raise RuntimeError(f"{approved.count()} of {len(keys)} were approved")
    return median(taken)


def sure(bench: Bench, count: int) -> list[int]:
    """Dekrets that can be approved as proposed."""
    rows = Dekret.objects.of_client(bench.client).filter(state=DekretState.TO_APPROVE)
    return list(rows.order_by("-confidence", "pk").values_list("pk", flat=True)[:count])


def timed(request: Callable[[], HttpResponse]) -> float:
    """Milliseconds of a request that succeeds."""
    started = time.perf_counter()
    response = request()
    taken = time.perf_counter() - started
    if response.status_code >= 400:
        raise RuntimeError(f"{response.status_code}: {response.content[:500]!r}")
    return taken * 1000
