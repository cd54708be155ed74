"""The buyers of a client: kept once, found while one types."""

from obieg.core.polish import sort_key
from obieg.office.models import Client, Event, Operator
from obieg.sales.content import BuyerContent
from obieg.sales.models import Contractor

OFFERED = 8


def find(client: Client, words: str, most: int = OFFERED) -> list[Contractor]:
    """The client's contractors in whose name or number every word stands."""
    rows = Contractor.objects.of_client(client)
    for word in words.casefold().split():
        rows = rows.filter(search__contains=word)
    return list(rows.order_by("sort_key", "pk")[:most])


def keep(
    contractor: Contractor,
    content: BuyerContent,
    *,
    actor: Operator,
    before: dict[str, str] | None = None,
) -> Contractor:
    """Store a contractor with `content` as what its invoices are filled with, and the trail."""
    is_new = contractor.pk is None
    contractor.name = content.name
    contractor.content = content.model_dump(mode="json", exclude_defaults=True)
    contractor.sort_key = sort_key(content.name)
    contractor.search = search_text(content)
    contractor.save()
    Event.objects.create(
        client_id=contractor.client_id,
        thing="sales.contractor",
        thing_id=contractor.pk,
        actor=actor,
        kind="create" if is_new else "edit",
        before=before or {},
        after={"name": contractor.name, "nip": content.nip},
    )
    return contractor


def remembered(client: Client, content: BuyerContent, *, actor: Operator) -> Contractor:
    """The contractor with this NIP or name, made where there is none yet."""
    known = Contractor.objects.of_client(client)
    same = {"content__nip": content.nip} if content.nip else {"name": content.name}
    return known.filter(**same).first() or keep(
        Contractor(client=client, email=content.email), content, actor=actor
    )


def search_text(content: BuyerContent) -> str:
    """Where the words of a search are looked for: the name and every number."""
    numbers = (content.nip, content.eu_prefix + content.eu_number, content.id_number)
    return " ".join(
        part for part in (content.name, *numbers, content.customer_number) if part
    ).casefold()


def number_of(contractor: Contractor) -> str:
    """The identifier for the screen."""
    content = contractor.content
    eu = f"{content.get('eu_prefix', '')}{content.get('eu_number', '')}"
    return str(content.get("nip") or eu or content.get("id_number") or "")
