"""One document at a head and at its branches: told to the later one, posted at one of them only."""

from collections.abc import Sequence

from django.db import connection

from obieg.inbox.models import Direction
from obieg.inbox.signals import Arrival
from obieg.office.models import Client
from obieg.posting.errors import PostedElsewhere
from obieg.posting.models import Dekret

POSTING = 0x0B21  # class of advisory locks
HEAD, BRANCH = "u centrali", "w oddziale"

# what KSeF holds once is one document, whoever of the family received it; the same firm's sale to
# its own branch has two sides, and each is posted
_TWINS = """
    SELECT mine.id, other.client_id = client.branch_of_id
    FROM inbox_invoice AS mine
    JOIN office_client AS client ON client.id = mine.client_id
    JOIN inbox_invoice AS other
      ON other.ksef_number = mine.ksef_number AND other.client_id <> mine.client_id
    JOIN office_client AS relative ON relative.id = other.client_id
     AND coalesce(relative.branch_of_id, relative.id) = coalesce(client.branch_of_id, client.id)
    JOIN posting_dekret AS dekret ON dekret.invoice_id = other.id
     AND dekret.direction = mine.direction AND dekret.state = ANY(%s)
    WHERE mine.id = ANY(%s)
"""
_LOCK = """
    SELECT pg_advisory_xact_lock(%s, hashtext(number))
    FROM (SELECT unnest(%s::text[]) AS number ORDER BY 1) AS numbers
"""


def find(client: Client, arrivals: Sequence[Arrival]) -> set[int]:
    """Those of `arrivals` that wait or are posted at a relative of the client already."""
    to_post = [one.invoice_id for one in arrivals if one.direction != Direction.OTHER]
    if not to_post or not _has_relatives(client):
        return set()
    return set(_twins(to_post, ["to_approve", "to_classify", "approved", "exported"]))


class Once:
    """Lets each document of a family be posted once, in this transaction or before it.

    Whoever decides about the same document at the same moment waits until this transaction ends.
    """

    def __init__(self, dekrets: Sequence[Dekret]) -> None:
        related = _with_relatives({dekret.client_id for dekret in dekrets})
        asked = [dekret for dekret in dekrets if dekret.client_id in related]
        self._posted = _posted(asked) if asked else {}
        self._now: set[tuple[str, str]] = set()

    def require(self, dekret: Dekret) -> None:
        """Raise PostedElsewhere where a relative of the client has posted the document."""
        number = dekret.invoice.ksef_number
        whose = self._posted.get(dekret.invoice_id)
        if whose is None and (number, dekret.direction) in self._now:
            whose = BRANCH
        if whose:
            raise PostedElsewhere(number=dekret.invoice.number, whose=whose)
        self._now.add((number, dekret.direction))


def _posted(dekrets: Sequence[Dekret]) -> dict[int, str]:
    """By the invoice's id, who of its client's family has posted it."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [POSTING, [dekret.invoice.ksef_number for dekret in dekrets]])
    found = _twins([dekret.invoice_id for dekret in dekrets], ["approved", "exported"])
    return {key: HEAD if is_head else BRANCH for key, is_head in found.items()}


def _twins(invoice_ids: list[int], states: list[str]) -> dict[int, bool]:
    """By the invoice's id, whether its twin is at the head."""
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, [states, invoice_ids])
        return {key: bool(is_head) for key, is_head in cursor.fetchall()}


def _has_relatives(client: Client) -> bool:
    return client.branch_of_id is not None or client.pk in _with_relatives({client.pk})


def _with_relatives(client_ids: set[int]) -> set[int]:
    """Those of the clients that are branches or have some."""
    rows = Client.objects.across_clients().filter(branch_of__isnull=False)
    related = {*rows.filter(pk__in=client_ids).values_list("pk", flat=True)}
    heads = rows.filter(branch_of__in=client_ids).values_list("branch_of_id", flat=True)
    return related | {head for head in heads if head is not None}
