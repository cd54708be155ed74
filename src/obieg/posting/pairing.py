"""Linking documents with each other, however many, by one statement."""

from collections.abc import Collection

from django.db import connection

from obieg.office.models import Client
from obieg.posting.models import Link

_LINK = """
    INSERT INTO posting_link (client_id, kind, invoice_id, other_id, answer, found_at)
    SELECT %s, %s, later, earlier, '', now() FROM unnest(%s::bigint[], %s::bigint[])
        AS pair(later, earlier)
    ON CONFLICT (invoice_id, other_id, kind) DO NOTHING
"""


def link(client: Client, kind: Link.Kind, pairs: Collection[tuple[int, int]]) -> None:
    """Link each later document with an earlier one, by their invoices' ids; once each."""
    if not pairs:
        return
    later, earlier = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [client.pk, str(kind), list(later), list(earlier)])
