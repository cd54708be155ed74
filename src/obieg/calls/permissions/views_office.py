"""Pages over all clients: who lacks what, the sheet, the office's own data, who is known."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.calls.permissions import asking
from obieg.calls.permissions.forms import LeftForm, OfficeFirmForm
from obieg.calls.permissions.knowing import acquaintances_for, part
from obieg.calls.permissions.models import OfficeFirm
from obieg.calls.permissions.overview import FILTERS, places_of
from obieg.calls.permissions.sheet import permissions_sheet
from obieg.core.polish import counted, sort_key
from obieg.office.changes import record_change
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.PERMISSIONS)
def overview(request: OperatorRequest) -> HttpResponse:
    """Every client: what the office lacks there, strangers, changes made elsewhere."""
    chosen = request.GET.get("pokaz", "")
    places = places_of(request.user)
    facts = {
        "shown": [place for place in places if place.is_in(chosen)],
        "chosen": chosen,
        "filters": [
            (key, label, sum(place.is_in(key) for place in places))
            for key, label in FILTERS.items()
        ],
        "firm": OfficeFirm.present(),
    }
    return render(request, "permissions/overview.html", facts)


@require_POST
@needs(Right.PERMISSIONS)
def read_all(request: OperatorRequest) -> HttpResponse:
    """Queue a reading of every client that the operator sees."""
    count = asking.ask_for_those_of(request.user)
    words = counted(count, "odczyt", "odczyty", "odczytów")
    messages.success(request, f"Zlecono: {words}. Wyniki pojawią się na tej stronie.")
    return redirect("permissions")


@needs(Right.PERMISSIONS)
def sheet(request: OperatorRequest) -> HttpResponse:
    """Every permission, for the quarterly audit."""
    name = f"uprawnienia-ksef-{timezone.localdate():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(permissions_sheet(request.user), content_type=XLSX, headers=headers)


@needs(Right.PERMISSIONS)
@fresh_login
def office(request: OperatorRequest) -> HttpResponse:
    """The office's NIP and name, to which clients grant."""
    form = OfficeFirmForm(
        request.POST if request.method == "POST" else None, instance=OfficeFirm.present()
    )
    if form.is_bound and form.is_valid():
        form.save()
        record_change(form, thing="permissions.office", kind="edit", actor=request.user)
        messages.success(request, "Zapisano dane biura.")
        return redirect("permissions")
    status = 422 if form.errors else 200
    return render(request, "permissions/office.html", {"form": form}, status=status)


@needs(Right.PERMISSIONS)
def known(request: OperatorRequest) -> HttpResponse:
    """Whom the office knows, and since when some of them have left."""
    rows = sorted(acquaintances_for(request.user), key=lambda row: sort_key(row.name))
    today = timezone.localdate()
    people = [
        (row, LeftForm(initial={"left_on": row.left_on or today}, auto_id=f"{row.pk}-%s"))
        for row in rows
    ]
    return render(request, "permissions/known.html", {"people": people, "today": today})


@require_POST
@needs(Right.PERMISSIONS)
def left(request: OperatorRequest, known_id: int) -> HttpResponse:
    """From when somebody no longer works, or that he does again."""
    row = get_object_or_404(acquaintances_for(request.user), pk=known_id)
    form = LeftForm(request.POST)
    if form.is_valid():
        part(row, day=form.cleaned_data["left_on"], actor=request.user)
        messages.success(request, f"{row.name}: zapisano.")
    else:
        messages.warning(request, "Podaj dzień w kalendarzu.")
    return redirect("permissions-known")
