"""What a new invoice starts with: the client's habits, a contractor's data."""

from datetime import timedelta

from obieg.core.polish import today
from obieg.office.models import Client
from obieg.sales.content import (
    AccountContent,
    BuyerContent,
    PaymentContent,
    SaleContent,
    TermContent,
)
from obieg.sales.models import BankAccount, Contractor
from obieg.sales.sellers import profile_of


def beginning(client: Client, contractor: Contractor | None = None) -> SaleContent:
    """The content of a new invoice, for `contractor` where one is given."""
    profile = profile_of(client)
    days = profile.payment_days
    if contractor and contractor.payment_days is not None:
        days = contractor.payment_days
    return SaleContent(
        place=profile.place,
        buyer=buyer_of(contractor) if contractor else BuyerContent(),
        contractor=contractor.pk if contractor else None,
        payment=PaymentContent(
            method=profile.payment_method,
            terms=(TermContent(due=today() + timedelta(days=days)),),
            accounts=tuple(
                AccountContent(
                    number=account.number,
                    swift=account.swift,
                    bank=account.bank,
                    description=account.description,
                    factor=account.factor,
                )
                for account in accounts_of(client)
                if account.usual and account.currency == "PLN"
            ),
        ),
    )


def accounts_of(client: Client) -> list[BankAccount]:
    return list(BankAccount.objects.of_client(client).order_by("-usual", "pk"))


def buyer_of(contractor: Contractor) -> BuyerContent:
    """What an invoice for the contractor says about its buyer."""
    content = {"name": contractor.name, **contractor.content}
    return BuyerContent.model_validate(content)
