"""Amounts and accounts to look at before money is paid: compared with the seller's past."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db import connection

from obieg.fa.model import Invoice
from obieg.inbox.models import Direction
from obieg.inbox.signals import Arrival
from obieg.office.models import Client
from obieg.posting import attention
from obieg.posting.models import SellerAccount

SPLIT_PAYMENT_FROM = Decimal(15_000)  # gross in PLN: art. 108a(1a) VAT Act
TIMES_LARGEST = 3  # as much as the largest earlier invoice of the seller
ENOUGH = 4  # earlier invoices to know what is usual
SCAMS = ("wpis do", "wpisu do", "rejestr", "katalog", "baza firm", "opłata za publikacj", "domen")
_USUAL = """
    SELECT seller_nip, max(gross) FROM inbox_invoice
    WHERE client_id = %s AND direction = 'purchase' AND seller_nip = ANY(%s)
      AND currency = 'PLN' AND id <> ALL(%s)
    GROUP BY seller_nip HAVING count(*) >= %s
"""
_KEEP = """
    INSERT INTO posting_selleraccount (client_id, seller_nip, account, invoice_id)
    SELECT %s, seen.* FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS seen
    ON CONFLICT DO NOTHING
"""
Found = tuple[int, str]  # an invoice's id, and a code of `attention`


def watch(client: Client, arrivals: Sequence[Arrival]) -> Iterator[Found]:
    """What there is to look at in the purchases among `arrivals`."""
    bought = [one for one in arrivals if one.direction == Direction.PURCHASE]
    if not bought:
        return
    yield from _new_accounts(client, bought)
    yield from _unusual(client, bought)
    for arrival in bought:
        if _lacks_split_payment(arrival.invoice):
            yield arrival.invoice_id, attention.NO_SPLIT_PAYMENT
        if _looks_like_scam(arrival.invoice):
            yield arrival.invoice_id, attention.SCAM


def _new_accounts(client: Client, bought: Sequence[Arrival]) -> Iterator[Found]:
    """Invoices whose account the seller, known with another one, has never used before."""
    stated = {one.invoice_id: set(_accounts(one.invoice)) for one in bought}
    sellers = {one.invoice.seller.tax_id for one in bought if stated[one.invoice_id]}
    known: dict[str, set[str]] = {}
    rows = SellerAccount.objects.of_client(client).filter(seller_nip__in=sellers)
    for seller, account in rows.values_list("seller_nip", "account"):
        known.setdefault(seller, set()).add(account)
    fresh = []
    for arrival in bought:
        seller, accounts = arrival.invoice.seller.tax_id, stated[arrival.invoice_id]
        own = known.setdefault(seller, set())
        if seller and own and accounts and not accounts & own:
            yield arrival.invoice_id, attention.ACCOUNT_CHANGED
        seen = arrival.invoice_id
        fresh += [(seller, account, seen) for account in sorted(accounts - own) if seller]
        own |= accounts
    _keep(client, fresh)


def _keep(client: Client, fresh: Sequence[tuple[str, str, int]]) -> None:
    """Note the accounts of sellers that were seen for the first time."""
    if not fresh:
        return
    sellers, accounts, invoices = (list(column) for column in zip(*fresh, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [client.pk, [nip[:50] for nip in sellers], accounts, invoices])


def _accounts(invoice: Invoice) -> Iterator[str]:
    for account in (*invoice.payment.accounts, *invoice.payment.factor_accounts):
        if number := "".join(account.number.split())[:40]:
            yield number


def _unusual(client: Client, bought: Sequence[Arrival]) -> Iterator[Found]:
    sellers = list({one.invoice.seller.tax_id for one in bought})
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [client.pk, sellers, [one.invoice_id for one in bought], ENOUGH])
        largest = dict(cursor.fetchall())
    for arrival in bought:
        invoice = arrival.invoice
        usual = largest.get(invoice.seller.tax_id)
        if usual and invoice.currency == "PLN" and invoice.total > TIMES_LARGEST * usual:
            yield arrival.invoice_id, attention.UNUSUAL


def _lacks_split_payment(invoice: Invoice) -> bool:
    return (
        invoice.currency == "PLN"
        and invoice.total > SPLIT_PAYMENT_FROM
        and not invoice.annotations.split_payment
    )


def _looks_like_scam(invoice: Invoice) -> bool:
    """An offer dressed as an obligation: an entry in a catalogue that nobody ordered."""
    said = " ".join(row.description for row in invoice.lines).casefold()
    return any(word in said for word in SCAMS)
