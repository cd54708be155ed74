"""What every answer tells the browser, and what hostile content may not become."""

import csv
import io
import json
import logging
from decimal import Decimal
from importlib import reload

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client as Visitor
from django.test import override_settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from obieg.config import settings as product
from obieg.config.logging import configure
from obieg.core.cells import plain_cell, typed_cell
from obieg.posting import chart_file
from obieg.posting.models import Account
from obieg.posting.sheets import sheet
from obieg.sales.sellers import profile_of
from obieg.web.middleware import FILE, PDF, policy_of
from tests.posting.factories import purchase
from tests.posting.papers import Row
from tests.web import offices
from tests.web.offices import Office

TEST_OWN = ("DATABASES", "ALLOWED_HOSTS")
SCRIPT = "<script>alert(1)</script>"
FORMULAS = ("=1+1", "+48600", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1+1")
WICKED_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)">'
    b"<script>alert(1)</script></svg>"
)


def test_a_page_lets_nothing_inline_and_nothing_foreign_run(office: Office, anna: Visitor) -> None:
    answer = anna.get(reverse("today"))
    rules = dict(rule.split(" ", 1) for rule in answer["Content-Security-Policy"].split("; "))
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    for shut in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert rules[shut] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_every_answer_tells_the_browser_to_be_careful(office: Office, anna: Visitor) -> None:
    for name in ("today", "purchases", "purchases-sheet", "health"):
        answer = anna.get(reverse(name))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nie-ma-tego/", "/static/obieg/nie-ma.css"])
def test_an_error_says_no_more_than_it_must(path: str, anna: Visitor) -> None:
    answer = anna.get(path)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.get("Content-Security-Policy", "default-src 'none'")
    for told in ("Traceback", "urlpatterns", "obieg.config", settings.SECRET_KEY):
        assert told not in answer.content.decode()


def test_a_failure_within_tells_no_details(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("tajny szczegół")

    monkeypatch.setattr("obieg.web.views.today.loads", fail)
    visitor = Visitor(raise_request_exception=False)
    visitor.force_login(office.anna)
    answer = visitor.get(reverse("today"))
    assert answer.status_code == 500
    assert "tajny" not in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_a_foreign_host_and_a_foreign_referer_lead_nowhere(office: Office, anna: Visitor) -> None:
    assert anna.get(reverse("today"), HTTP_HOST="zly.example").status_code == 400
    answer = anna.get(
        reverse("purchases"), {"po": "x~y"}, headers={"Referer": "https://zly.example/"}
    )
    assert answer.status_code == 409
    assert "zly.example" not in answer.content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://zly.example/", "//zly.example", "/\\zly.example", "javascript:alert(1)", "http:///x"],
)
@pytest.mark.parametrize("name", ["theme", "sales-selected", "login-confirm"])
def test_no_form_leads_to_another_site(
    name: str, elsewhere: str, office: Office, ewa: Visitor
) -> None:
    answer = ewa.post(reverse(name), {"next": elsewhere, "act": "pdf", "password": "x"})
    assert "zly.example" not in answer.get("Location", "")
    assert not answer.get("Location", "/").startswith(("javascript", "http"))


class TestFiles:
    """What clients send is shown and never run."""

    def test_a_file_may_draw_and_no_more(self) -> None:
        assert "sandbox" in FILE
        assert "script-src" not in FILE
        for kind in ("application/xml", "image/svg+xml", "text/csv; charset=utf-8", "text/plain"):
            assert policy_of(HttpResponse(content_type=kind)) == FILE
        assert policy_of(HttpResponse(content_type="application/pdf")) == PDF

    def test_a_hostile_logo_is_a_picture_in_a_sandbox(self, office: Office, ewa: Visitor) -> None:
        profile = profile_of(office.bor)
        profile.logo = WICKED_SVG
        profile.save()
        answer = ewa.get(reverse("clients-sales-logo", args=[office.bor.pk]))
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]

    def test_xml_with_a_style_sheet_of_its_own_is_saved_and_not_shown(
        self, office: Office, anna: Visitor
    ) -> None:
        file = offices.unreadable(office.bor)
        file.content = b'<?xml version="1.0"?><?xml-stylesheet href="zly.xsl"?><a/>'
        file.name = 'a";\r\nSet-Cookie: x=1; filename="zły.html'
        file.save()
        answer = anna.get(reverse("clients-quarantined-file", args=[file.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert "\n" not in answer["Content-Disposition"]
        assert not answer.cookies
        assert answer["Content-Type"] == "application/xml"
        assert answer["Content-Security-Policy"] == FILE

    def test_markup_in_an_invoice_is_text_on_every_page(
        self, office: Office, anna: Visitor
    ) -> None:
        dekret = purchase(
            office.bor,
            number=f"F/{SCRIPT}",
            seller_name=f"Zły {SCRIPT} \" onmouseover='x'",
            rows=[Row(f"Usługa {SCRIPT}", Decimal(7))],
        )
        pages = [
            reverse("documents-one", args=[dekret.invoice_id]),
            *map(reverse, ("queue", "purchases", "documents", "today")),
        ]
        for page in pages:
            text = anna.get(page, {"szukaj": SCRIPT} if "dok" in page else {}).content.decode()
            assert SCRIPT not in text, page
        assert "&lt;script&gt;" in anna.get(pages[0]).content.decode()


class TestSpreadsheets:
    """No cell of a sheet is a formula, whoever wrote the text."""

    @pytest.mark.parametrize("text", FORMULAS)
    def test_a_cell_of_a_csv_file_is_text_and_comes_back(self, text: str) -> None:
        assert plain_cell(text).startswith("'")
        assert typed_cell(plain_cell(text)) == text
        assert typed_cell("'tak po prostu") == "'tak po prostu"

    @pytest.mark.parametrize("text", FORMULAS)
    def test_a_cell_of_a_workbook_is_text(self, text: str) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sheet("Arkusz", ["Kolumna"], [[text]])))
        [_, [found]] = book.get_sheet_by_index(0).to_python()
        assert str(found).strip() == text.strip()

    @pytest.mark.parametrize("name", ["purchases-sheet", "audit-sheet"])
    def test_the_sheets_of_an_office_with_hostile_names(
        self, name: str, office: Office, ewa: Visitor
    ) -> None:
        for text in FORMULAS:
            office.bor.name = text.strip() + "|cmd"
            office.bor.save()
            purchase(
                office.bor, number=text + "1", seller_name=text + "S", rows=[Row("x", Decimal(7))]
            )
        body = b"".join(ewa.get(reverse(name)))  # streamed
        for row in list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))[1:]:
            for cell in row:
                assert plain_cell(cell) == cell or cell.lstrip("-").replace(",", "").isdigit(), cell

    def test_a_chart_with_hostile_names_comes_back_as_it_was(self, office: Office) -> None:
        for place, text in enumerate(FORMULAS):
            Account.objects.create(client=office.cis, number=f"9{place}", name=text.strip())
        written = chart_file.csv_of(office.cis)
        for row in csv.reader(io.StringIO(written.removeprefix("\ufeff")), delimiter=";"):
            assert all(plain_cell(cell) == cell for cell in row)
        rows = chart_file.read(written.removeprefix("\ufeff"), office.cis)
        assert {row.effect for row in rows} == {"bez zmian"}


class TestBehindTls:
    """What OBIEG_HTTPS=1 adds."""

    @pytest.fixture
    def behind(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
        monkeypatch.setenv("OBIEG_HTTPS", "1")
        reload(product)
        names = [name for name in dir(product) if name.isupper()]
        found = {name: getattr(product, name) for name in names}
        monkeypatch.undo()
        reload(product)
        now = {name: getattr(settings, name) for name in found if name not in TEST_OWN}
        return {name: found[name] for name in now if found[name] != now[name]}

    def test_djangos_own_check_finds_nothing(self, behind: dict[str, object]) -> None:
        with override_settings(**behind):
            found = run_checks(include_deployment_checks=True)
        assert [issue for issue in found if not issue.is_silenced()] == []

    @pytest.mark.django_db
    def test_cookies_and_addresses_are_bound_to_it(self, behind: dict[str, object]) -> None:
        with override_settings(**behind):
            plain = Visitor().get("/logowanie/")
            assert (plain.status_code, plain["Location"][:8]) == (301, "https://")
            assert Visitor().get("/health").status_code == 200
            page = Visitor(headers={"X-Forwarded-Proto": "https"}).get("/logowanie/")
            assert page["Strict-Transport-Security"] == "max-age=31536000"
            assert "upgrade-insecure-requests" in page["Content-Security-Policy"]
            cookie = page.cookies["__Host-csrf"]
            assert (cookie["secure"], cookie["httponly"]) == (True, True)
            assert (cookie["path"], cookie["domain"]) == ("/", "")


@pytest.mark.parametrize("style", ["json", "console"])
def test_what_people_typed_makes_no_line_of_its_own_in_a_log(style: str) -> None:
    root = logging.getLogger()
    handlers, level, stream = root.handlers, root.level, io.StringIO()
    try:
        configure(stream=stream, style=style)
        hostile = 'x\n{"event": "login", "operator": "ewa"}\r\n\x1b[2Jx'
        logging.getLogger("obieg.test").warning("failed on %s", hostile, extra={"name_of": hostile})
    finally:
        root.handlers, root.level = handlers, level
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert "\r" not in text
    assert "\x1b" not in text
    if style == "json":
        assert json.loads(text)["name_of"] == hostile
