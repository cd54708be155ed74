"""Exports: what is ready, making the file, every file again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.core.polish import counted
from obieg.exports import services
from obieg.exports.forms import ExportForm
from obieg.exports.models import Export, ExportContent
from obieg.exports.waiting import waiting, waiting_of
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right

HISTORY = 50


def exports(request: OperatorRequest) -> HttpResponse:
    """What waits to be exported, and the files made so far."""
    asked = {name: request.GET[name] for name in ("client", "period") if name in request.GET}
    form = ExportForm(asked or None, operator=request.user)
    return _page(request, form)


@require_POST
@needs(Right.POST)
def export_make(request: OperatorRequest) -> HttpResponse:
    """Make the file; it can be downloaded from the list at once and later."""
    form = ExportForm(request.POST, operator=request.user)
    if not form.is_valid():
        return _page(request, form)
    asked = form.cleaned_data
    try:
        made = services.export(
            asked["client"], asked["period"], operator=request.user, again=asked["again"]
        )
    except UserFixable as error:
        form.add_error(None, f"{error} (kod {error.code})")
        return _page(request, form)
    words = counted(made.documents, "dokument", "dokumenty", "dokumentów")
    messages.success(request, f"Plik gotowy: {made.client.name}, {words}. Pobierz go z listy.")
    return redirect("exports")


def export_file(request: OperatorRequest, export_id: int) -> HttpResponse:
    """The bytes of an export, as they were made; old files are not kept."""
    made = get_object_or_404(Export.objects.visible_to(request.user), pk=export_id)
    content = ExportContent.objects.of_client(made.client_id).filter(pk=made.pk).first()
    if content is None:
        messages.warning(request, "Plik usunięto po okresie przechowywania. Zrób go ponownie.")
        return redirect("exports")
    disposition = content_disposition_header(as_attachment=True, filename=made.file_name)
    return HttpResponse(
        bytes(content.body),
        content_type="application/zip",
        headers={"Content-Disposition": disposition},
    )


def _page(request: OperatorRequest, form: ExportForm) -> HttpResponse:
    is_valid = form.is_bound and form.is_valid()
    made = Export.objects.visible_to(request.user).select_related("client", "created_by")
    chosen = form.cleaned_data if is_valid else {}
    if chosen:
        made = made.filter(client=chosen["client"], period=chosen["period"])
    facts = {
        "form": form,
        "chosen": waiting_of(chosen["client"], chosen["period"]) if chosen else None,
        "waiting": [] if chosen else waiting(request.user),
        "made": made[:HISTORY],
    }
    failed = request.method == "POST"
    return render(request, "exports/exports.html", facts, status=422 if failed else 200)
