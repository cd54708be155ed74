"""Rules about settlement and payment: what is added up, what is paid, where to."""

import re
from collections.abc import Iterator
from decimal import Decimal

from obieg.core.money import ZERO, format_amount
from obieg.core.polish import format_date
from obieg.fa.check.context import Context, Rule, at
from obieg.fa.finding import Finding, error, warning
from obieg.fa.model import BankAccount, Charge, Invoice

_NRB = re.compile(r"\d{26}")
_FOREIGN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")


def settlement_adds_up(invoice: Invoice, _: Context) -> Iterator[Finding]:
    settlement = invoice.settlement
    charges, deductions = _sum(settlement.charges), _sum(settlement.deductions)
    for given, computed, element in (
        (settlement.charges_total, charges, "SumaObciazen"),
        (settlement.deductions_total, deductions, "SumaOdliczen"),
        (settlement.to_pay, invoice.total + charges - deductions, "DoZaplaty"),
    ):
        if given is not None and given != computed:
            text = f"Jest {format_amount(given)}, a z pozycji rozliczenia wynika "
            place = f"Fa/Rozliczenie/{element}"
            yield warning("fa.check.settlement", place, f"{text}{format_amount(computed)}.")


def advances_fit_the_total(invoice: Invoice, _: Context) -> Iterator[Finding]:
    """The payments of an advance invoice are the parts of P_15 (ZaliczkaCzesciowa)."""
    parts = sum((payment.amount for payment in invoice.advance_payments), ZERO)
    if invoice.advance_payments and parts != invoice.total:
        yield warning(
            "fa.check.advance_payments",
            "Fa/ZaliczkaCzesciowa",
            f"Płatności zaliczkowe dają razem {format_amount(parts)}, a faktura opiewa na "
            f"{format_amount(invoice.total)}.",
        )


def partial_payments_fit(invoice: Invoice, _: Context) -> Iterator[Finding]:
    paid = sum((payment.amount for payment in invoice.payment.partial), ZERO)
    if paid and paid > max(invoice.amount_due, invoice.total):
        yield error(
            "fa.check.overpaid",
            "Fa/Platnosc/ZaplataCzesciowa",
            f"Zapłaty częściowe ({format_amount(paid)}) przekraczają kwotę do zapłaty "
            f"({format_amount(invoice.amount_due)}).",
        )


def due_date_follows_issue(invoice: Invoice, _: Context) -> Iterator[Finding]:
    terms = invoice.payment.terms
    for number, term in enumerate(terms, 1):
        if term.due and term.due < invoice.issue_date:
            path = at("Fa/Platnosc/TerminPlatnosci", number, len(terms))
            text = f"Termin płatności {format_date(term.due)} jest przed datą wystawienia."
            yield warning("fa.check.due_before_issue", f"{path}/Termin", text)


def account_numbers_add_up(invoice: Invoice, _: Context) -> Iterator[Finding]:
    for element, accounts in (
        ("RachunekBankowy", invoice.payment.accounts),
        ("RachunekBankowyFaktora", invoice.payment.factor_accounts),
    ):
        for number, account in enumerate(accounts, 1):
            if not is_account(account):
                path = at(f"Fa/Platnosc/{element}", number, len(accounts))
                text = f"Numer rachunku {account.number} jest błędny (długość lub cyfry kontrolne)."
                yield warning("fa.check.account", f"{path}/NrRB", text)


def is_account(account: BankAccount) -> bool:
    """Whether the number is a Polish NRB or any IBAN whose check digits are right (ISO 13616).

    A number of another shape beside a SWIFT code may be a foreign account without IBAN: accepted.
    """
    number = account.number.replace(" ", "").upper()
    if _NRB.fullmatch(number):
        number = f"PL{number}"
    if not _FOREIGN.fullmatch(number):
        return bool(account.swift) and account.swift[4:6] != "PL"
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return int(digits) % 97 == 1


def _sum(charges: tuple[Charge, ...]) -> Decimal:
    return sum((charge.amount for charge in charges), ZERO)


PAYMENT_RULES: tuple[Rule, ...] = (
    settlement_adds_up,
    advances_fit_the_total,
    partial_payments_fit,
    due_date_follows_issue,
    account_numbers_add_up,
)
