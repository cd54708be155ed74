"""What the books of clients contain, for checking dekrets against them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from obieg.posting.models import Account, Dimension, Profile


@dataclass(slots=True)
class Books:
    """One client's accounts (number -> column of the KPiR), registers, cost centres, projects."""

    profile: Profile
    accounts: dict[str, int | None] = field(default_factory=dict)
    cost_centres: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)

    @property
    def registers(self) -> set[str]:
        """Every register that a line may name; the empty one is for what enters none."""
        usual = (self.profile.purchase_register, self.profile.sales_register)
        return {"", *usual, *self.profile.registers}


def books_of(client_ids: Collection[int]) -> dict[int, Books]:
    """The books of these clients, by client; three queries."""
    books: dict[int, Books] = defaultdict(lambda: Books(Profile()))
    of_clients = {"client__in": client_ids}
    for profile in Profile.objects.across_clients().filter(**of_clients):
        books[profile.client_id] = Books(profile)
    accounts = Account.objects.across_clients().filter(**of_clients)
    for client_id, number, column in accounts.values_list("client_id", "number", "kpir_column"):
        books[client_id].accounts[number] = column
    dimensions = Dimension.objects.across_clients().filter(**of_clients)
    for client_id, kind, code in dimensions.values_list("client_id", "kind", "code"):
        own = books[client_id]
        (own.cost_centres if kind == Dimension.Kind.COST_CENTRE else own.projects).add(code)
    return books
