"""A small office for the pages: two clients, an operator of each, the owner, documents waiting."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from obieg.exports import services
from obieg.exports.models import Export
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Quarantined, Role
from obieg.office.models import Client, Operator
from obieg.posting.decisions import approve
from obieg.posting.models import Dekret, Link, Rule
from obieg.posting.rules import create_rule
from obieg.posting.suggestion import Treatment
from obieg.sales.models import Outage
from obieg.sales.offline.outages import enter
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row

SURE = "Olej napędowy"  # a default rule of the office posts it
UNKNOWN = "Usługa, o której nikt nic nie wie"


@dataclass
class Office:
    """Anna serves Bór, Zofia serves Cis, Ewa owns the office."""

    bor: Client
    cis: Client
    anna: Operator
    zofia: Operator
    ewa: Operator


def found() -> Office:
    """The office without documents."""
    bor, cis = ClientFactory(name="Bór sp. z o.o."), ClientFactory(name="Cis Jan Cis", kpir=True)
    ensure_channels(bor)
    return Office(
        bor,
        cis,
        anna=OperatorFactory(login="anna", name="Anna Nowak", serving=[bor]),
        zofia=OperatorFactory(login="zofia", name="Zofia Lis", serving=[cis]),
        ewa=OperatorFactory(login="ewa", name="Ewa Wilk", owner=True),
    )


def sure_purchases(client: Client, count: int) -> list[Dekret]:
    """Purchases that may be approved as proposed."""
    return [
        purchase(
            client,
            number=f"PALIWO/{place}/2026",
            seller_name=f"Stacja {place} sp. z o.o.",
            rows=[Row(SURE, Decimal(100 + place))],
        )
        for place in range(1, count + 1)
    ]


def unknown_purchase(client: Client, number: str = "NIEZNANA/1/2026") -> Dekret:
    """A purchase that has to be classified by hand."""
    return purchase(client, number=number, rows=[Row(UNKNOWN, Decimal("500.00"))])


def one_sale(client: Client) -> Dekret:
    return sale(client, number="S/1/2026", rows=[Row("Montaż okien", Decimal("1000.00"))])


def exported(client: Client, operator: Operator) -> Export:
    """A file with one approved purchase."""
    decided = approve(sure_purchases(client, 1)[0], operator=operator)
    assert decided.period is not None
    return services.export(client, decided.period, operator=operator)


def unreadable(client: Client) -> Quarantined:
    """A file of the client that is no invoice."""
    return Quarantined.objects.create(
        client=client,
        environment=client.environment,
        role=Role.BUYER,
        ksef_number="9990000018-20261103-000000000001-00",
        name="9990000018-20261103-000000000001-00.xml",
        content=b"<not an invoice>",
        error_code="fa.malformed",
        error_text="Plik nie jest poprawnym dokumentem XML.",
        at=timezone.now(),
    )


def own_rule(client: Client, operator: Operator) -> Rule:
    """A rule of the client's own."""
    return create_rule(
        operator=operator,
        client=client,
        name="Bór: olej",
        direction="purchase",
        text="olej",
        treatment=Treatment(account="401-05"),
    )


def double(client: Client) -> Link:
    """The link of two purchases that may be one."""
    first, second = (unknown_purchase(client, number) for number in ("FV 7/2026", "FV/007/2026"))
    return Link.objects.of_client(client).get(invoice=second.invoice_id, other=first.invoice_id)


def outage(operator: Operator) -> Outage:
    """An outage of KSeF that a person entered, and that lasts."""
    return enter(
        environment="test",
        kind=Outage.Kind.FAILURE,
        started_at=timezone.now(),
        ended_at=None,
        text="komunikat w BIP",
        actor=operator,
    )
