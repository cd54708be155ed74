"""Lessons that no process reads any more are deleted: what the office remembers stays bounded."""

from django.db import connection, transaction

from obieg.posting.office_memory import OF_CLIENT, OF_OFFICE, TOO_MANY

# Twice what a process reads when it begins: what is taken back uncovers older ones.
KEPT_OF_CLIENT, KEPT_OF_OFFICE = 2 * OF_CLIENT, 2 * OF_OFFICE

_OLD = """
    DELETE FROM posting_lesson USING (
        SELECT id AS placed,
            row_number() OVER (PARTITION BY client_id, direction ORDER BY id DESC) AS of_client,
            row_number() OVER (ORDER BY id DESC) AS of_office
        FROM posting_lesson WHERE NOT withdrawn
    ) AS places
    WHERE id = placed AND of_client > %s AND of_office > %s AND NOT withdrawn
"""
# Whoever has not heard of a withdrawal that so many changes followed begins anew.
_WITHDRAWN = """
    DELETE FROM posting_lesson WHERE withdrawn AND changed_in < (
        SELECT changed_in FROM posting_lesson ORDER BY changed_in DESC OFFSET %s LIMIT 1
    )
"""


@transaction.atomic
def prune_lessons(
    of_client: int = KEPT_OF_CLIENT, of_office: int = KEPT_OF_OFFICE, changes: int = TOO_MANY
) -> int:
    """Delete the lessons beyond a client's last and the office's last ones; how many.

    Of what was withdrawn, the lessons that more than `changes` later ones followed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLD, [of_client, of_office])
        old: int = cursor.rowcount
        cursor.execute(_WITHDRAWN, [changes])
        withdrawn: int = cursor.rowcount
    return old + withdrawn
