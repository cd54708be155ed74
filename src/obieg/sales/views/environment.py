"""Moving a client to another environment of KSeF, with an explicit confirmation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from obieg.core.errors import UserFixable
from obieg.office.models import KsefEnvironment
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
from obieg.sales.environment import change_environment
from obieg.sales.models import Sale
from obieg.sales.states import UNSENT, SaleState
from obieg.sales.views.reach import client_of


@needs(Right.EDIT_KSEF)
@fresh_login
def environment(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What would change, and the change."""
    client = client_of(request, client_id)
    to, error = request.POST.get("to", ""), None
    if to in KsefEnvironment.values:
        try:
            change_environment(
                client, to, confirmed="confirmed" in request.POST, actor=request.user
            )
        except UserFixable as refusal:
            error = refusal
        else:
            label = client.get_environment_display().lower()
            messages.success(request, f"{client.name} używa teraz środowiska: {label}.")
            return redirect("clients-page", client.pk)
    own = Sale.objects.of_client(client)
    facts = {
        "client": client,
        "others": [one for one in KsefEnvironment.choices if one[0] != client.environment],
        "to": to,
        "error": error,
        "drafts": own.filter(state=SaleState.DRAFT).count(),
        "unsent": own.filter(state__in=UNSENT).count(),
    }
    return render(request, "sales/environment.html", facts, status=422 if error else 200)
