"""Pages of one client's data: handed over, kept, held, erased."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from obieg.calls.ending import last_protocol
from obieg.core.errors import ObiegError, UserFixable
from obieg.inbox.models import Invoice
from obieg.office.changes import record_change
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
from obieg.retention import erasing, handing
from obieg.retention.fates import FATES, Fate
from obieg.retention.forms import ErasureForm, HoldForm
from obieg.retention.models import Erasure, Handover, Hold
from obieg.retention.names import NAMES
from obieg.retention.overview import may_go_on
from obieg.retention.periods import keepings
from obieg.retention.states import HandoverState
from obieg.sales.models import Contractor, Sale

SHOWN = 10


@needs(Right.ADMINISTER)
@fresh_login
def data(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Everything that may be done with the data of a client, and until when it has to stay."""
    return _page(request, _client(request, client_id))


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def hand_over(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Ask for the file with everything of a client."""
    client = _client(request, client_id)
    try:
        handing.ask(client, actor=request.user)
    except UserFixable as error:
        return _page(request, client, error=error, status=422)
    messages.success(request, "Plik powstaje w tle. Będzie do pobrania na tej stronie przez 7 dni.")
    return redirect("retention-client", client.pk)


@needs(Right.ADMINISTER)
@fresh_login
def file(request: OperatorRequest, handover_id: int) -> HttpResponseBase:
    """The file, for who asked for it, as long as it is kept."""
    rows = Handover.objects.visible_to(request.user).select_related("client")
    handover = get_object_or_404(
        rows.filter(asked_by=request.user, state=HandoverState.READY), pk=handover_id
    )
    if handover.expires_at is None or handover.expires_at < timezone.now():
        raise Http404
    name = f"dane-{handover.client.nip}-{timezone.localtime(handover.ready_at):%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        handing.given(handover, actor=request.user),
        content_type="application/zip",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
            "Content-Length": str(handover.size),
        },
    )


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def hold(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Keep the data of a client until a day, whatever their periods."""
    client = _client(request, client_id)
    present = Hold.objects.of_client(client).first()
    kind = "edit" if present else "create"
    form = HoldForm(request.POST, instance=present or Hold(client=client))
    if not form.is_valid():
        return _page(request, client, hold_form=form, status=422)
    form.save()
    record_change(form, thing="retention.hold", kind=kind, actor=request.user, client=client)
    messages.success(request, "Zapisano wstrzymanie.")
    return redirect("retention-client", client.pk)


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def erase(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Erase what the law lets go, once the client's number was repeated."""
    client = _client(request, client_id)
    form = ErasureForm(request.POST, client=client)
    if not form.is_valid():
        return _page(request, client, erasure_form=form, status=422)
    wish = form.cleaned_data
    try:
        erasure = erasing.ask(
            client, wish["reach"], reference=wish["reference"], actor=request.user
        )
    except UserFixable as error:
        return _page(request, client, erasure_form=form, error=error, status=422)
    return redirect("retention-protocol", erasure.pk)


@needs(Right.ADMINISTER)
def protocol(request: OperatorRequest, erasure_id: int) -> HttpResponse:
    """What was erased, to print and to sign; it names the client by its number alone."""
    rows = Erasure.objects.visible_to(request.user).select_related("asked_by")
    erasure = get_object_or_404(rows, pk=erasure_id)
    return render(request, "retention/protocol.html", {"erasure": erasure})


def _client(request: OperatorRequest, client_id: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def _page(
    request: OperatorRequest,
    client: Client,
    *,
    status: int = 200,
    hold_form: HoldForm | None = None,
    erasure_form: ErasureForm | None = None,
    error: ObiegError | None = None,
) -> HttpResponse:
    facts: dict[str, Any] = {
        "client": client,
        "error": error,
        "handovers": Handover.objects.of_client(client).select_related("asked_by")[:SHOWN],
        "protocol": last_protocol(client),
        "keepings": keepings(client),
        "may_go_on": may_go_on(client),
        "today": timezone.localdate(),
        "hold_form": hold_form or HoldForm(instance=Hold.objects.of_client(client).first()),
        "erasure_form": erasure_form or ErasureForm(client=client),
        "erasures": Erasure.objects.of_client(client)[:SHOWN],
        "is_erased": erasing.is_erased(client),
        "invoices": Invoice.objects.of_client(client).count(),
        "sales": Sale.objects.of_client(client).count(),
        "contractors": Contractor.objects.of_client(client).count(),
        "goes_now": _named(Fate.AT_END),
        "goes_later": _named(Fate.AFTER_PERIODS),
    }
    return render(request, "retention/client.html", facts, status=status)


def _named(fate: Fate) -> list[str]:
    return sorted(NAMES[label] for label, given in FATES.items() if given == fate)
