"""The page of renewals: what ends soon, what was done about it, and whether it goes by itself."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.calls import renewing
from obieg.calls.models import RenewalSettings
from obieg.office.models import Event
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
from obieg.vault.models import Credential


@needs(Right.CREDENTIALS)
def renewal(request: OperatorRequest) -> HttpResponse:
    """Certificates of the operator's clients, and of the office, that end within 30 days."""
    now = timezone.now()
    facts = {
        "renewals": list(renewing.due(now, rows=_rows(request).order_by("valid_to", "pk"))),
        "settings": RenewalSettings.present(),
        "may_office": request.user.may(Right.ADMINISTER),
    }
    return render(request, "calls/renewal.html", facts)


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def renewal_settings(request: OperatorRequest) -> HttpResponse:
    """By itself or by the button; it is the office's choice."""
    settings = RenewalSettings.present()
    before, settings.automatic = settings.automatic, "automatic" in request.POST
    if settings.automatic != before:
        settings.save()
        Event.objects.create(
            thing="calls.renewalsettings",
            thing_id=settings.pk,
            actor=request.user,
            kind="edit",
            before={"automatic": before},
            after={"automatic": settings.automatic},
        )
        messages.success(request, "Zapisano.")
    return redirect("credentials-renewal")


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def renew_one(request: OperatorRequest, credential_id: int) -> HttpResponse:
    """Ask KSeF for the next certificate now."""
    credential = get_object_or_404(_rows(request), pk=credential_id)
    (found,) = renewing.due(timezone.now(), rows=[credential])
    if found.obstacle is not None or not renewing.renew(found, actor=request.user):
        messages.warning(request, found.failure or "Wniosek o ten certyfikat jest już w toku.")
    else:
        messages.success(request, "Wniosek zlecony. Nowy certyfikat zastąpi obecny po próbie.")
    return redirect("credentials-renewal")


def _rows(request: OperatorRequest) -> renewing.Rows:
    """The clients' own, and the office's for who sees every client."""
    seen = request.user.client_ids()
    mine = Q() if seen is None else Q(client__in=seen)
    rows = Credential.objects.across_clients().filter(mine)
    return rows.filter(renewing.ending_rows(timezone.now())).select_related("client")
