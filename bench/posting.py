"""Posting 10,000 approved documents: checks, lines, states, trail, journal and registers.

The floor is the same number of rows by plain INSERTs of one statement each, in the same run. What
the decisions teach is measured apart: it is a matter of the engine.
"""

import time
from pathlib import Path

from django.db import connection, transaction

from bench.ingest import ingest
from bench.package import seal
from bench.table import Result, at_most
from bench.world import Bench, documents, found_bench
from obieg.posting.approval import check, draft_of, record
from obieg.posting.books import books_of
from obieg.posting.decisions import approve_many
from obieg.posting.documents import cases_of
from obieg.posting.models import (
    Dekret,
    DekretLine,
    JournalEntry,
    RegisterEntry,
    Voucher,
)
from obieg.posting.registers import control
from obieg.posting.states import DekretState

DOCUMENTS = 10_000
SEEDS = 600  # documents that are taken in; the others are copies of those that are sure
LOT = 200  # as many as one approval in bulk takes
AIM = 10  # seconds
AIM_RATIO = 2
TAUGHT = 200
AIM_TAUGHT = 10  # ms
COPIES = """
WITH sure AS (
    SELECT invoice.*, row_number() OVER (ORDER BY invoice.id) AS place
    FROM inbox_invoice invoice JOIN posting_dekret dekret ON dekret.invoice_id = invoice.id
    WHERE dekret.state = 'to_approve' AND invoice.client_id = %(client)s
), copied AS (
    INSERT INTO inbox_invoice (client_id, ksef_number, environment, direction, roles, received_at,
        stored_at, acquired_at, sha256, size, schema, kind, number, issue_date, sale_date, due_date,
        currency, net, tax, gross, amount_due, seller_nip, seller_name, buyer_nip, buyer_name,
        search)
    SELECT client_id, 'COPY-' || n || '-' || sure.id, environment, direction, roles, received_at,
        stored_at, acquired_at, sha256, size, schema, kind, number, issue_date, sale_date, due_date,
        currency, net, tax, gross, amount_due, seller_nip, seller_name, buyer_nip, buyer_name,
        search
    FROM sure, generate_series(1, %(times)s) AS n
    RETURNING id, split_part(ksef_number, '-', 3)::bigint AS original
), bytes AS (
    INSERT INTO inbox_invoicexml (invoice_id, xml)
    SELECT copied.id, xml FROM copied JOIN inbox_invoicexml kept ON kept.invoice_id = original
)
INSERT INTO posting_dekret (client_id, invoice_id, direction, state, queued_at, confidence, reason,
    proposal, warnings, exchange_rate, tax_pln, note)
SELECT client_id, copied.id, direction, state, queued_at, confidence, reason, proposal, warnings,
    exchange_rate, tax_pln, note
FROM copied JOIN posting_dekret kept ON kept.invoice_id = original
"""


def run(scratch: Path) -> list[Result]:
    """The posting of 10,000 documents, lot by lot, and its floor; then approvals that teach."""
    bench = found_bench()
    ingest(bench, seal(documents(bench.firm, SEEDS), scratch), scratch)
    keys = copied(bench)
    posted, taught = keys[:DOCUMENTS], keys[DOCUMENTS:]
    started = time.perf_counter()
    for start in range(0, len(posted), LOT):
        post(bench, posted[start : start + LOT])
    taken = time.perf_counter() - started
    check_books(bench, posted)
    least = floor(bench)
    started = time.perf_counter()
    approve_many(taught, operator=bench.operator)
    each = (time.perf_counter() - started) / len(taught) * 1000
    name = f"zaksięgowanie {len(posted)} dokumentów"
    return [
        at_most(name, taken, AIM, unit="s"),
        at_most(f"{name}, wobec INSERT", taken, AIM_RATIO, unit="s", floor=least),
        at_most("zatwierdzenie z nauką, na dokument", each, AIM_TAUGHT, unit="ms"),
    ]


@transaction.atomic
def post(bench: Bench, keys: list[int]) -> None:
    """What `approve_many` does, without teaching."""
    held = list(
        Dekret.objects.of_client(bench.client)
        .filter(pk__in=keys)
        .select_for_update(of=("self",), no_key=True)
        .select_related("invoice", "client")
        .order_by("pk")
    )
    cases, books = cases_of(held), books_of([bench.client.pk])
    drafts = [draft_of(dekret, cases[dekret.pk], books=books[bench.client.pk]) for dekret in held]
    for draft in drafts:
        check(draft.dekret, draft, books[bench.client.pk])
    record(drafts, books, bench.operator)


def copied(bench: Bench) -> list[int]:
    """Dekrets that can be approved as proposed."""
    waiting = Dekret.objects.of_client(bench.client).filter(state=DekretState.TO_APPROVE)
    times = (DOCUMENTS + TAUGHT) // waiting.count() + 1
    with connection.cursor() as cursor:
        cursor.execute(COPIES, {"client": bench.client.pk, "times": times})
        for table in ("inbox_invoice", "inbox_invoicexml", "posting_dekret"):
            cursor.execute(f"ANALYZE {table}")
    return list(waiting.order_by("pk").values_list("pk", flat=True)[: DOCUMENTS + TAUGHT])


def check_books(bench: Bench, keys: list[int]) -> None:
    """Everything was posted, and every month's registers are the sum of its documents."""
    posted = Dekret.objects.of_client(bench.client).filter(state=DekretState.APPROVED)
    if posted.filter(pk__in=keys).count() != len(keys):
        raise RuntimeError("not everything was approved")
    for period in posted.values_list("period", flat=True).distinct():
        if period and not control(bench.client, period).agrees:
            raise RuntimeError(f"the registers of {period} are not the sum of their documents")


def floor(bench: Bench) -> float:
    """Seconds of as many plain INSERTs as rows were written, in lots of the same size."""
    models = (DekretLine, Voucher, JournalEntry, RegisterEntry)
    rows = sum(model.objects.of_client(bench.client).count() for model in models)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_posted (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " account text, side text, amount numeric(18, 2), description text)"
        )
        statement = "INSERT INTO bench_posted (account, side, amount, description)"
        statement += " VALUES (%s, %s, %s, %s)"
        lot = max(rows * LOT // DOCUMENTS, 1)
        started = time.perf_counter()
        for start in range(0, rows, lot):
            with transaction.atomic():
                for place in range(start, min(start + lot, rows)):
                    cursor.execute(statement, ["401-01", "Wn", "123.45", f"Pozycja {place}"])
        return time.perf_counter() - started
