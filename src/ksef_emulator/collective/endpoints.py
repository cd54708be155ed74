"""Operations of /collective-identifiers."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pydantic import AwareDatetime, Field
from starlette.responses import Response

from ksef_emulator.collective.records import (
    CollectiveIdentifier,
    Member,
    Payment,
    collective_identifiers,
)
from ksef_emulator.continuation import continued
from ksef_emulator.currencies import CURRENCIES
from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.identifiers import KSEF_NUMBER_PATTERN, IdentifierType, KsefNumber
from ksef_emulator.limits.rates import Group
from ksef_emulator.limits.sessions import context_limits
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.records import Permission
from ksef_emulator.wire import ContinuedPage, Model

NEEDS = (
    Permission.INVOICE_READ,
    Permission.INVOICE_WRITE,
    Permission.COLLECTIVE_IDENTIFIER_MANAGE,
)
IDENTIFIERS_PER_INVOICE = 132
NUMBERS_PER_QUERY = 10
LONGEST_RANGE = timedelta(days=100)


class PaymentBody(Model):
    """What is paid for an invoice."""

    amount: Decimal
    currency: str


class MemberBody(Model):
    """An invoice to be grouped."""

    ksef_number: KsefNumber
    payment: PaymentBody | None = None
    description: str | None = Field(default=None, max_length=512)


class Generate(Model):
    """POST /collective-identifiers."""

    invoices: list[MemberBody] = Field(min_length=2)


class Query(Model):
    """POST /collective-identifiers/query."""

    collective_identifier_number: str | None = None
    date_created_from: AwareDatetime
    date_created_to: AwareDatetime
    invoice_count_from: int | None = None
    invoice_count_to: int | None = None
    created_in_current_context: bool | None = None

    def fits(self, item: CollectiveIdentifier, *, own: bool) -> bool:
        """Whether the identifier is asked for."""
        count = len(item.members)
        return (
            self.collective_identifier_number in {None, item.number}
            and self.date_created_from <= item.created <= self.date_created_to
            and (self.invoice_count_from is None or count >= self.invoice_count_from)
            and (self.invoice_count_to is None or count <= self.invoice_count_to)
            and self.created_in_current_context in {None, own}
        )


class InvoicesQuery(Model):
    """POST /collective-identifiers/invoices."""

    collective_identifier_numbers: list[str]


class IdentifierPage(ContinuedPage):
    """Paging of identifiers."""

    page_size: int = Field(default=10, ge=10, le=200)


class MemberPage(ContinuedPage):
    """Paging of invoices."""

    page_size: int = Field(default=10, ge=10, le=500)


@operation(
    "POST",
    "/collective-identifiers",
    group=Group.COLLECTIVE_IDENTIFIER,
    needs=NEEDS,
    status=201,
)
def generate(call: Call) -> dict[str, Any]:
    """Group invoices of one seller under a new number."""
    body = call.body(Generate)
    numbers = [member.ksef_number for member in body.invoices]
    _check_request(call, body, numbers)
    seller = _common_seller(call, numbers)
    _check_membership(call, numbers)
    now = call.world.clock.now()
    made = CollectiveIdentifier(
        number=call.world.numbering.collective(seller, now),
        context=call.context,
        seller=seller,
        created=now,
        members=tuple(_member(member) for member in body.invoices),
    )
    collective_identifiers(call.world).put(made.number, made, owner=str(call.context), tag=seller)
    return {"collectiveIdentifierNumber": made.number}


def _member(body: MemberBody) -> Member:
    payment = body.payment and Payment(amount=body.payment.amount, currency=body.payment.currency)
    return Member(
        ksef_number=body.ksef_number, payment=payment or None, description=body.description
    )


def _check_request(call: Call, body: Generate, numbers: list[str]) -> None:
    limit = context_limits(call.world, call.context).collective_identifier.max_invoices
    if len(numbers) > limit:
        raise invalid(f"'invoices': Maksymalna liczba faktur to {limit}.")
    for member in body.invoices:
        if member.payment is not None and member.payment.currency not in CURRENCIES:
            raise invalid("'invoices.payment.currency': Niedozwolona wartość.")
    repeated = next((number for number, count in Counter(numbers).items() if count > 1), None)
    if repeated is not None:
        detail = f"Powtórzony numer KSeF {repeated}."
        raise BadRequest(71005, "Powtórzony numer KSeF w żądaniu.", detail)


def _common_seller(call: Call, numbers: list[str]) -> str:
    for number in numbers:
        if not _sees(call, number):
            raise BadRequest(
                71001,
                "Faktura o podanym identyfikatorze nie istnieje.",
                f"Faktura o numerze KSeF {number} nie została znaleziona.",
            )
    seller = numbers[0][:10]
    for number in numbers:
        if number[:10] != seller:
            raise BadRequest(
                71004,
                "Faktury mają różnych sprzedawców.",
                f"Faktura o numerze KSeF {number} ma innego sprzedawcę.",
            )
    return seller


def _sees(call: Call, number: str) -> bool:
    """Whether the context has a role on the invoice."""
    return bool(
        call.world.db.row(
            "SELECT 1 FROM invoices JOIN parties ON invoice_id = id"
            " WHERE ksef_number = ? AND value = ?",
            (number, call.context.value),
        )
    )


def _check_membership(call: Call, numbers: list[str]) -> None:
    own = collective_identifiers(call.world).find(owner=str(call.context))
    used = Counter(member.ksef_number for item in own for member in item.members)
    for number in numbers:
        if used[number] >= IDENTIFIERS_PER_INVOICE:
            raise BadRequest(
                71002,
                "Faktura jest już przypisana do maksymalnej liczby Identyfikatorów Zbiorczych.",
                f"Faktura o numerze KSeF {number} jest już przypisana do maksymalnej liczby"
                " Identyfikatorów Zbiorczych.",
            )


@operation("POST", "/collective-identifiers/query", group=Group.COLLECTIVE_IDENTIFIER, needs=NEEDS)
def query(call: Call) -> dict[str, Any]:
    """Identifiers that the context made, or on whose invoices it is the seller."""
    page, body = call.query(IdentifierPage), call.body(Query)
    if body.date_created_to - body.date_created_from > LONGEST_RANGE:
        raise invalid("'dateCreatedFrom': Maksymalny przedział czasu to 100 dni.")
    shelf = collective_identifiers(call.world)
    found = {item.number: item for item in shelf.find(owner=str(call.context))}
    if call.context.type is IdentifierType.NIP:
        found |= {item.number: item for item in shelf.find(tag=call.context.value)}
    wanted = [item for item in found.values() if body.fits(item, own=_is_own(call, item))]
    shown, token = continued(call, _ordered(wanted), page.page_size)
    listed = [{**_listed(call, item), "invoiceCount": len(item.members)} for item in shown]
    return {"continuationToken": token, "collectiveIdentifiers": listed}


def _is_own(call: Call, item: CollectiveIdentifier) -> bool:
    return item.context == call.context


def _ordered(items: list[CollectiveIdentifier]) -> list[CollectiveIdentifier]:
    return sorted(items, key=lambda item: (item.created, item.number), reverse=True)


def _listed(call: Call, item: CollectiveIdentifier) -> dict[str, Any]:
    return {
        "collectiveIdentifierNumber": item.number,
        "dateCreated": item.created.isoformat(),
        "createdInCurrentContext": _is_own(call, item),
    }


@operation(
    "POST", "/collective-identifiers/invoices", group=Group.COLLECTIVE_IDENTIFIER, needs=NEEDS
)
def invoices(call: Call) -> Response:
    """The invoices under given numbers; details only for those concerned."""
    page, body = call.query(MemberPage), call.body(InvoicesQuery)
    numbers = body.collective_identifier_numbers
    if len(numbers) > NUMBERS_PER_QUERY:
        raise invalid("'collectiveIdentifierNumbers': Maksymalna liczba to 10.")
    shelf = collective_identifiers(call.world)
    items = [item for number in dict.fromkeys(numbers) if (item := shelf.get(number))]
    pairs = [(item, member) for item in items for member in item.members]
    pairs.sort(key=lambda pair: pair[1].ksef_number, reverse=True)
    shown, token = continued(call, pairs, page.page_size)
    texts = ",".join(
        member.as_json(item.number, visible=_is_own(call, item) or _sees(call, member.ksef_number))
        for item, member in shown
    )
    mark = f'"{token}"' if token else "null"
    return Response(
        f'{{"continuationToken":{mark},"invoices":[{texts}]}}', media_type="application/json"
    )


@operation(
    "GET",
    "/collective-identifiers/ksef/{ksefNumber}",
    group=Group.COLLECTIVE_IDENTIFIER,
    needs=NEEDS,
)
def of_invoice(call: Call) -> dict[str, Any]:
    """The identifiers of one invoice."""
    page, number = call.query(IdentifierPage), call.path("ksefNumber")
    if not re.fullmatch(KSEF_NUMBER_PATTERN, number):
        raise invalid("'ksefNumber': Nieprawidłowy format.")
    found = [
        item
        for item in collective_identifiers(call.world).find(tag=number[:10])
        if any(member.ksef_number == number for member in item.members)
    ]
    shown, token = continued(call, _ordered(found), page.page_size)
    listed = [_listed(call, item) for item in shown]
    return {"continuationToken": token, "collectiveIdentifiers": listed}
