"""Corrections and settlements that were approved before their original had its KSeF number."""

import structlog
from django.db import transaction
from django.dispatch import receiver

from obieg.core.errors import UserFixable
from obieg.fa.check import has_errors
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.sales.checking import as_json, findings_of
from obieg.sales.drafts import locked_draft
from obieg.sales.errors import NotADraft, NotIssuable, OriginalNotAccepted
from obieg.sales.issuing import issue
from obieg.sales.models import Sale
from obieg.sales.originals import waited_for
from obieg.sales.papers import said_by
from obieg.sales.signals import sales_accepted
from obieg.sales.states import OfflineMode, SaleState

log = structlog.get_logger()


def approve_waiting(
    sale: Sale,
    *,
    actor: Operator | None,
    confirmed: frozenset[str] = frozenset(),
    mode: str = OfflineMode.ONLINE,
) -> Sale:
    """Approve a draft that `issue` refused with OriginalNotAccepted: it is issued by itself later.

    NotIssuable where the check finds errors already now. A change of the draft takes the approval
    back.
    """
    with transaction.atomic():
        stored = locked_draft(sale)
        findings = findings_of(stored)
        if has_errors(findings):
            raise NotIssuable(findings=findings)
        approval = {"by": actor and actor.pk, "confirmed": sorted(confirmed), "mode": str(mode)}
        stored.event({"approval": approval}, actor=actor, kind="approve").save()
        _of(stored).update(approval=approval)
        client_id = stored.client_id
        transaction.on_commit(lambda: issue_waiting(client_id))  # the number may just have come
    sale.refresh_from_db()
    return sale


@receiver(sales_accepted)
def when_accepted(client: Client, **_: object) -> None:
    """Issue what waited for them, after KSeF's answers are committed."""
    client_id = client.pk
    transaction.on_commit(lambda: issue_waiting(client_id))


def issue_waiting(client_id: int | None = None) -> list[Sale]:
    """Issue every approved draft (of one client) whose originals have their numbers by now.

    Safe to run again and again. One that cannot be issued after all loses its approval; its
    findings and the trail say why.
    """
    rows = Sale.objects.across_clients() if client_id is None else Sale.objects.of_client(client_id)
    waiting = rows.filter(state=SaleState.DRAFT, approval__isnull=False).select_related("client")
    return [sale for sale in waiting.order_by("pk") if _issued(sale)]


def _issued(sale: Sale) -> bool:
    content = said_by(sale)
    if content is not None and waited_for(content, sale.client):
        return False
    approval = sale.approval or {}
    actor = Operator.objects.filter(pk=approval["by"]).first() if approval.get("by") else None
    confirmed = frozenset(approval.get("confirmed", ()))
    try:
        issue(sale, actor=actor, confirmed=confirmed, mode=approval.get("mode", ""))
    except (OriginalNotAccepted, NotADraft):  # someone else was faster
        return False
    except UserFixable as refusal:
        _take_back(sale, refusal)
        return False
    return True


def _take_back(sale: Sale, refusal: UserFixable) -> None:
    log.warning("waiting_sale_not_issued", sale=sale.pk, code=refusal.code)
    with transaction.atomic():
        sale.event({"approval": None, "note": str(refusal)}, actor=None, kind="refuse").save()
        _of(sale).update(approval=None, findings=as_json(findings_of(sale)))


def _of(sale: Sale) -> ScopedQuerySet[Sale]:
    return Sale.objects.of_client(sale.client_id).filter(pk=sale.pk)
