"""The rows that a page is about, as far as the operator may see them."""

from django.shortcuts import get_object_or_404

from obieg.office.models import Client
from obieg.office.request import OperatorRequest
from obieg.office.rights import Right
from obieg.sales.content import SaleContent
from obieg.sales.models import Contractor, KsefSession, Sale

LAST_CLIENT = "sales_client"  # in the session: whose invoices were written last


def client_of(request: OperatorRequest, client_id: int) -> Client:
    """404 unless the operator serves the client."""
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def sale_of(request: OperatorRequest, sale_id: int) -> Sale:
    """404 unless the operator serves its client."""
    rows = Sale.objects.visible_to(request.user)
    joined = rows.select_related("client", "upo", "session", "corrects", "follows", "invoice")
    return get_object_or_404(joined, pk=sale_id)


def session_of(request: OperatorRequest, session_id: int) -> KsefSession:
    rows = KsefSession.objects.visible_to(request.user).select_related("client", "opened_by")
    return get_object_or_404(rows, pk=session_id)


def own_contractor(client: Client, content: SaleContent) -> SaleContent:
    """The content without a contractor that is not the client's."""
    rows = Contractor.objects.of_client(client)
    if content.contractor is None or rows.filter(pk=content.contractor).exists():
        return content
    return content.model_copy(update={"contractor": None})


def usual_client(request: OperatorRequest) -> Client | None:
    """The client that the address names, else the last one, else the first."""
    clients = Client.objects.visible_to(request.user).active()
    for key in (request.GET.get("klient", ""), str(request.session.get(LAST_CLIENT, ""))):
        if key.isdecimal() and (found := clients.filter(pk=key).first()):
            return found
    return clients.first()


def rights_of(request: OperatorRequest) -> dict[str, bool]:
    """What the templates offer to this operator."""
    may = request.user.may
    return {
        "may_issue": may(Right.ISSUE),
        "may_send": may(Right.SEND),
        "may_edit_ksef": may(Right.EDIT_KSEF),
    }


def remember_client(request: OperatorRequest, client: Client) -> None:
    request.session[LAST_CLIENT] = client.pk
