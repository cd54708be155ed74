"""What arrivals have to do with what was there: originals, doubles, amounts to watch."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from obieg.inbox.signals import Arrival
from obieg.office.models import Client
from obieg.posting import attention, corrections, doubles, family, outside, watching
from obieg.posting.models import Dekret

_WARN = """
    UPDATE posting_dekret AS dekret SET warnings = dekret.warnings || found.code
    FROM unnest(%s::bigint[], %s::text[]) AS found(invoice_id, code)
    WHERE dekret.invoice_id = found.invoice_id AND dekret.client_id = %s
"""


def link_arrivals(client: Client, arrivals: Sequence[Arrival], **_: Any) -> None:
    """After they were queued: link `arrivals`, warn of them, propose corrections anew."""
    corrections.link_originals(client, arrivals)
    found = [(invoice_id, attention.DOUBLE) for invoice_id in doubles.find(client, arrivals)]
    found += [(key, attention.OUTSIDE) for key in outside.match_arrivals(client, arrivals)]
    found += [(key, attention.RELATIVE) for key in family.find(client, arrivals)]
    found += watching.watch(client, arrivals)
    _warn(client, _told(client, found))


def _told(client: Client, found: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """The codes by invoice; a scam is only suspected of a seller never seen before."""
    codes: dict[int, list[str]] = defaultdict(list)
    for invoice_id, code in found:
        codes[invoice_id].append(code)
    suspected = [key for key, told in codes.items() if attention.SCAM in told]
    strangers = set(
        Dekret.objects.of_client(client)
        .filter(invoice__in=suspected, warnings__contains=[attention.FIRST_INVOICE])
        .values_list("invoice_id", flat=True)
    )
    for key in suspected:
        if key not in strangers:
            codes[key].remove(attention.SCAM)
    return codes


def _warn(client: Client, codes: dict[int, list[str]]) -> None:
    """One statement for each code that a document may have beside others."""
    for place in range(max(map(len, codes.values()), default=0)):
        rows = [(key, told[place]) for key, told in codes.items() if len(told) > place]
        with connection.cursor() as cursor:
            keys, told_codes = [key for key, _ in rows], [code for _, code in rows]
            cursor.execute(_WARN, [keys, told_codes, client.pk])
