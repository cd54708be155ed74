"""Pages that take sales in from files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obieg.core.errors import UserFixable
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.importing.columns import COLUMNS, DOCUMENT
from obieg.sales.importing.forms import ImportForm, is_table
from obieg.sales.importing.services import Report, import_table, import_xml
from obieg.sales.importing.template import template_csv, template_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.ISSUE)
def import_files(request: OperatorRequest) -> HttpResponse:
    """The form, and what came of the files: drafts made, and every mistake at its row."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*posted, operator=request.user, initial={"client": request.GET.get("klient")})
    report = None
    if form.is_valid():
        try:
            report = _take(form, request)
        except UserFixable as error:
            form.add_error("uploads", f"{error} (kod {error.code})")
    failed = bool(form.errors) or bool(report and report.has_errors)
    context = {"form": form, "report": report, "columns": COLUMNS, "document": DOCUMENT}
    return render(request, "sales/import.html", context, status=422 if failed else 200)


def _take(form: ImportForm, request: OperatorRequest) -> Report:
    asked = form.cleaned_data
    files = asked["uploads"]
    if is_table(files[0][0]):
        return import_table(
            asked["client"],
            files[0][1],
            actor=request.user,
            skip_wrong=asked["skip_wrong"],
            again=asked["again"],
        )
    return import_xml(asked["client"], files, actor=request.user)


@require_GET
def template(request: OperatorRequest, kind: str) -> HttpResponse:
    """The table to fill in: `csv` or `xlsx`."""
    is_csv = kind == "csv"
    body = template_csv() if is_csv else template_xlsx()
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if is_csv else XLSX)
    response["Content-Disposition"] = f'attachment; filename="sprzedaz-wzor.{kind}"'
    return response
