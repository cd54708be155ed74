"""Filling the database to a size, fast: rows by SQL with the spread of a real office.

150 clients, 400 sellers, three years of documents, every dekret decided; what waits is what a bench
takes in itself. The stored bytes are a stub: their length has no part in what is measured.
"""

from django.db import connection, transaction

from bench.world import world
from obieg.demo.founding import admit
from obieg.demo.staff import assign, hire
from obieg.office.models import Client

SEARCH_INDEX = "invoice_search"

INVOICES = """
INSERT INTO inbox_invoice (client_id, ksef_number, environment, direction, roles, received_at,
    stored_at, acquired_at, sha256, size, schema, kind, number, issue_date, sale_date, due_date,
    currency, net, tax, gross, amount_due, seller_nip, seller_name, buyer_nip, buyer_name, search)
SELECT clients.ids[1 + n * 7919 %% array_length(clients.ids, 1)],
    'BENCH-' || n, 'emulator', CASE WHEN n %% 8 < 3 THEN 'sale' ELSE 'purchase' END,
    ARRAY[CASE WHEN n %% 8 < 3 THEN 'Subject1' ELSE 'Subject2' END],
    at, at, at, 'bench', 2000, 'FA(3)', CASE WHEN n %% 33 = 0 THEN 'KOR' ELSE 'VAT' END,
    'FV/' || n || '/2026', at::date, at::date, at::date + 14, 'PLN',
    100 + n %% 9000, 23 + n %% 2000, 123 + n %% 11000, 123 + n %% 11000,
    '999' || lpad((n %% 400)::text, 7, '0'), 'Sprzedawca Źródło ' || n %% 400,
    '888' || lpad((n %% 150)::text, 7, '0'), 'Nabywca Łąka ' || n %% 150,
    'fv/' || n || '/2026 sprzedawca źródło ' || n %% 400 || ' nabywca łąka ' || n %% 150
FROM generate_series(%s::bigint, %s::bigint) AS n,
    LATERAL (SELECT now() - make_interval(mins => (n * 7 %% 1500000)::int) AS at) AS moments,
    (SELECT array_agg(id ORDER BY id) AS ids FROM office_client) AS clients
"""
XML = """
INSERT INTO inbox_invoicexml (invoice_id, xml)
SELECT id, decode(repeat('3c46612f3e', 40), 'hex') FROM inbox_invoice
WHERE id > %s AND ksef_number LIKE 'BENCH-%%'
"""
DEKRETS = """
INSERT INTO posting_dekret (client_id, invoice_id, direction, state, queued_at, confidence, reason,
    proposal, warnings, period, decided_at, decided_by_id, note)
SELECT client_id, id, direction, 'approved', received_at, 60 + id %% 40,
    '12 z 12 faktur na 402-01', '[]', '{}', date_trunc('month', issue_date)::date, received_at, %s,
    ''
FROM inbox_invoice WHERE id > %s AND ksef_number LIKE 'BENCH-%%'
"""
LINES = """
INSERT INTO posting_dekretline (dekret_id, position, source_lines, description, vat_rate, net, vat,
    gross, account, vat_register, deductible_percent, cost_centre, project)
SELECT dekret.id, 1, '{1}', 'Usługa', '23', net, tax, net + tax, '402-01', 'ZAKUP', 100, '', ''
FROM posting_dekret dekret JOIN inbox_invoice invoice ON invoice.id = invoice_id
WHERE invoice.id > %s AND ksef_number LIKE 'BENCH-%%'
"""
EVENTS = """
INSERT INTO office_event (client_id, thing, thing_id, actor_id, at, kind, before, after)
SELECT dekret.client_id, 'posting.dekret', dekret.id, decided_by_id, decided_at, 'approve',
    '{"state": "to_approve"}', '{"state": "approved"}'
FROM posting_dekret dekret WHERE decided_at IS NOT NULL AND invoice_id > %s
"""


def stored() -> int:
    """How many invoices there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inbox_invoice")
        return cursor.fetchone()[0]


def fill_to(size: int) -> None:
    """Bring the number of stored invoices to `size`."""
    owner, before = populate(), stored()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM inbox_invoice")
        (last,) = cursor.fetchone()
        definition = drop_index(cursor)
        with transaction.atomic():
            cursor.execute(INVOICES, [before + 1, size])
            cursor.execute(XML, [last])
            cursor.execute(DEKRETS, [owner, last])
            cursor.execute(LINES, [last])
            cursor.execute(EVENTS, [last])
        cursor.execute(definition)
        cursor.execute("VACUUM (ANALYZE)")


def populate() -> int:
    """All clients of the invented world; the id of the one who decides."""
    operators = hire()
    if Client.objects.across_clients().count() < len(world().clients):
        assign(operators, [admit(firm) for firm in world().clients])
    return operators[0].pk


def drop_index(cursor) -> str:  # type: ignore[no-untyped-def] # Django's wrapper has no public type
    """Drop the search index while filling, which would take most of the time; its definition."""
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [SEARCH_INDEX])
    (definition,) = cursor.fetchone()
    cursor.execute(f"DROP INDEX {SEARCH_INDEX}")
    return definition
