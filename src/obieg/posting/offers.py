"""What a client's books offer while a dekret is being typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from obieg.office.models import Client
from obieg.posting.models import Account, Dimension, Profile

Offer = tuple[str, str]  # a code and its name


@dataclass(frozen=True, slots=True)
class Offers:
    """The client's own lists."""

    accounts: Sequence[Offer]
    cost_centres: Sequence[Offer]
    projects: Sequence[Offer]
    registers: Sequence[str]


def offers_of(client: Client) -> Offers:
    """The lists of `client`, in order of their codes; the caller has already checked who asks."""
    accounts = Account.objects.of_client(client).order_by("number")
    dimensions = Dimension.objects.of_client(client).order_by("code")
    of_kind: dict[str, list[Offer]] = {kind: [] for kind in Dimension.Kind}
    for kind, code, name in dimensions.values_list("kind", "code", "name"):
        of_kind[kind].append((code, name))
    profile = Profile.objects.of_client(client).first() or Profile()
    return Offers(
        list(accounts.values_list("number", "name")),
        of_kind[Dimension.Kind.COST_CENTRE],
        of_kind[Dimension.Kind.PROJECT],
        profile.registers,
    )
