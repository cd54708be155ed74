"""Files become drafts: all that is right, nothing twice, and no mistake in silence."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Visitor

from obieg.sales.content import SaleContent
from obieg.sales.importing.services import BadArchive, import_table, import_xml
from obieg.sales.models import BankAccount, Sale
from obieg.sales.states import SaleState
from obieg.sales.storage import xml_of
from tests.sales.factories import (
    ACCOUNT,
    BUYER_NIP,
    a_client,
    a_contractor,
    a_sale,
    an_issuer,
)
from tests.sales.test_table import FIRST, HEAD, as_csv

pytestmark = pytest.mark.django_db

WRONG = ["2", "123", *FIRST[2:]]


def drafts() -> list[Sale]:
    return list(Sale.objects.across_clients().order_by("pk"))


def test_the_documents_of_a_table_become_drafts() -> None:
    client = a_client()
    other = ["2", "", "Jan Żak", "Usługa", "1", "100", "8"]
    report = import_table(client, as_csv(HEAD, FIRST, other), actor=an_issuer(client))

    assert not report.has_errors
    first, second = drafts()
    assert first.state == SaleState.DRAFT
    assert first.origin == Sale.Origin.FILE
    assert first.buyer_name == "Łan sp. z o.o."
    assert str(first.gross) == "25.83"  # 2 x 10,50 and 23%
    assert str(second.gross) == "108.00"


def test_one_mistake_and_nothing_is_taken() -> None:
    client = a_client()
    report = import_table(client, as_csv(HEAD, FIRST, WRONG), actor=an_issuer(client))
    assert [error.row for error in report.row_errors] == [3]
    assert drafts() == []


def test_what_is_right_is_taken_where_that_was_asked() -> None:
    client = a_client()
    data = as_csv(HEAD, FIRST, WRONG)
    report = import_table(client, data, actor=an_issuer(client), skip_wrong=True)
    assert len(report.drafts) == 1
    assert len(report.row_errors) == 1


def test_the_same_table_twice_makes_no_doubles_unless_asked() -> None:
    client = a_client()
    anna = an_issuer(client)
    import_table(client, as_csv(HEAD, FIRST), actor=anna)
    mended = ["2", BUYER_NIP, *FIRST[2:]]
    report = import_table(client, as_csv(HEAD, FIRST, mended), actor=anna)
    assert report.known == ["1"]
    assert len(drafts()) == 2

    import_table(client, as_csv(HEAD, FIRST), actor=anna, again=True)
    assert len(drafts()) == 3


def test_the_settings_complete_what_the_table_leaves_out() -> None:
    client = a_client()
    BankAccount.objects.create(client=client, number=ACCOUNT)
    contractor = a_contractor(client)
    row = ["1", BUYER_NIP, "", "Śruba", "1", "1", "23"]
    import_table(client, as_csv(HEAD, row), actor=an_issuer(client))
    (sale,) = drafts()
    content = SaleContent.model_validate(sale.content)
    assert content.payment.accounts[0].number == ACCOUNT
    assert content.buyer.name == contractor.name
    assert content.buyer.address.line1
    assert sale.contractor_id == contractor.pk


def test_xml_is_kept_byte_for_byte_and_a_wrong_file_stops_no_other() -> None:
    ready = a_sale(SaleState.READY)
    xml = xml_of(ready)
    anna = an_issuer(ready.client)
    uploads = [("a.xml", xml), ("b.xml", b"<nonsense"), ("c.xml", b"x" * 3_000_001)]
    report = import_xml(ready.client, uploads, actor=anna)
    (draft,) = report.drafts
    assert xml_of(draft) == xml
    assert [error.name for error in report.file_errors] == ["b.xml", "c.xml"]


def test_xml_of_another_seller_is_refused() -> None:
    ready = a_sale(SaleState.READY)
    stranger = a_client()
    report = import_xml(stranger, [("a.xml", xml_of(ready))], actor=an_issuer(stranger))
    assert report.drafts == []
    assert ready.client.nip in report.file_errors[0].text


def test_an_archive_is_unpacked() -> None:
    ready = a_sale(SaleState.READY)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("listopad/a.xml", xml_of(ready))
        archive.writestr("czytaj.txt", "x")
        archive.writestr("bomba.xml", b"\0" * 30_000_000)
    uploads = [("faktury.zip", packed.getvalue())]
    report = import_xml(ready.client, uploads, actor=an_issuer(ready.client))
    assert len(report.drafts) == 1
    (error,) = report.file_errors
    assert error.name == "faktury.zip/bomba.xml"


def test_a_broken_archive_says_so() -> None:
    client = a_client()
    with pytest.raises(BadArchive, match=r"faktury\.zip"):
        import_xml(client, [("faktury.zip", b"PK\x03\x04nonsense")], actor=an_issuer(client))


def test_the_page_takes_a_table_and_shows_the_mistakes_at_their_rows() -> None:
    client = a_client()
    visitor = Visitor()
    visitor.force_login(an_issuer(client))
    upload = SimpleUploadedFile("listopad.csv", as_csv(HEAD, FIRST, WRONG))
    answer = visitor.post("/sprzedaz/wczytaj/", {"client": client.pk, "uploads": upload})
    assert answer.status_code == 422
    assert "NIP nabywcy" in answer.content.decode()
    assert drafts() == []

    right = SimpleUploadedFile("listopad.csv", as_csv(HEAD, FIRST))
    answer = visitor.post("/sprzedaz/wczytaj/", {"client": client.pk, "uploads": right})
    assert answer.status_code == 200
    assert "Wczytano 1 szkic" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_downloaded(kind: str) -> None:
    visitor = Visitor()
    visitor.force_login(an_issuer())
    assert visitor.get(f"/sprzedaz/wzor.{kind}").content
