"""Letters to the client and the buyer about what KSeF said of an invoice."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from obieg.core.money import format_amount
from obieg.mail.outbox import File, queue_letter
from obieg.office.jobs import enqueue
from obieg.office.models import Client
from obieg.sales import printing
from obieg.sales.models import Contractor, Sale, SellerProfile
from obieg.sales.sellers import profile_of
from obieg.sales.signals import sales_accepted, sales_rejected
from obieg.sales.states import IN_KSEF, SaleState

TELL = "sales.tell"


@receiver((sales_accepted, sales_rejected))
def plan_letters(client: Client, sales: Sequence[Sale], **_: Any) -> None:
    """Queue the writing of the letters, in the transaction that recorded KSeF's answers."""
    profile = profile_of(client)
    told = profile.notify_client or profile.notify_buyer
    asking = set() if told else _asking(client, sales)
    for sale in sales:
        if told or sale.contractor_id in asking:
            enqueue(TELL, {"sale_id": sale.pk}, once=f"tell-{sale.pk}-{sale.version}")


def _asking(client: Client, sales: Sequence[Sale]) -> set[int]:
    """The contractors of `sales` who want to be told."""
    named = {sale.contractor_id for sale in sales if sale.contractor_id}
    if not named:
        return set()
    rows = Contractor.objects.of_client(client).filter(pk__in=named, notify=True)
    return set(rows.values_list("pk", flat=True))


def write_letters(sale_id: int) -> None:
    """Write the letters about a document that KSeF accepted or rejected; safe to repeat."""
    sale = Sale.objects.across_clients().select_related("client", "contractor").get(pk=sale_id)
    profile = profile_of(sale.client)
    if sale.state in IN_KSEF:
        _tell_accepted(sale, profile)
    elif sale.state == SaleState.REJECTED and profile.notify_client and profile.email:
        _tell_rejected(sale, profile.email)


def _tell_accepted(sale: Sale, profile: SellerProfile) -> None:
    seller = profile.name or sale.client.name
    files = [File(f"{_file_name(sale)}.pdf", "application/pdf", printing.pdf_of(sale))]
    facts = _facts(sale)
    if profile.notify_client and profile.email:
        queue_letter(
            occasion=_occasion(sale, "accepted-client"),
            client=sale.client,
            recipients=[profile.email],
            subject=f"KSeF przyjął fakturę {sale.number}",
            text=f"KSeF przyjął fakturę dla {sale.buyer_name}.\n\n{facts}",
            files=files,
        )
    if address := _buyer_address(sale, profile):
        queue_letter(
            occasion=_occasion(sale, "accepted-buyer"),
            client=sale.client,
            recipients=[address],
            subject=f"Faktura {sale.number} od {seller}",
            text=(
                f"Dzień dobry,\n\n{seller} wystawił fakturę; jest też w KSeF. "
                f"W załączniku jej wizualizacja.\n\n{facts}"
            ),
            files=files,
        )


def _tell_rejected(sale: Sale, address: str) -> None:
    queue_letter(
        occasion=_occasion(sale, "rejected-client"),
        client=sale.client,
        recipients=[address],
        subject=f"KSeF odrzucił fakturę {sale.number}",
        text=(
            f"KSeF odrzucił fakturę {sale.number} dla {sale.buyer_name}.\n"
            f"Powód: {sale.ksef_text} (kod {sale.ksef_code}).\n\n"
            "Biuro poprawi ją i wyśle ponownie; do tego czasu faktura nie jest wystawiona."
        ),
    )


def _buyer_address(sale: Sale, profile: SellerProfile) -> str:
    """Where the buyer gets his copy, or empty: he is asked for, or the client's habit is so."""
    contractor = sale.contractor
    if not (profile.notify_buyer or (contractor is not None and contractor.notify)):
        return ""
    given = (sale.content or {}).get("buyer", {}).get("email", "")
    return (contractor.email if contractor is not None else "") or given


def _facts(sale: Sale) -> str:
    lines = [
        f"Numer: {sale.number}",
        f"Numer KSeF: {sale.ksef_number}",
        f"Data wystawienia: {sale.issue_date:%d.%m.%Y}",
        f"Brutto: {format_amount(sale.gross, sale.currency)}",
        f"Do zapłaty: {format_amount(sale.amount_due, sale.currency)}",
    ]
    if sale.due_date:
        lines.append(f"Termin płatności: {sale.due_date:%d.%m.%Y}")
    return "\n".join(lines)


def _occasion(sale: Sale, what: str) -> str:
    return f"sale-{sale.pk}-{sale.version}-{what}"


def _file_name(sale: Sale) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in sale.number)
