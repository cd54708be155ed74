"""A refusal as a duplicate (440): where the original has our bytes, it is our acceptance."""

import base64
import hashlib

from obieg.inbox.models import Role
from obieg.ksef.errors import KsefRefused
from obieg.ksef.gateway import Gateway
from obieg.ksef.lookup import look_up
from obieg.ksef.sessions import InvoiceStatus
from obieg.sales.acceptance import Grant, Refusal, accept, reject
from obieg.sales.models import Sale
from obieg.sales.sending.errors import OriginalUnseen


def judge(sale: Sale, answer: InvoiceStatus, ksef: Gateway) -> None:
    """Accept `sale` with the original's number, where that is the same file; else it is refused.

    OriginalUnseen as long as KSeF does not show the original.
    """
    number = answer.original_ksef_number
    if number is None or not _is_same_file(sale, number, ksef):
        reject(sale.client, [(sale, Refusal(answer.code, answer.text))])
        return
    seen = look_up(ksef, number, (Role.SELLER, Role.BUYER))
    if seen is None:
        raise OriginalUnseen(number=str(sale))
    grant = Grant(
        number,
        seen.entry.acquisition_date,
        seen.entry.permanent_storage_date,
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
