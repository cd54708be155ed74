"""Sending one by one, in the session that the client keeps open."""

import base64

from django.utils import timezone

from obieg.core.errors import Transient, UserFixable
from obieg.ksef.errors import KsefRefused, KsefUnavailable, SessionEnded
from obieg.ksef.gateway import Gateway
from obieg.office.models import Client
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending import claiming, sessions
from obieg.sales.sending.documents import xml_of
from obieg.sales.sending.errors import BytesLost, SessionLeft
from obieg.sales.sending.queueing import ONLINE, due


def send_due(client: Client, ksef: Gateway) -> bool:
    """Send everything that is due online; whether there was anything."""
    ids = list(due(client, ONLINE).values_list("pk", flat=True))
    for sale_id in ids:
        try:
            _send(sale_id, client, ksef)
        except (SessionEnded, SessionLeft):  # between our look and the call: in another one
            _send(sale_id, client, ksef)
    return bool(ids)


def _send(sale_id: int, client: Client, ksef: Gateway) -> None:
    sale = Sale.objects.of_client(client).get(pk=sale_id)
    try:
        xml = xml_of(sale)
    except BytesLost as missing:
        Sale.objects.of_client(client).filter(pk=sale_id).update(
            queued_version=None, ksef_text=str(missing)
        )
        return
    session = sessions.usable(client, ksef, opened_by=sale.queued_by)
    claimed = claiming.claim(sale_id, session)
    if claimed is None:
        return
    sessions.note(session, used_at=timezone.now())
    try:
        reference = _call(claimed, xml, session, ksef)
    except KsefUnavailable as error:
        if not error.ambiguous:
            claiming.release(claimed, text=str(error))
        raise
    except SessionEnded:
        claiming.release(claimed)
        sessions.begin_closing(session)  # a full one is still open; else it is in vain
        raise
    except KsefRefused as refused:
        claiming.release(claimed, text=str(refused), code=None, again=False)
        return
    except (Transient, UserFixable) as error:  # a limit, a lock, an access: nothing was sent
        claiming.release(claimed, text=str(error))
        raise
    claiming.record_reference(claimed, reference)


def _call(sale: Sale, xml: bytes, session: KsefSession, ksef: Gateway) -> str:
    corrects = base64.b64decode(sale.corrects_sha256) if sale.corrects_sha256 else None
    return ksef.sessions.send(
        session.reference,
        xml,
        sessions.key_of(session),
        offline=bool(sale.offline_mode),
        corrects=corrects,
    )
