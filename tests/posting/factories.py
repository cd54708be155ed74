"""An office with clients, books, operators and documents, as the product itself makes them."""

import base64
import hashlib
from datetime import UTC, datetime
from itertools import count

import factory
from factory.django import DjangoModelFactory

from obieg.core.nip import check_digit, is_nip
from obieg.fa.parse import parse
from obieg.inbox.columns import NAMES, columns_of
from obieg.inbox.models import Direction, Invoice, InvoiceXml, Role
from obieg.inbox.signals import Arrival, invoices_stored
from obieg.office.models import AccountingForm, Assignment, Client, KsefEnvironment, Operator
from obieg.posting.charts import apply_template
from obieg.posting.models import Dekret
from tests.posting.papers import Paper

RECEIVED = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
_numbers = count(1)


def invented_nip(number: int) -> str:
    """The `number`-th invented NIP with a right check digit."""
    candidates = (f"999{place:06d}{check_digit(f'999{place:06d}')}" for place in count(number * 7))
    return next(nip for nip in candidates if is_nip(nip))


class ClientFactory(DjangoModelFactory):
    """A client with its books: full books, or `kpir` or `ryczalt`."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    class Params:
        kpir = factory.Trait(accounting_form=AccountingForm.KPIR)
        ryczalt = factory.Trait(accounting_form=AccountingForm.RYCZALT)
        exempt = factory.Trait(vat_period="exempt")

    nip = factory.Sequence(lambda number: invented_nip(1000 + number))
    name = factory.Sequence(lambda number: f"Klient {number} sp. z o.o.")
    environment = KsefEnvironment.EMULATOR

    @factory.post_generation
    def books(self, create: bool, extracted: bool | None, **_: object) -> None:
        if extracted is not False:
            apply_template(self)


class OperatorFactory(DjangoModelFactory):
    """An operator without clients; `serving` names them, `owner` sees all."""

    class Meta:
        model = Operator
        skip_postgeneration_save = True

    class Params:
        owner = factory.Trait(sees_all_clients=True, role="owner")

    login = factory.Sequence(lambda number: f"operator{number}")
    name = factory.Sequence(lambda number: f"Anna Nowak {number}")
    password = "!"

    @factory.post_generation
    def serving(self, create: bool, extracted: list[Client] | None, **_: object) -> None:
        for client in extracted or []:
            Assignment.objects.create(operator=self, client=client)


def store(client: Client, *papers: Paper, direction: str = Direction.PURCHASE) -> list[Dekret]:
    """Documents of the client, stored as the inbox does it, with the dekrets proposed for them."""
    return store_xml(client, *(paper.xml() for paper in papers), direction=direction)


def store_xml(
    client: Client, *documents: bytes, direction: str = Direction.PURCHASE
) -> list[Dekret]:
    """The same from their bytes."""
    arrivals = [arrival_of(client, xml, direction) for xml in documents]
    invoices_stored.send(sender=None, client=client, arrivals=arrivals, received_at=RECEIVED)
    ids = [arrival.invoice_id for arrival in arrivals]
    rows = Dekret.objects.of_client(client).filter(invoice__in=ids)
    return list(rows.select_related("invoice", "client").order_by("invoice"))


def purchase(client: Client, paper: Paper | None = None, **changes: object) -> Dekret:
    """One purchase of the client, proposed and queued."""
    own = (paper or Paper()).but(buyer=client.nip, buyer_name=client.name, **changes)
    return store(client, own)[0]


def sale(client: Client, paper: Paper | None = None, **changes: object) -> Dekret:
    """One sale of the client, proposed and queued."""
    other = {"buyer": "9990000018", "buyer_name": "Orlik sp. z o.o."}
    own = (paper or Paper()).but(**{**other, "seller": client.nip, "seller_name": client.name})
    return store(client, own.but(**changes), direction=Direction.SALE)[0]


def arrival_of(client: Client, xml: bytes, direction: str) -> Arrival:
    """A document that the inbox has stored and told nobody of yet."""
    document = parse(xml)
    stored = Invoice.objects.create(
        client=client,
        ksef_number=f"{document.seller.nip}-20261120-{next(_numbers):012X}-00",
        environment=client.environment,
        direction=direction,
        roles=[str(Role.SELLER if direction == Direction.SALE else Role.BUYER)],
        received_at=RECEIVED,
        stored_at=RECEIVED,
        acquired_at=datetime(2026, 11, 19, 12, 0, tzinfo=UTC),
        sha256=base64.b64encode(hashlib.sha256(xml).digest()).decode(),
        size=len(xml),
        **dict(zip(NAMES, columns_of(document), strict=True)),
    )
    InvoiceXml.objects.create(invoice=stored, xml=xml)
    return Arrival(stored.pk, direction, document)
