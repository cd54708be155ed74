"""Three of the demo's clients sell in Obieg: profiles, buyers, and documents in several states."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from obieg.demo.milestones import reach, reached
from obieg.demo.world.documents import Document, Line
from obieg.demo.world.firms import Firm
from obieg.office.models import Client, Operator
from obieg.sales import contractors, drafts, issuing
from obieg.sales.content import (
    AccountContent,
    AddressContent,
    BuyerContent,
    LineContent,
    PaymentContent,
    SaleContent,
    TermContent,
)
from obieg.sales.models import BankAccount, Contractor, Sale, SellerProfile, Series
from obieg.sales.sending import send

SHOPS = 3
BUYERS = 6
OPENED = "shops_opened"
NUMBER_PATTERNS = (("FV", "FV/{nr}/{mm}/{rrrr}", ["VAT"]), ("KOR", "KOR/{nr}/{rrrr}", ["KOR"]))


def open_shops(
    clients: Sequence[Client], documents: Sequence[Document], seller: Operator, today: date
) -> None:
    """The first clients that sell to Polish firms; whole or not at all, once."""
    if reached(OPENED):
        return
    with transaction.atomic():
        chosen = _sellers(clients, documents)
        sales = [sale for client, sold in chosen for sale in _open(client, sold, seller, today)]
        reach(OPENED, sales=len(sales))


def _sellers(
    clients: Sequence[Client], documents: Sequence[Document]
) -> list[tuple[Client, list[Document]]]:
    """Clients with what they sold to Polish firms, ordinary invoices in złote."""
    sold: dict[str, list[Document]] = {}
    for document in documents:
        plain = document.kind == "VAT" and document.currency == "PLN" and document.buyer.nip
        if document.direction == "sale" and plain and not document.exemption:
            sold.setdefault(document.seller.nip, []).append(document)
    chosen = [(client, sold[client.nip]) for client in clients if len(sold.get(client.nip, ())) > 2]
    return chosen[:SHOPS]


def _open(
    client: Client, sold: Sequence[Document], seller: Operator, today: date
) -> Iterator[Sale]:
    firm = sold[0].seller
    _profile(client, firm)
    for buyer in {document.buyer.nip: document.buyer for document in sold[-BUYERS:]}.values():
        contractors.keep(
            Contractor(client=client, email=buyer.email, payment_days=14),
            _buyer(buyer),
            actor=seller,
        )
    yield from _documents(client, sold, seller, today)


def _profile(client: Client, firm: Firm) -> None:
    SellerProfile.objects.create(
        client=client,
        address1=firm.street,
        address2=firm.town,
        email=firm.email,
        place=firm.town.partition(" ")[2],
    )
    BankAccount.objects.create(client=client, number=firm.account, bank="Bank Pokazowy S.A.")
    for code, pattern, kinds in NUMBER_PATTERNS:
        Series.objects.create(client=client, code=code, pattern=pattern, kinds=kinds)


def _documents(
    client: Client, sold: Sequence[Document], seller: Operator, today: date
) -> Iterator[Sale]:
    """A draft, an unfinished one, one that is issued, one on its way, one that KSeF will refuse.

    The last has the number of an invoice that the client sent from another program.
    """
    like = [_content(document, today) for document in sold[-3:]]
    yield _draft(client, like[0], seller)
    yield _draft(client, like[1].model_copy(update={"buyer": BuyerContent()}), seller)
    issued, sent, refused = (
        _draft(client, content, seller)
        for content in (like[1], like[2], like[0].model_copy(update={"number": sold[0].number}))
    )
    for sale in (issued, sent, refused):
        issuing.issue(sale, actor=seller)
        yield sale
    send([sent, refused], actor=seller)


def _draft(client: Client, content: SaleContent, seller: Operator) -> Sale:
    return drafts.new_draft(client, content, origin=Sale.Origin.FORM, actor=seller)


def _content(document: Document, today: date) -> SaleContent:
    """What was sold before, sold again today."""
    account = AccountContent(number=document.seller.account, bank="Bank Pokazowy S.A.")
    return SaleContent(
        buyer=_buyer(document.buyer),
        prices="gross" if document.gross_priced else "net",
        lines=tuple(_line(line) for line in document.lines),
        payment=PaymentContent(
            method="6", terms=(TermContent(due=today + timedelta(days=14)),), accounts=(account,)
        ),
    )


def _line(line: Line) -> LineContent:
    """A line without the discount that it was sold with."""
    return LineContent(
        description=line.text,
        quantity=Decimal(line.quantity),
        unit=line.unit,
        price=line.price,
        rate=line.rate,
        gtu=line.gtu,
    )


def _buyer(firm: Firm) -> BuyerContent:
    address = AddressContent(line1=firm.street, line2=firm.town)
    return BuyerContent(name=firm.name, nip=firm.nip, address=address, email=firm.email)
