"""What KSeF's refusal means in the context of a branch, and who can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

from obieg.ksef.errors import AccessDenied
from obieg.office.models import Client


class BranchAccessDenied(AccessDenied):
    """The credential has no permission in the branch's own context, whatever it has in the head's.

    Source: CIRFMF/ksef-docs, uprawnienia.md, „Nadanie uprawnień administratora podmiotu
    podrzędnego”.
    """

    code = "calls.branch_access_denied"
    message_pl = (
        "KSeF odmówił dostępu w kontekście oddziału {branch} ({context}): {text}. Uprawnienia "
        "nadane w centrali tu nie działają. Centrala (SubunitManage) wyznacza w KSeF "
        "administratora jednostki podrzędnej, a on, zalogowany w kontekście oddziału, nadaje "
        "biuru przeglądanie faktur (do wysyłki także wystawianie)."
    )


@contextmanager
def told_of_branch(client: Client) -> Iterator[None]:
    """Within the block a refused login of a branch says what a branch needs."""
    try:
        yield
    except AccessDenied as refused:
        if client.branch_of_id is None:
            raise
        facts = {"branch": client.unit_name, "context": client.context}
        raise BranchAccessDenied(**facts, **refused.facts) from refused
