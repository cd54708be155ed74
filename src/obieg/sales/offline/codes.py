"""The QR codes of a document: code I for everyone, code II for those issued offline."""

from collections.abc import Iterable
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from obieg.core.errors import ObiegError
from obieg.core.internal_id import context_type
from obieg.fa.parse import parse
from obieg.fa.pdf import Code
from obieg.ksef.environment import environment
from obieg.ksef.qr import certificate_link, invoice_link
from obieg.office.models import Client, Operator
from obieg.sales.models import Sale, SaleCodes
from obieg.sales.offline.outages import environment_of_sale
from obieg.sales.sending.documents import xml_of
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault.offline import Signer, offline_certificate_for, sign_with

log = structlog.get_logger(__name__)

BEFORE_NUMBER = "OFFLINE"
ISSUER = "CERTYFIKAT"
PURPOSE = "podpis kodu QR"
WITHOUT = frozenset({SaleState.DRAFT, SaleState.CANCELLED, SaleState.OUTSIDE})


def codes_of(sale: Sale) -> tuple[Code, ...]:
    """What stands on the document: nothing on a draft or where KSeF has no part in it.

    A document issued offline carries both codes, the second one signed once and for all; where
    that was not done yet it is done now. Raises NoOfflineCertificate, CertificateExpired.
    """
    label = sale.ksef_number or BEFORE_NUMBER
    if is_signed(sale):
        codes = stored_codes(sale) or sign(sale, actor=None)
        return Code(codes.invoice_link, label), Code(codes.certificate_link, ISSUER)
    if sale.ksef_number or sale.state == SaleState.SENDING:
        return (Code(_invoice_link(sale, xml_of(sale)), label),)
    return ()


def is_signed(sale: Sale) -> bool:
    """Whether the document carries code II; after a total failure there are no codes at all."""
    is_offline = sale.offline_mode not in ("", OfflineMode.TOTAL_FAILURE)
    return is_offline and sale.version > 0 and sale.state not in WITHOUT


def stored_codes(sale: Sale) -> SaleCodes | None:
    """The codes of the document's present bytes."""
    rows = SaleCodes.objects.of_client(sale.client_id)
    return rows.filter(sale=sale, version=sale.version).first()


def sign(sale: Sale, *, actor: Operator | None) -> SaleCodes:
    """Sign code II of a document issued offline, or give what was signed before.

    Not inside a transaction: the use of the key is committed first.
    """
    if kept := stored_codes(sale):
        return kept
    credential = offline_certificate_for(sale.client)
    purpose = f"{PURPOSE}: {sale}"[:100]
    with sign_with(credential, client=sale.client, actor=actor, purpose=purpose) as signer:
        return _keep(sale, signer, actor)


def sign_after_commit(sale: Sale, *, actor: Operator | None) -> None:
    """Sign as soon as the issue is committed; what fails then is done by `sign_missing`."""
    transaction.on_commit(partial(_try_to_sign, sale, actor))


def sign_missing() -> int:
    """Sign what a crash left unsigned; how many documents that was."""
    signed = SaleCodes.objects.across_clients().filter(
        sale=OuterRef("pk"), version=OuterRef("version")
    )
    rows = Sale.objects.across_clients().exclude(offline_mode__in=["", OfflineMode.TOTAL_FAILURE])
    bare = rows.filter(version__gt=0).exclude(state__in=WITHOUT)
    missing = bare.filter(~Exists(signed), environment__in=["", F("client__environment")])
    by_client: dict[Client, list[Sale]] = {}
    for sale in missing.select_related("client").order_by("client_id", "pk"):
        by_client.setdefault(sale.client, []).append(sale)
    return sum(_sign_all(client, sales) for client, sales in by_client.items())


def _sign_all(client: Client, sales: Iterable[Sale]) -> int:
    done = 0
    try:
        credential = offline_certificate_for(client)
        with sign_with(credential, client=client, actor=None, purpose=PURPOSE) as signer:
            for sale in sales:
                _keep(sale, signer, None)
                done += 1
    except ObiegError as error:
        log.warning("codes_not_signed", client=client.pk, error=error.code)
    return done


def _try_to_sign(sale: Sale, actor: Operator | None) -> None:
    try:
        sign(sale, actor=actor)
    except ObiegError as error:
        log.warning("code_not_signed", sale=sale.pk, error=error.code)


def _keep(sale: Sale, signer: Signer, actor: Operator | None) -> SaleCodes:
    xml = xml_of(sale)
    link = certificate_link(
        _qr_url(sale),
        context_type=context_type(sale.client.context),
        context=sale.client.context,
        seller_nip=parse(xml).seller.nip or sale.client.taxpayer.nip,
        serial=signer.serial,
        xml=xml,
        private_key=signer.private_key,
    )
    kept, _ = SaleCodes.objects.of_client(sale.client_id).get_or_create(
        sale=sale,
        version=sale.version,
        defaults={
            "invoice_link": _invoice_link(sale, xml),
            "certificate_link": link,
            "serial": signer.serial,
            "signed_by": actor,
        },
    )
    return kept


def _invoice_link(sale: Sale, xml: bytes) -> str:
    document = parse(xml)
    return invoice_link(
        _qr_url(sale),
        seller_nip=document.seller.nip or sale.client.taxpayer.nip,
        issue_date=document.issue_date,
        xml=xml,
    )


def _qr_url(sale: Sale) -> str:
    return environment(environment_of_sale(sale)).qr_url
