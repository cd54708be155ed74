"""What the books of clients contain, for checking dekrets against them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from obieg.posting.models import Account, ClosedPeriod, Dimension, OfficeBooks, Profile
from obieg.posting.shares import WHOLE, TaxShare


@dataclass(slots=True)
class Books:
    """One client's accounts (number -> column of the KPiR), registers, cost centres, projects.

    Accounts that are not used any more are left out; cost centres and projects are all there, with
    the days between which each is valid.
    """

    profile: Profile
    accounts: dict[str, int | None] = field(default_factory=dict)
    ryczalt_rates: dict[str, Decimal] = field(default_factory=dict)  # of accounts that have one
    tax_shares: dict[str, TaxShare] = field(default_factory=dict)  # of accounts that have one
    cost_centres: dict[str, Dimension] = field(default_factory=dict)
    projects: dict[str, Dimension] = field(default_factory=dict)
    closed: set[date] = field(default_factory=set)  # first days of closed months
    before_filing: bool = False  # whether T-689/24 is followed

    @property
    def registers(self) -> set[str]:
        """Every register that a line may name; the empty one is for what enters none."""
        usual = (self.profile.purchase_register, self.profile.sales_register)
        return {"", *usual, *self.profile.registers}


def books_of(client_ids: Collection[int]) -> dict[int, Books]:
    """The books of these clients, by client; five queries."""
    office = OfficeBooks.present()
    books: dict[int, Books] = defaultdict(
        lambda: Books(Profile(), before_filing=office.deducts_before_filing)
    )
    of_clients = {"client__in": client_ids}
    for profile in Profile.objects.across_clients().filter(**of_clients):
        before_filing = deducts_before_filing(profile, office)
        books[profile.client_id] = Books(profile, before_filing=before_filing)
    for account in Account.objects.across_clients().filter(**of_clients, active=True):
        own = books[account.client_id]
        own.accounts[account.number] = account.kpir_column
        if account.cost_percent < WHOLE.percent:
            own.tax_shares[account.number] = TaxShare(account.cost_percent, account.rest_account)
        if account.ryczalt_rate is not None:
            own.ryczalt_rates[account.number] = account.ryczalt_rate
    for dimension in Dimension.objects.across_clients().filter(**of_clients):
        own = books[dimension.client_id]
        is_centre = dimension.kind == Dimension.Kind.COST_CENTRE
        (own.cost_centres if is_centre else own.projects)[dimension.code] = dimension
    closed = ClosedPeriod.objects.across_clients().filter(**of_clients)
    for client_id, period in closed.values_list("client_id", "period"):
        books[client_id].closed.add(period)
    return books


def deducts_before_filing(profile: Profile, office: OfficeBooks | None = None) -> bool:
    """Whether an invoice that came before filing counts: the client's choice, else the office's."""
    own = profile.deducts_before_filing
    return (office or OfficeBooks.present()).deducts_before_filing if own is None else own


def tax_shares_of(client_id: int) -> dict[str, TaxShare]:
    """Of the accounts whose costs are a cost of tax in part only, those of the past as well."""
    rows = Account.objects.of_client(client_id).filter(cost_percent__lt=WHOLE.percent)
    found = rows.values_list("number", "cost_percent", "rest_account")
    return {number: TaxShare(percent, rest) for number, percent, rest in found}
