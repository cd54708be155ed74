"""The entries of a dekret in the journal: debits and credits that always balance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from obieg.core.money import ZERO, to_grosze
from obieg.inbox.models import Direction
from obieg.posting.lines import Line
from obieg.posting.models import Dekret, Profile
from obieg.posting.pln import Zlote, in_zlote
from obieg.posting.shares import WHOLE, TaxShare

Side = Literal["Wn", "Ma"]
INPUT_VAT = "VAT naliczony"
ROUNDING = "Różnica zaokrągleń i kursu"
NO_SHARES: Mapping[str, TaxShare] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of the journal; the amount in PLN, negative for a correction in minus."""

    account: str
    side: Side
    amount: Decimal
    description: str
    cost_centre: str = ""
    project: str = ""


def entries(
    dekret: Dekret,
    lines: Sequence[Line],
    profile: Profile,
    shares: Mapping[str, TaxShare] = NO_SHARES,
) -> tuple[Entry, ...]:
    """The entries of `lines`; debits and credits are always equal.

    A purchase: Wn cost (net and VAT not deducted; what is no cost of income tax by `shares`, where
    these name an account for it, there), Wn input VAT (the deferred one, where it is deducted in
    another month: see `transfer`), Ma the supplier. A sale: Wn the customer, Ma revenue, Ma output
    VAT. The partner's account bears the document's gross amount (P_15) at the exchange rate; where
    that is not the sum of the rest, by rounding or because the stated tax follows another rate, the
    difference is an entry of its own.
    """
    zlote = in_zlote(lines, dekret.exchange_rate, dekret.tax_pln)
    if dekret.direction == Direction.PURCHASE:
        made = _purchase(dekret, lines, zlote, profile, shares)
    else:
        made = _sale(dekret, lines, zlote, profile)
    found = [entry for entry in made if entry.amount]
    return (*found, *_rounding(found, profile))


def transfer(dekret: Dekret, lines: Sequence[Line], profile: Profile) -> tuple[Entry, ...]:
    """The entries of the month in which a purchase's VAT is deducted, where it is not the cost's.

    Wn input VAT, Ma the account on which it waits, or was taken beforehand.
    """
    zlote = in_zlote(lines, dekret.exchange_rate, dekret.tax_pln)
    deducted = sum((amounts.deducted for amounts in zlote), ZERO)
    if not deducted:
        return ()
    return (
        Entry(profile.input_vat_account, "Wn", deducted, INPUT_VAT),
        Entry(profile.deferred_vat_account, "Ma", deducted, INPUT_VAT),
    )


def balance(found: Sequence[Entry]) -> Decimal:
    """Debits less credits."""
    debits = sum((entry.amount for entry in found if entry.side == "Wn"), ZERO)
    return debits - sum((entry.amount for entry in found if entry.side == "Ma"), ZERO)


def _purchase(
    dekret: Dekret,
    lines: Sequence[Line],
    zlote: Sequence[Zlote],
    profile: Profile,
    shares: Mapping[str, TaxShare],
) -> Iterator[Entry]:
    for line, amounts in zip(lines, zlote, strict=True):
        share = shares.get(line.account, WHOLE)
        if not share.rest_account:
            yield _of_line(line, "Wn", amounts.cost)
            continue
        taxed, rest = share.divided(line, amounts.cost)
        entry = _of_line(line, "Wn", taxed)
        yield entry
        yield replace(entry, account=share.rest_account, amount=rest)
    deducted = sum((amounts.deducted for amounts in zlote), ZERO)
    account = profile.deferred_vat_account if dekret.vat_month else profile.input_vat_account
    yield Entry(account, "Wn", deducted, INPUT_VAT)
    supplier = profile.supplier_account
    yield Entry(supplier, "Ma", _gross(dekret), dekret.invoice.seller_name)


def _sale(
    dekret: Dekret, lines: Sequence[Line], zlote: Sequence[Zlote], profile: Profile
) -> Iterator[Entry]:
    yield Entry(profile.customer_account, "Wn", _gross(dekret), dekret.invoice.buyer_name)
    for line, amounts in zip(lines, zlote, strict=True):
        yield _of_line(line, "Ma", amounts.net)
    vat = sum((amounts.vat for amounts in zlote), ZERO)
    yield Entry(profile.output_vat_account, "Ma", vat, "VAT należny")


def _of_line(line: Line, side: Side, amount: Decimal) -> Entry:
    return Entry(line.account, side, amount, line.description, line.cost_centre, line.project)


def _gross(dekret: Dekret) -> Decimal:
    return to_grosze(dekret.invoice.gross * (dekret.exchange_rate or 1))


def _rounding(found: Sequence[Entry], profile: Profile) -> Iterator[Entry]:
    """What is missing on the debit side is a cost, on the credit side an income."""
    missing = balance(found)
    if missing < 0:
        yield Entry(profile.rounding_cost_account, "Wn", -missing, ROUNDING)
    elif missing > 0:
        yield Entry(profile.rounding_income_account, "Ma", missing, ROUNDING)
