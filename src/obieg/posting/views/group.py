"""Documents alike: what is set for all of them, after a look at how many and which."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from obieg.core.errors import UserFixable
from obieg.core.polish import counted
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import grouping
from obieg.posting.group_form import GroupForm
from obieg.posting.offers import offers_of
from obieg.posting.views.bulk import DOCUMENTS
from obieg.posting.views.place import Place


@needs(Right.POST)
def alike(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """The group of one document; sent, set for the ticked ones."""
    place = Place.of(request)
    dekret = place.dekret(dekret_id)
    said = request.GET.get("tekst", "")
    rows = grouping.alike(dekret, request.user, said)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _set(request, form)
        except UserFixable as error:
            form.add_error(None, f"{error} (kod {error.code})")
    ticked = set(request.POST.getlist("dekret")) if request.POST else None
    facts = {
        "dekret": dekret,
        "rows": [
            (row, grouping.proposed_accounts(row), _is_ticked(row.pk, ticked)) for row in rows
        ],
        "form": form,
        "said": said,
        "most": grouping.MOST,
        "offers": offers_of(dekret.client),
        "back": place.url(dokument=dekret.pk),
    }
    status = 422 if form.is_bound else 200
    return render(request, "posting/group.html", facts, status=status)


def _set(request: OperatorRequest, form: GroupForm) -> HttpResponse:
    ids = [int(key) for key in request.POST.getlist("dekret") if key.isdecimal()]
    count = grouping.set_for_all(ids, form.changes(), operator=request.user)
    words = counted(count, *DOCUMENTS)
    messages.success(request, f"Ustawiono: {words}. Obejrzyj je i zatwierdź razem.")
    return redirect(reverse("queue-bulk") + "?pewnosc=100")


def _is_ticked(key: int, ticked: set[str] | None) -> bool:
    return ticked is None or str(key) in ticked
