"""Drafts: made, changed, copied and deleted, each step on the trail.

Whether the operator may do it (Right.ISSUE) is for the view or the API to ask.
"""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.office.models import Client, Event, Operator
from obieg.sales.columns import columns_of, columns_of_invoice
from obieg.sales.compose import content_of
from obieg.sales.content import SaleContent
from obieg.sales.errors import AlreadyEntered, NotADraft, NotTheSeller, NumberedDraft, UnitNotNamed
from obieg.sales.models import Contractor, Sale, SaleXml
from obieg.sales.originals import sale_corrected_by
from obieg.sales.sellers import sending_for
from obieg.sales.states import SaleState
from obieg.sales.storage import digest, kept, xml_of
from obieg.sales.units import is_named_as_issuer, is_unit

SITTING = timedelta(minutes=10)  # one entry of the trail for what saves itself within it
_ISSUER = "5"  # role of a third party that issues the invoice


def new_draft(
    client: Client,
    content: SaleContent,
    *,
    origin: str,
    actor: Operator | None,
    external_id: str = "",
    typed: dict[str, Any] | None = None,
    follows: Sale | None = None,
) -> Sale:
    """A draft of `content`, however incomplete; `follows` is sent before it.

    Raises AlreadyEntered where a document of this external id exists, OriginalMissing,
    AmountTooLarge.
    """
    sale = Sale(
        client=client,
        origin=origin,
        typed=typed,
        external_id=external_id,
        created_by=actor,
        follows=follows,
    )
    _fill(sale, content)
    return _created(sale, actor)


def draft_from_xml(
    client: Client, xml: bytes, *, actor: Operator | None, external_id: str = ""
) -> Sale:
    """A draft of a finished FA(3) document, kept byte for byte.

    Raises what `fa.parse` raises, NotTheSeller, UnitNotNamed, AlreadyEntered. Whether the document
    is right is for the check to say.
    """
    invoice = parse(xml)
    if not may_issue(client, invoice):
        nip = invoice.seller.nip or "brak"
        if is_unit(client) and invoice.seller.nip == client.taxpayer.nip:
            raise UnitNotNamed(client=client.name, context=client.context)
        raise NotTheSeller(seller=invoice.seller.name, nip=nip, client=client.name)
    sale = Sale(
        client=client,
        origin=Sale.Origin.XML,
        external_id=external_id,
        created_by=actor,
        **columns_of_invoice(invoice),
    )
    sale.sending = sending_for(client, invoice.kind, None)
    with transaction.atomic():
        _created(sale, actor)
        _keep(sale, xml)
    return sale


def may_issue(client: Client, invoice: Invoice) -> bool:
    """Whether the client is the seller, or issues for it by what the document says.

    That is: self-billing by the buyer (P_17), a third party as the issuer (Rola 5), or the
    authorised party (PodmiotUpowazniony). A unit issues for its head by being named.
    """
    if is_unit(client):
        return is_named_as_issuer(client, invoice)
    if invoice.seller.nip == client.nip:
        return True
    if invoice.annotations.self_billing and invoice.buyer.nip == client.nip:
        return True
    issuers = [party for party in invoice.third_parties if party.role == _ISSUER]
    named = [*issuers, *([invoice.authorized] if invoice.authorized else [])]
    return any(party.nip == client.nip for party in named)


def save_draft(
    sale: Sale,
    content: SaleContent,
    *,
    actor: Operator | None,
    typed: dict[str, Any] | None = None,
    by_itself: bool = False,
) -> Sale:
    """Replace what a draft says; a given XML gives way to it. Raises NotADraft, OriginalMissing.

    A draft that saves itself (`by_itself`) says so once a sitting, not every three seconds.
    """
    with transaction.atomic():
        stored = locked_draft(sale)
        sale.refresh_from_db()
        before = stored.content or {}
        sale.typed, sale.approval = typed, None
        _fill(sale, content)
        event = stored.event(
            {name: getattr(sale, name) for name in ("kind", "buyer_name", "gross", "currency")},
            actor=actor,
            kind="edit",
        )
        after = sale.content or {}
        names = before.keys() | after.keys()
        event.after["fields"] = sorted(n for n in names if before.get(n) != after.get(n))
        sale.save()
        if event.after["fields"] and not (by_itself and _told_lately(stored, actor)):
            event.save()
    return sale


def delete_draft(sale: Sale, *, actor: Operator | None) -> None:
    """Forget a draft that never had a number; NumberedDraft or NotADraft otherwise."""
    with transaction.atomic():
        stored = locked_draft(sale)
        if stored.number or stored.version:
            raise NumberedDraft(number=stored.number)
        stored.event({"content": None}, actor=actor, kind="delete").save()
        Sale.objects.of_client(stored.client_id).filter(pk=stored.pk).delete()


def copy_sale(sale: Sale, *, actor: Operator | None) -> Sale:
    """A new draft that says the same, without number, day of issue and payments made."""
    content = content_of_sale(sale)
    payment = content.payment.model_copy(update={"paid": False, "paid_on": None, "partial": ()})
    fresh = content.model_copy(update={"number": "", "issue_date": None, "payment": payment})
    return new_draft(sale.client, fresh, origin=Sale.Origin.FORM, actor=actor)


def content_of_sale(sale: Sale) -> SaleContent:
    """What a document says, as the form holds it; read from its bytes where XML was given."""
    if sale.content is not None:
        return SaleContent.model_validate(sale.content)
    return content_of(parse(xml_of(sale)))


def stored_form(content: SaleContent) -> dict[str, Any]:
    """Content as the row keeps it."""
    return content.model_dump(mode="json", exclude_defaults=True)


def locked_draft(sale: Sale) -> Sale:
    """The stored row, locked to the end of the transaction; NotADraft where it is issued."""
    rows = Sale.objects.of_client(sale.client_id).select_for_update(no_key=True, of=("self",))
    stored = rows.select_related("client").get(pk=sale.pk)
    if stored.state != SaleState.DRAFT:
        raise NotADraft(number=stored.number)
    return stored


def _told_lately(stored: Sale, actor: Operator | None) -> bool:
    """Whether the last that the trail says of the draft is that this operator changes it."""
    events = Event.objects.of_client(stored.client_id).filter(thing=Sale.THING, thing_id=stored.pk)
    last = events.order_by("-pk").first()
    if last is None or last.kind not in ("create", "edit") or last.actor_id != (actor and actor.pk):
        return False
    return last.at > timezone.now() - SITTING


def _fill(sale: Sale, content: SaleContent) -> None:
    """The columns of a draft from its content; how it is sent, where its kind or buyer changed."""
    former = sale.kind, sale.contractor_id
    for name, value in columns_of(content).items():
        setattr(sale, name, value)
    sale.content = stored_form(content)
    sale.has_attachment = False
    sale.corrects = sale_corrected_by(content, sale.client)
    sale.contractor = _contractor(sale.client, content.contractor)
    sale.search = " ".join((sale.number, sale.search)).strip().casefold()
    if sale.pk is None or former != (sale.kind, sale.contractor_id):
        sale.sending = sending_for(sale.client, content.kind, sale.contractor)


def _contractor(client: Client, key: int | None) -> Contractor | None:
    return Contractor.objects.of_client(client).filter(pk=key).first() if key else None


def _created(sale: Sale, actor: Operator | None) -> Sale:
    names = ("kind", "origin", "buyer_name", "gross", "currency", "external_id")
    try:
        with transaction.atomic():
            sale.save()
            event = sale.event(
                {name: getattr(sale, name) for name in names}, actor=actor, kind="create"
            )
            event.before = {}
            event.save()
    except IntegrityError as error:
        if "sale_external_id_once" not in str(error):
            raise
        raise AlreadyEntered(external_id=sale.external_id) from error
    return sale


def _keep(sale: Sale, xml: bytes) -> SaleXml:
    """The given bytes as version 0."""
    place = kept(xml, client=sale.client, name=f"{sale.pk}-0.xml", at=sale.created_at)
    return SaleXml.objects.create(
        sale=sale, version=0, sha256=digest(xml), size=len(xml), at=sale.created_at, **place
    )
