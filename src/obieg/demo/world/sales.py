"""What the office's clients sell in the month."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from obieg.demo.world.buyers import draw_person
from obieg.demo.world.calendar import moment_on
from obieg.demo.world.clients import Client
from obieg.demo.world.documents import Document
from obieg.demo.world.firms import Firm
from obieg.demo.world.items import items_of
from obieg.demo.world.lines import Pricing, draw_lines, words_for
from obieg.demo.world.numbering import Numbering
from obieg.demo.world.rates import rate_of
from obieg.demo.world.truth import truths_of

ABROAD_SHARE = 0.1  # of the sales of those who sell abroad
PERSON_SHARE = 0.03
NUMBERS = ("FV/{n}/{mm}/{yyyy}", "{n}/{yyyy}", "FS {n}/{mm}/{yyyy}", "F/{yyyy}/{mm}/{n}")
TERMS = (7, 14, 14, 21, 30)
EXEMPTION = {"clinic": "art. 43 ust. 1 pkt 18 ustawy", "school": "art. 43 ust. 1 pkt 29 ustawy"}


def draw_sales(
    random: Random,
    clients: list[Client],
    buyers: list[Firm],
    abroad: list[Firm],
    days: list[date],
    numbering: Numbering,
) -> Iterator[Document]:
    """One sale for each of `days`, which are in order."""
    usual = {client.firm.nip: random.sample(buyers, 4 + client.size) for client in clients}
    selling = random.choices(clients, [client.size for client in clients], k=len(days))
    for day, client in zip(days, selling, strict=True):
        if client.trade.foreign and random.random() < ABROAD_SHARE:
            yield draw_foreign_sale(random, client, random.choice(abroad), day, numbering)
        elif random.random() < PERSON_SHARE:
            yield draw_sale(random, client, draw_person(random), day, numbering)
        else:
            yield draw_sale(random, client, random.choice(usual[client.firm.nip]), day, numbering)


def draw_sale(
    random: Random,
    client: Client,
    buyer: Firm,
    day: date,
    numbering: Numbering,
    currency: str = "PLN",
) -> Document:
    nip = client.firm.nip
    words = words_for(random, client, day)
    exchange_rate = rate_of(currency, day)
    pricing = Pricing(exchange_rate=exchange_rate)
    term = TERMS[int(nip[4]) % len(TERMS)]
    document = Document(
        client=client,
        direction="sale",
        seller=client.firm,
        buyer=buyer,
        kind="VAT",
        number=numbering.next(nip, NUMBERS[int(nip[5]) % len(NUMBERS)], day),
        issued=day,
        made_at=moment_on(random, day),
        lines=draw_lines(random, items_of(f"sale {client.trade.key}"), (1, 4), pricing, words),
        currency=currency,
        exchange_rate=exchange_rate,
        exemption=EXEMPTION.get(client.trade.key, ""),
        due=day + timedelta(days=term),
    )
    document.truth = truths_of(document, words["project"])
    return document


def draw_foreign_sale(
    random: Random, client: Client, buyer: Firm, day: date, numbering: Numbering
) -> Document:
    """Goods go at „0 WDT”, services are taxed by the buyer („np II”)."""
    document = draw_sale(random, client, buyer, day, numbering, currency="EUR")
    goods = document.lines[0].category != "sold_services"
    for line in document.lines:
        line.rate = "0 WDT" if goods else "np II"
        line.gtu = ""
    document.truth = truths_of(document, "")
    return document
