"""Payment, settlement and the terms of the transaction."""

from datetime import date
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.fa.codec import read_token
from obieg.fa.model import (
    BankAccount,
    Charge,
    Contract,
    PartialPayment,
    Payment,
    PaymentTerm,
    PromptPaymentDiscount,
    PurchaseOrder,
    Settlement,
    Terms,
)
from obieg.sales.content import (
    AccountContent,
    ChargeContent,
    PaidContent,
    PaymentContent,
    SaleContent,
    TermContent,
)

_IN_PART, _IN_FULL = "1", "2"  # ZnacznikZaplatyCzesciowej


def payment_of(payment: PaymentContent, *, due: Decimal, issued: date) -> Payment:
    """Platnosc of what is `due`; paid without a day means paid on the day of issue."""
    partial = tuple(_partial(one) for one in payment.partial)
    at_once = payment.paid and not partial
    return Payment(
        paid=at_once,
        paid_on=(payment.paid_on or issued) if at_once else None,
        partial_mark=_mark(payment, due),
        partial=partial,
        terms=tuple(_term(term) for term in payment.terms if term != TermContent()),
        method=payment.method,
        other_method=_is_other(payment.method, payment.method_text),
        method_text="" if payment.method else read_token(payment.method_text),
        accounts=tuple(_account(one) for one in payment.accounts if not one.factor),
        factor_accounts=tuple(_account(one) for one in payment.accounts if one.factor),
        discount=_discount(payment),
        link=read_token(payment.link),
        ipksef=payment.ipksef,
    )


def _mark(payment: PaymentContent, due: Decimal) -> str:
    if not payment.partial:
        return ""
    paid = sum((one.amount for one in payment.partial), ZERO)
    return _IN_FULL if payment.paid or paid >= due > ZERO else _IN_PART


def _partial(one: PaidContent) -> PartialPayment:
    return PartialPayment(
        amount=one.amount,
        paid_on=one.paid_on,
        method=one.method,
        other_method=_is_other(one.method, one.method_text),
        method_text="" if one.method else read_token(one.method_text),
    )


def _is_other(method: str, text: str) -> bool:
    return not method and bool(text)


def _term(term: TermContent) -> PaymentTerm:
    return PaymentTerm(
        due=term.due, count=term.count, unit=read_token(term.unit), event=read_token(term.event)
    )


def _account(account: AccountContent) -> BankAccount:
    return BankAccount(
        number=account.number.replace(" ", ""),
        swift=account.swift,
        own_account=account.own_account,
        bank=read_token(account.bank),
        description=read_token(account.description),
    )


def _discount(payment: PaymentContent) -> PromptPaymentDiscount | None:
    if not (payment.discount_conditions or payment.discount_amount):
        return None
    return PromptPaymentDiscount(
        conditions=read_token(payment.discount_conditions),
        amount=read_token(payment.discount_amount),
    )


def settlement_of(content: SaleContent, due: Decimal) -> Settlement:
    """Rozliczenie: only where something is charged or deducted; below zero it comes back."""
    if not (content.charges or content.deductions):
        return Settlement()
    return Settlement(
        charges=_charges(content.charges),
        charges_total=_sum(content.charges),
        deductions=_charges(content.deductions),
        deductions_total=_sum(content.deductions),
        to_pay=due if due >= ZERO else None,
        to_settle=-due if due < ZERO else None,
    )


def _charges(charges: tuple[ChargeContent, ...]) -> tuple[Charge, ...]:
    return tuple(Charge(amount=one.amount, reason=read_token(one.reason)) for one in charges)


def _sum(charges: tuple[ChargeContent, ...]) -> Decimal | None:
    return sum((one.amount for one in charges), ZERO) if charges else None


def terms_of(content: SaleContent) -> Terms:
    """WarunkiTransakcji; lots of the document and of its rows, each once."""
    lots = (*content.lots, *(line.lot for line in content.lines))
    return Terms(
        contracts=tuple(
            Contract(signed_on=one.day, number=read_token(one.number)) for one in content.contracts
        ),
        orders=tuple(
            PurchaseOrder(ordered_on=one.day, number=read_token(one.number))
            for one in content.orders
        ),
        lots=tuple(dict.fromkeys(read_token(lot) for lot in lots if lot)),
        delivery=read_token(content.delivery_terms),
    )
