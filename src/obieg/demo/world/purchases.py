"""What the office's clients buy in the month."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from obieg.demo.world.calendar import moment_on, month_of
from obieg.demo.world.clients import Client
from obieg.demo.world.details import draw_details
from obieg.demo.world.documents import Balance, Document
from obieg.demo.world.lines import Pricing, draw_lines, words_for
from obieg.demo.world.numbering import Numbering
from obieg.demo.world.rates import rate_of
from obieg.demo.world.suppliers import Supplier
from obieg.demo.world.truth import truths_of

STRANGER_SHARE = 0.04  # bought from somebody for the first time
BALANCE_SHARE = 0.18  # of those sellers that bill balances
SIMPLIFIED_UP_TO = Decimal(450)  # gross, PLN; art. 106e(5)(3)


def draw_purchases(
    random: Random,
    clients: list[Client],
    suppliers: dict[str, list[Supplier]],
    days: list[date],
    numbering: Numbering,
) -> Iterator[Document]:
    """One purchase for each of `days`, which are in order."""
    sizes = [client.size * sum(client.weights.values()) for client in clients]
    buying = random.choices(clients, sizes, k=len(days))
    for day, client in zip(days, buying, strict=True):
        supplier = choose_supplier(random, client, suppliers)
        yield draw_purchase(random, client, supplier, day, numbering)


def choose_supplier(
    random: Random, client: Client, suppliers: dict[str, list[Supplier]]
) -> Supplier:
    kind = random.choices(list(client.weights), list(client.weights.values()))[0]
    if random.random() < STRANGER_SHARE:
        return random.choice(suppliers[kind])
    return random.choice(client.suppliers[kind])


def draw_purchase(
    random: Random, client: Client, supplier: Supplier, day: date, numbering: Numbering
) -> Document:
    kind = supplier.kind
    words = words_for(random, client, day)
    exchange_rate = rate_of(kind.currency, day)
    pricing = Pricing(kind.gross_priced, exchange_rate)
    document = Document(
        client=client,
        direction="purchase",
        seller=supplier.firm,
        buyer=client.firm,
        kind="VAT",
        number=numbering.next(supplier.firm.nip, kind.number, day),
        issued=day,
        made_at=moment_on(random, day),
        lines=draw_lines(random, supplier.items, kind.lines, pricing, words),
        gross_priced=kind.gross_priced,
        period=month_of(day) if kind.periodic else None,
        currency=kind.currency,
        exchange_rate=exchange_rate,
        exemption=kind.exemption,
        payment=kind.payment,
        due=day + timedelta(days=kind.term) if kind.term else None,
        paid=not kind.term,
        details=draw_details(random, kind.details, client, words),
        balance=draw_balance(random) if kind.previous_balance else None,
        system=kind.system,
    )
    if document.paid and document.gross_priced and simplified(document):
        document.kind = "UPR"
    document.truth = truths_of(document, words["project"])
    return document


def simplified(document: Document) -> bool:
    """A paid receipt-like invoice may be simplified; every third is."""
    small = sum(line.amount for line in document.lines) <= SIMPLIFIED_UP_TO
    return small and int(document.made_at.second) % 3 == 0


def draw_balance(random: Random) -> Balance | None:
    """Now and then a bill carries what was unpaid, or overpaid, before."""
    if random.random() > BALANCE_SHARE:
        return None
    amount = Decimal(random.randint(500, 24_000)) / 100
    if random.random() < 0.3:
        return Balance(
            min(amount, Decimal("4.90")), "Nadpłata z poprzedniego okresu", deducted=True
        )
    return Balance(amount, "Saldo nierozliczone z poprzedniego okresu", deducted=False)
