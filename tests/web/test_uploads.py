"""Whatever is sent in has a limit, which is told in Polish and kept before memory is used."""

import io
import resource
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client as Visitor
from django.test import RequestFactory
from django.urls import resolve, reverse

from obieg.sales.importing import sheets, workbook
from obieg.sales.importing.services import TooMuchUnpacked, import_xml
from obieg.web import uploads
from obieg.web.uploads import upload_limits
from tests.web.offices import Office

# address, the form's field, its limit in bytes and as it is told
FIELDS = {
    "clients-certificate": ("certificate", 100_000, "100 kB"),
    "clients-offline-file": ("certificate", 100_000, "100 kB"),
    "office-access": ("certificate", 100_000, "100 kB"),
    "clients-credentials-signed": ("document", 500_000, "500 kB"),
    "clients-sales": ("logo_file", 300_000, "300 kB"),
    "clients-outside-import": ("file", 2_000_000, "2 MB"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_file_above_the_limit_of_its_field_is_refused_with_both_sizes(
    name: str, office: Office, ewa: Visitor
) -> None:
    field, most, told = FIELDS[name]
    address = reverse(name) if name == "office-access" else reverse(name, args=[office.bor.pk])
    answer = ewa.post(address, {field: SimpleUploadedFile("x.bin", b"x" * (most + 1_000_000))})
    text = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert f"a może mieć najwyżej {told}" in text


def test_a_chart_too_large_for_a_chart_is_refused(office: Office, ewa: Visitor) -> None:
    address = reverse("clients-chart-import", args=[office.bor.pk])
    answer = ewa.post(address, {"file": SimpleUploadedFile("p.csv", b"x" * 3_000_000)}, follow=True)
    assert "Plik ma 3 MB, a może mieć najwyżej 2 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [("clients-chart-import", 32_000_000, "10 MB"), ("sales-import", 70_000_000, "55 MB")],
)
def test_what_is_announced_as_too_much_is_not_taken_into_memory(
    name: str, size: int, told: str, office: Office, ewa: Visitor
) -> None:
    kwargs = {} if name == "sales-import" else {"args": [office.bor.pk]}
    limit = uploads.LARGER.get(name, uploads.LARGEST)
    body = Zeros(size)
    tracemalloc.start()
    answer = ewa.post(
        reverse(name, **kwargs),
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(size),
        **{"wsgi.input": body},
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 413
    assert f"Wysłane dane mają {size // 1_000_000} MB" in answer.content.decode()
    assert f"przyjmuje najwyżej {told}" in answer.content.decode()
    assert peak < 10_000_000
    assert body.left == max(0, size - limit * uploads.PATIENCE)  # so that the answer is looked at


class Zeros(io.RawIOBase):
    """A body of so many bytes, none of which is in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return bytes(size)


def test_a_program_is_told_in_json(office: Office) -> None:
    address = f"/api/v1/clients/{office.bor.nip}/sales/xml"
    answer = Visitor().post(address, b"x" * 9_000_000, content_type="application/xml")
    assert answer.status_code == 413
    assert answer.json()["code"] == "web.too_much_sent"


def test_who_is_not_logged_in_may_send_a_login_and_no_more(db: None) -> None:
    answer = Visitor().post(reverse("login"), {"username": "x", "password": "y" * 200_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("announced", ["", "0", "-5", "many"])
def test_a_length_that_is_none_reads_nothing(announced: str, db: None) -> None:
    request = RequestFactory().post("/", b"", content_type="text/plain")
    request.META["CONTENT_LENGTH"] = announced
    view: Callable[..., HttpResponse] = resolve("/").func
    middleware = upload_limits(lambda _: HttpResponse())
    assert middleware.process_view(request, view, (), {}) is None
    assert WSGIRequest({**request.environ, "CONTENT_LENGTH": announced}).read() == b""


def test_a_text_field_beyond_the_limit_is_refused_though_the_form_has_files(
    office: Office, ewa: Visitor
) -> None:
    address = reverse("clients-chart-import", args=[office.bor.pk])
    over = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + 1
    assert ewa.post(address, {"text": "x" * over}).status_code == 400


def test_more_fields_than_any_form_has_are_refused(office: Office, ewa: Visitor) -> None:
    fields = "&".join("a=" for _ in range((settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0) + 1))
    answer = ewa.post(reverse("theme"), fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_the_limits_of_addresses_are_those_of_addresses_that_exist() -> None:
    assert {reverse(name) for name in uploads.LARGER} == {reverse("sales-import")}


class TestArchives:
    def test_an_archive_of_many_bombs_is_refused_before_the_first(self) -> None:
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for place in range(3):
                with archive.open(f"{place}.xml", "w", force_zip64=True) as member:
                    for _ in range(400):
                        member.write(bytes(1_000_000))
        data, nobody = body.getvalue(), cast("Any", None)
        tracemalloc.start()
        with pytest.raises(TooMuchUnpacked, match="1200 MB, a może mieć najwyżej 1000 MB"):
            import_xml(nobody, [("faktury.zip", data)], actor=nobody)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10_000_000


class TestWorkbooks:
    """A workbook is a ZIP too, and a cell far away makes a sheet of milliards of cells."""

    def _refused(self, data: bytes) -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(sheets.UnreadableTable, match="po rozpakowaniu jest za duży"):
            sheets.read_rows(data)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 50_000  # kB: what was unpacked was never here

    def test_a_cell_at_the_far_corner_ends_only_the_process_that_read_it(self) -> None:
        far = b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
        self._refused(
            with_sheet([ROW, b"dokument", END, b'<row r="1048576">', far, b"</row>", LAST])
        )

    @pytest.mark.slow
    def test_a_sheet_that_unpacks_to_gigabytes_ends_only_its_process(self) -> None:
        self._refused(with_sheet([ROW, *([b"x" * 1_000_000] * 1100), END, LAST]))

    def test_an_honest_sheet_passes(self) -> None:
        data = with_sheet([ROW, b"dokument", END, LAST])
        assert sheets.read_rows(data) == []

    def test_the_process_that_reads_knows_no_secret_and_none_of_our_settings(self) -> None:
        code = Path(workbook.__file__).read_text().replace("sys.exit(main())", SAYING)
        done = subprocess.run(
            [sys.executable, "-I", "-c", code], env={}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"


ROW, END = b'<row r="1"><c r="A1" t="inlineStr"><is><t>', b"</t></is></c></row>"
LAST = b"</sheetData></worksheet>"
SAYING = "import python_calamine; print([n for n in sys.modules if 'obieg' in n or 'django' in n])"


def with_sheet(pieces: Iterable[bytes]) -> bytes:
    """A workbook with a sheet of `pieces`, however large it unpacks."""
    book, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as empty:
        empty.add_worksheet()
    with (
        zipfile.ZipFile(book) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after,
    ):
        for info in before.infolist():
            if info.filename != "xl/worksheets/sheet1.xml":
                after.writestr(info.filename, before.read(info))
        with after.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for piece in pieces:
                sheet.write(piece)
    return made.getvalue()
