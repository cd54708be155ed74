"""UPO: the receipts of KSeF, fetched for a closed session or for one invoice, and kept."""

import logging

from django.db import transaction
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.fa.upo import UnreadableUpo, read_upo
from obieg.ksef.gateway import Gateway
from obieg.ksef.sessions import SessionStatus
from obieg.office.models import Client, Operator
from obieg.sales.models import KsefSession, Sale, Upo
from obieg.sales.sending.errors import NoUpoYet, UpoElsewhere
from obieg.sales.sending.moves import in_chunks, locked, move_all
from obieg.sales.states import IN_KSEF, SaleState
from obieg.sales.storage import digest, kept

log = logging.getLogger(__name__)
PURPOSE = "pobranie UPO"


def fetch_upo(asked: Sale | KsefSession, *, actor: Operator | None) -> Upo:
    """The UPO of an accepted document or of a finished session: the kept one, else KSeF's.

    Raises NoUpoYet, UpoElsewhere, and what the gateway raises.
    """
    if isinstance(asked, Sale):
        return _of_sale(asked, actor)
    return _of_session(asked, actor)


def _of_sale(asked: Sale, actor: Operator | None) -> Upo:
    rows = Sale.objects.of_client(asked.client_id).select_related("session", "client", "upo")
    sale = rows.get(pk=asked.pk)
    if sale.upo:
        return sale.upo
    if sale.state not in IN_KSEF:
        raise NoUpoYet(what=f"dokumentu {sale}")
    session = sale.accepted_in or (sale.session.reference if sale.session else "")
    if not session:
        raise UpoElsewhere(number=str(sale))
    with open_gateway(sale.client, purpose=PURPOSE, actor=actor, by_hand=True) as ksef:
        content = ksef.sessions.upo_by_number(session, sale.ksef_number)
    ours = None if sale.accepted_in else sale.session
    return _keep(sale.client, sale.environment, ours, sale.ksef_number, content)


def _of_session(asked: KsefSession, actor: Operator | None) -> Upo:
    if kept := _page_of(asked):
        return kept
    with open_gateway(asked.client, purpose=PURPOSE, actor=actor, by_hand=True) as ksef:
        fetch_pages(asked, ksef.sessions.status(asked.reference), ksef)
    if kept := _page_of(asked):
        return kept
    raise NoUpoYet(what=f"sesji {asked}")


def fetch_pages(session: KsefSession, status: SessionStatus, ksef: Gateway) -> None:
    """Fetch every page of the UPO of a session that is done, and confirm what it names."""
    kept = set(session.upo.across_clients().values_list("reference", flat=True))
    for page in status.upo_pages:
        if page.reference not in kept:
            content = ksef.sessions.upo_page(session.reference, page.reference)
            _keep(session.client, session.environment, session, page.reference, content)


def _page_of(session: KsefSession) -> Upo | None:
    numbers = Sale.objects.of_client(session.client_id).filter(session=session)
    pages = session.upo.across_clients().exclude(reference__in=numbers.values("ksef_number"))
    return pages.order_by("pk").first()


def _keep(
    client: Client, environment: str, session: KsefSession | None, reference: str, content: bytes
) -> Upo:
    """Store a UPO once, and confirm the documents that it names."""
    now = timezone.now()
    columns = kept(content, client=client, name=f"UPO-{reference}.xml", at=now)
    with transaction.atomic():
        upo, _ = Upo.objects.of_client(client).get_or_create(
            client=client,
            environment=environment,
            reference=reference,
            defaults={"session": session, "sha256": digest(content), "received_at": now, **columns},
        )
        for numbers in in_chunks(_numbers_in(content, reference)):
            _confirm(client, environment, numbers, upo)
    return upo


def _confirm(client: Client, environment: str, numbers: list[str], upo: Upo) -> None:
    sales = Sale.objects.of_client(client).filter(
        ksef_number__in=numbers, environment=environment, state=SaleState.ACCEPTED
    )
    move_all(
        locked(sales),
        SaleState.CONFIRMED,
        actor=None,
        kind="confirm",
        changes=lambda _: {"upo_id": upo.pk},
    )


def _numbers_in(content: bytes, reference: str) -> list[str]:
    try:
        return [entry.ksef_number for entry in read_upo(content).entries]
    except UnreadableUpo:
        log.exception("the UPO %s cannot be read; it is kept as it came", reference)
        return [reference]
