"""Clients that sell, their drafts, and sales documents in any state."""

import base64
import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from obieg.core.ksef_number import crc8
from obieg.fa.build import build
from obieg.fa.model import Invoice
from obieg.office.models import Client, Operator
from obieg.sales.columns import columns_of
from obieg.sales.compose import compose
from obieg.sales.content import (
    AccountContent,
    AddressContent,
    BuyerContent,
    LineContent,
    PaymentContent,
    SaleContent,
    TermContent,
)
from obieg.sales.models import Contractor, KsefSession, Sale, SaleXml, SellerProfile, Upo
from obieg.sales.sellers import seller_of
from obieg.sales.states import OfflineMode, SaleState, SessionState
from tests.posting.factories import ClientFactory, OperatorFactory, invented_nip

BUYER_NIP = "9992985876"
ISSUED = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACCOUNT = "73111111111111111111111111"
_numbers = count(1)
_NUMBERED = frozenset(SaleState) - {SaleState.DRAFT}


def a_client(**changes: Any) -> Client:
    """A client of the emulator, with its profile as a seller."""
    client: Client = ClientFactory(**changes)
    a_profile(client)
    return client


def a_profile(client: Client | None = None, **changes: Any) -> SellerProfile:
    """The profile of a client (a new one where none is given), with the address invoices need."""
    client = client or ClientFactory()
    usual = {"address1": "ul. Sadowa 1", "address2": "00-001 Warszawa", "place": "Warszawa"}
    profile, _ = SellerProfile.objects.of_client(client).update_or_create(
        client=client, defaults={**usual, **changes}
    )
    return profile


def an_issuer(*clients: Client) -> Operator:
    """An operator who may issue and send for these clients."""
    operator: Operator = OperatorFactory(serving=list(clients))
    return operator


def a_buyer(**changes: Any) -> BuyerContent:
    """A Polish firm."""
    address = AddressContent(line1="ul. Leśna 2", line2="00-002 Kraków")
    return BuyerContent(name="Bór sp. z o.o.", nip=BUYER_NIP, address=address).model_copy(
        update=changes
    )


def a_contractor(client: Client, **changes: Any) -> Contractor:
    """A buyer in the client's list."""
    buyer = a_buyer()
    usual = {
        "name": buyer.name,
        "sort_key": buyer.name.casefold(),
        "search": f"{buyer.name} {buyer.nip}".casefold(),
        "content": buyer.model_dump(mode="json", exclude_defaults=True),
    }
    return Contractor.objects.create(client=client, **{**usual, **changes})


def a_line(**changes: Any) -> LineContent:
    """Two pieces at 100 zł net, 23 %."""
    usual = {
        "description": "Papier ksero A4",
        "quantity": Decimal(2),
        "unit": "szt.",
        "price": Decimal("100.00"),
        "rate": "23",
    }
    return LineContent(**{**usual, **changes})


def a_content(**changes: Any) -> SaleContent:
    """An ordinary invoice: one line, 200,00 + 46,00 zł, transfer in 14 days."""
    usual = {
        "place": "Warszawa",
        "buyer": a_buyer(),
        "lines": (a_line(),),
        "payment": PaymentContent(
            method="6",
            terms=(TermContent(count=14, unit="dni", event="wystawienie faktury"),),
            accounts=(AccountContent(number=ACCOUNT),),
        ),
    }
    return SaleContent(**{**usual, **changes})


def a_ksef_number(nip: str = "9990511625", day: date = ISSUED) -> str:
    """A KSeF number with a right check sum, another one each time."""
    body = f"{nip}-{day:%Y%m%d}-{next(_numbers):012X}"
    return f"{body}-{crc8(body.encode()):02X}"


def a_session(client: Client, **changes: Any) -> KsefSession:
    """An open online session."""
    usual = {
        "environment": client.environment,
        "kind": KsefSession.Kind.ONLINE,
        "form": "FA(3)",
        "state": SessionState.OPEN,
        "reference": f"20261120-SO-{next(_numbers):010d}",
        "sealed_key": b"",
        "valid_until": datetime(2026, 11, 21, 0, 0, tzinfo=UTC),
    }
    return KsefSession.objects.create(client=client, **{**usual, **changes})


def a_sale(
    state: str = SaleState.DRAFT,
    *,
    client: Client | None = None,
    content: SaleContent | None = None,
    **changes: Any,
) -> Sale:
    """A document that has reached `state`; past the draft it has its number and frozen bytes."""
    client = client or a_client()
    content = content or a_content()
    columns = {
        **columns_of(content),
        "content": content.model_dump(mode="json", exclude_defaults=True),
    }
    if state not in _NUMBERED:
        return Sale.objects.create(client=client, origin="form", **{**columns, **changes})
    columns |= {"number": f"FV/{next(_numbers)}/11/2026", "issue_date": ISSUED, "issued_at": NOW}
    columns |= {"version": 1, "environment": client.environment, **changes}
    xml = build(_document(client, content, columns["number"]))
    columns.setdefault("sha256", base64.b64encode(hashlib.sha256(xml).digest()).decode())
    facts = {**_facts(client, state), **columns}
    sale = Sale.objects.create(client=client, origin="form", state=state, **facts)
    SaleXml.objects.create(
        sale=sale, version=1, sha256=sale.sha256, size=len(xml), content=xml, at=NOW
    )
    return sale


def _facts(client: Client, state: str) -> dict[str, Any]:
    """What the columns of sending hold in `state`."""
    accepted = {"ksef_number": a_ksef_number(client.nip), "acquired_at": NOW, "stored_at": NOW}
    sent = {"claimed_at": NOW, "reference": f"20261120-EE-{next(_numbers):010d}"}
    match state:
        case SaleState.WAITING:
            return {"offline_mode": OfflineMode.OFFLINE24, "offline_deadline": date(2026, 11, 23)}
        case SaleState.SENDING:
            return {**sent, "session": a_session(client)}
        case SaleState.ACCEPTED:
            return {**sent, **accepted, "ksef_code": 200, "sent_at": NOW}
        case SaleState.CONFIRMED:
            upo = Upo.objects.create(
                client=client,
                environment=client.environment,
                reference=accepted["ksef_number"],
                sha256="",
                content=b"<Potwierdzenie/>",
            )
            return {**sent, **accepted, "ksef_code": 200, "sent_at": NOW, "upo": upo}
        case SaleState.REJECTED:
            return {**sent, "ksef_code": 450, "ksef_text": "Błąd weryfikacji semantyki dokumentu"}
    return {}


def _document(client: Client, content: SaleContent, number: str) -> Invoice:
    return compose(
        content, seller=seller_of(client), number=number, issue_date=ISSUED, created_at=NOW
    )


__all__ = [
    "ACCOUNT",
    "BUYER_NIP",
    "ISSUED",
    "NOW",
    "a_buyer",
    "a_client",
    "a_content",
    "a_contractor",
    "a_ksef_number",
    "a_line",
    "a_profile",
    "a_sale",
    "a_session",
    "an_issuer",
    "invented_nip",
]
