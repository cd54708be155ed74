"""What a table leaves out and the client's settings know: account, place, the buyer's data."""

from obieg.office.models import Client
from obieg.sales.beginnings import beginning, buyer_of
from obieg.sales.content import BuyerContent, SaleContent
from obieg.sales.models import Contractor

TRANSFER = "6"  # FormaPlatnosci


class Habits:
    """The habits of one client, read once for a whole table."""

    def __init__(self, client: Client) -> None:
        self._usual = beginning(client)
        known = Contractor.objects.of_client(client).filter(content__has_key="nip")
        self._by_nip = {contractor.content["nip"]: contractor for contractor in known}

    def complete(self, content: SaleContent) -> SaleContent:
        """`content` with what it does not say itself; nothing that it says is changed."""
        payment = content.payment
        if not payment.accounts and payment.method in ("", TRANSFER) and not payment.paid:
            usual = self._usual.payment.accounts if content.currency == "PLN" else ()
            payment = payment.model_copy(update={"accounts": usual})
        contractor = self._by_nip.get(content.buyer.nip) if content.buyer.nip else None
        changes = {
            "payment": payment,
            "place": content.place or self._usual.place,
            "contractor": contractor.pk if contractor else None,
            "buyer": _filled(content.buyer, contractor),
        }
        return content.model_copy(update=changes)


def _filled(buyer: BuyerContent, contractor: Contractor | None) -> BuyerContent:
    """The buyer with the kept name and address where the table gives only the NIP."""
    if contractor is None or buyer.name or buyer.address.line1:
        return buyer
    return buyer_of(contractor).model_copy(update={"email": buyer.email or contractor.email})
