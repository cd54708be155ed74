"""Documents alike, treated together: one seller, one meter, one subscription."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from obieg.core.errors import UserFixable
from obieg.office.models import Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting import trail
from obieg.posting.books import books_of
from obieg.posting.conditions import is_said
from obieg.posting.documents import cases_of
from obieg.posting.models import Dekret
from obieg.posting.moves import advance_all
from obieg.posting.states import WAITING, DekretState
from obieg.posting.suggestion import Case, ProposedLine

MOST = 200  # in one go: as many as a person can look through
BY_PERSON = 100  # per cent: somebody said so
FIELDS = ("account", "vat_register", "deductible_percent", "cost_centre", "project")


class GroupRefused(UserFixable):
    """What was to be set for all does not fit the client's books."""

    code = "posting.group_refused"
    message_pl = "{problem}"


def alike(dekret: Dekret, operator: Operator, said: str = "") -> list[Dekret]:
    """What waits of the same client, direction and partner, the oldest first, up to MOST.

    With `said` only those that somewhere say it: a number of a meter or contract, or a text.
    """
    invoice = dekret.invoice
    found = _waiting(operator).filter(client=dekret.client_id, direction=dekret.direction)
    if dekret.direction == "sale":
        found = found.filter(invoice__buyer_nip=invoice.buyer_nip)
    else:
        found = found.filter(invoice__seller_nip=invoice.seller_nip)
    rows = list(found.order_by("queued_at", "pk")[:MOST])
    if not said.strip():
        return rows
    cases = cases_of(rows)
    return [row for row in rows if _says(cases[row.pk], said)]


@transaction.atomic
def set_for_all(ids: Collection[int], changes: Mapping[str, Any], *, operator: Operator) -> int:
    """Put `changes` (of FIELDS) into every proposed line of these waiting dekrets; how many.

    They stay in the queue, sure now, to be approved as usual. Raises GroupRefused.
    """
    wanted = {name: value for name, value in changes.items() if name in FIELDS}
    if not wanted:
        raise GroupRefused(
            problem="Wpisz, co ustawić: konto, MPK, projekt, rejestr albo odliczenie."
        )
    locked = _waiting(operator).filter(pk__in=list(ids)[:MOST]).order_by("pk")
    dekrets = list(locked.select_for_update(of=("self",), no_key=True))
    _check(dekrets, wanted)
    for dekret in dekrets:
        _set(dekret, wanted, operator)
    return len(dekrets)


def _set(dekret: Dekret, wanted: Mapping[str, Any], operator: Operator) -> None:
    before = list(dekret.proposal)
    after = [{**line, **wanted, **_reason(operator)} for line in before]
    trail.note(
        dekret,
        operator,
        "group",
        before={"lines": [_told(line) for line in before]},
        after={"lines": [_told(line) for line in after]},
    )
    fields = {"proposal": after, "confidence": BY_PERSON, **_reason_of_all(operator)}
    complete = bool(after) and all(line["account"] for line in after)
    if complete and dekret.state == DekretState.TO_CLASSIFY:
        changes = {dekret.pk: fields}
        advance_all([dekret], DekretState.TO_APPROVE, actor=operator, kind="group", changes=changes)
        return
    for name, value in fields.items():
        setattr(dekret, name, value)
    if not complete:
        dekret.confidence = 0
    dekret.save(update_fields=list(fields))


def _told(line: Mapping[str, Any]) -> dict[str, Any]:
    """A proposed line as the trail keeps lines."""
    left_out = {"position", "gross", "confidence", "reason"}
    return {name: value for name, value in line.items() if name not in left_out}


def _reason(operator: Operator) -> dict[str, Any]:
    return {"confidence": BY_PERSON, "reason": f"Ustawione dla grupy: {operator.name}."}


def _reason_of_all(operator: Operator) -> dict[str, Any]:
    return {"reason": f"Ustawione dla grupy: {operator.name}."}


def _check(dekrets: Sequence[Dekret], wanted: Mapping[str, Any]) -> None:
    books = books_of({dekret.client_id for dekret in dekrets})
    for client_id in {dekret.client_id for dekret in dekrets}:
        own = books[client_id]
        known = (
            ("account", "konta", own.accounts),
            ("vat_register", "rejestru VAT", own.registers),
            ("cost_centre", "MPK", own.cost_centres),
            ("project", "projektu", own.projects),
        )
        for field, noun, codes in known:
            if wanted.get(field) and wanted[field] not in codes:
                raise GroupRefused(problem=f"Klient nie ma {noun} „{wanted[field]}”.")


def _says(case: Case, said: str) -> bool:
    words = said.casefold()
    return any(
        words in part.description.casefold() or is_said(said, case.invoice, part)
        for part in case.parts
    )


def _waiting(operator: Operator) -> ScopedQuerySet[Dekret]:
    waiting = Dekret.objects.visible_to(operator).filter(state__in=WAITING)
    return waiting.select_related("invoice", "client")


def proposed_accounts(dekret: Dekret) -> str:
    """The accounts of the proposal, as a list shows them."""
    lines = [ProposedLine.from_dict(stored) for stored in dekret.proposal]
    return ", ".join(dict.fromkeys(line.account for line in lines if line.account))
