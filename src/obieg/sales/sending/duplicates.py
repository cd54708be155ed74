"""A refusal as a duplicate (440): where the original has our bytes, it is our acceptance."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from obieg.inbox.models import Role
from obieg.ksef.errors import KsefRefused
from obieg.ksef.gateway import Gateway
from obieg.ksef.metadata import InvoiceMetadata
from obieg.ksef.sessions import InvoiceStatus
from obieg.sales.acceptance import Grant, Refusal, accept, reject
from obieg.sales.models import Sale
from obieg.sales.sending.errors import OriginalUnseen

AROUND = timedelta(days=2)  # the day in the number is the day of acceptance, in Warsaw


def judge(sale: Sale, answer: InvoiceStatus, ksef: Gateway) -> None:
    """Accept `sale` with the original's number, where that is the same file; else it is refused.

    OriginalUnseen as long as KSeF does not show the original.
    """
    number = answer.original_ksef_number
    if number is None or not _is_same_file(sale, number, ksef):
        reject(sale.client, [(sale, Refusal(answer.code, answer.text))])
        return
    entry = _described(sale, number, ksef)
    grant = Grant(
        number,
        entry.acquisition_date,
        entry.permanent_storage_date,
        code=answer.code,
        text=f"Przyjęta już wcześniej. {answer.text}",
        session=answer.original_session or "",
    )
    accept(sale.client, [(sale, grant)])


def _is_same_file(sale: Sale, number: str, ksef: Gateway) -> bool:
    try:
        xml = ksef.invoice(number)
    except KsefRefused:
        return False  # not shown to this client: somebody else's
    return base64.b64encode(hashlib.sha256(xml).digest()).decode() == sale.sha256


def _described(sale: Sale, number: str, ksef: Gateway) -> InvoiceMetadata:
    accepted = datetime.strptime(number[11:19], "%Y%m%d").replace(tzinfo=UTC)
    for role in (Role.SELLER, Role.BUYER):
        page = ksef.metadata(
            role=role,
            date_from=accepted - AROUND,
            date_to=accepted + AROUND,
            ksef_number=number,
            date_type="Invoicing",
        )
        if page.entries:
            return page.entries[0]
    raise OriginalUnseen(number=str(sale))
