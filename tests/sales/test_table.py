"""Sales from a table: what is right is read, what is wrong is told at its row and column."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from obieg.sales.importing.columns import BY_HEADING, COLUMNS
from obieg.sales.importing.sheets import UnreadableTable, read_rows
from obieg.sales.importing.table import RowError, TableDocument, read_documents
from obieg.sales.importing.template import EXAMPLE, HEADINGS, template_csv, template_xlsx

HEAD = ["Dokument", "NIP nabywcy", "Nabywca", "Nazwa towaru lub usługi", "Ilość", "Cena", "Stawka"]
FIRST = ["1", "999-000-00-14", "Łan sp. z o.o.", "Śruba", "2", "10,50", "23%"]


def as_csv(*rows: list[str], encoding: str = "utf-8-sig", separator: str = ";") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue().encode(encoding)


def as_xlsx(*rows: list[Any]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell)
                else:
                    sheet.write(number, column, cell)
    return written.getvalue()


def documents(data: bytes) -> list[TableDocument]:
    return read_documents(read_rows(data))


@pytest.mark.parametrize("data", [template_csv(), template_xlsx()])
def test_the_template_reads_back_as_its_example(data: bytes) -> None:
    (document,) = documents(data)
    assert not document.errors
    content = document.content
    assert content is not None
    assert content.buyer.nip == "9990000014"
    assert content.lines[0].price == Decimal("150.00")
    assert content.payment.method == "6"
    assert content.payment.terms[0].due == date(2026, 12, 5)


def test_every_column_has_an_example_that_it_reads() -> None:
    for column in COLUMNS:
        if column.example:
            column.read(column.example)
    assert len(EXAMPLE) == len(HEADINGS)
    assert len(BY_HEADING) == len(COLUMNS)


def test_rows_of_one_key_are_one_invoice() -> None:
    second = ["1", "", "", "Nakrętka", "1 000", "0,05", "8"]
    other = ["2", "", "Jan Żak", "Usługa", "1", "100", "zwolnione"]
    one, two = documents(as_csv(HEAD, FIRST, second, other))
    assert one.content is not None
    assert two.content is not None
    assert [line.description for line in one.content.lines] == ["Śruba", "Nakrętka"]
    assert one.content.lines[1].quantity == Decimal(1000)
    assert one.content.lines[0].rate == "23"
    assert two.content.buyer.nip == ""
    assert two.content.lines[0].rate == "zw"


def test_a_spreadsheets_own_numbers_and_days_are_exact() -> None:
    head = [*HEAD, "Data wystawienia"]
    row = [1, "9990000014", "Łan", "Śruba", 3, 0.1, 23, date(2026, 11, 5)]
    (document,) = documents(as_xlsx(head, row))
    assert document.content is not None
    assert document.content.lines[0].price == Decimal("0.1")
    assert document.content.issue_date == date(2026, 11, 5)
    assert document.key == "1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_of_any_polish_program_is_read(encoding: str, separator: str) -> None:
    (document,) = documents(as_csv(HEAD, FIRST, encoding=encoding, separator=separator))
    assert document.content is not None
    assert document.content.buyer.name == "Łan sp. z o.o."


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("NIP nabywcy", "9990000015", "NIP"),
        ("Ilość", "dwa", "to nie liczba"),
        ("Ilość", "NaN", "to nie liczba"),
        ("Cena", "1,123456789", "miejsc po przecinku"),
        ("Stawka", "24", "nieznana stawka"),
        ("Nabywca", "x" * 513, "512 znaków"),
    ],
)
def test_a_mistake_is_told_at_its_row_and_column(column: str, cell: str, words: str) -> None:
    wrong = list(FIRST)
    wrong[HEAD.index(column)] = cell
    right = ["2", *FIRST[1:]]
    document, other = documents(as_csv(HEAD, wrong, right))
    assert document.content is None
    (error,) = document.errors
    assert (error.row, error.column) == (2, column)
    assert words in error.text
    assert other.content is not None


def test_an_amount_too_large_to_be_saved_is_told_at_its_row() -> None:
    large = [*FIRST[:4], "99999999999999", "99999999999", "23%"]
    right, wrong = documents(as_csv(HEAD, FIRST, ["2", *large[1:]]))
    assert right.content is not None
    assert wrong.content is None
    ((row, _, text),) = wrong.errors
    assert row == 3
    assert "jest za duża" in text


def test_all_mistakes_are_told_at_once() -> None:
    wrong = ["1", "123", "Łan", "Śruba", "x", "y", "99"]
    (document,) = documents(as_csv(HEAD, wrong))
    assert [error.column for error in document.errors] == [
        "NIP nabywcy",
        "Ilość",
        "Cena",
        "Stawka",
    ]


def test_a_document_may_not_say_two_things_of_itself() -> None:
    second = ["1", "", "Inny nabywca", "Nakrętka", "1", "1", "23"]
    (document,) = documents(as_csv(HEAD, FIRST, second))
    (error,) = document.errors
    assert (error.row, error.column) == (3, "Nabywca")


def test_a_document_may_repeat_what_it_says_of_itself() -> None:
    (document,) = documents(as_csv(HEAD, FIRST, FIRST))
    assert document.content is not None
    assert len(document.content.lines) == 2


def test_rows_of_one_document_stand_together() -> None:
    other = ["2", *FIRST[1:]]
    found = documents(as_csv(HEAD, FIRST, other, FIRST))
    assert found[2].content is None
    assert found[2].errors[0].row == 4


def test_a_row_without_a_key_is_told() -> None:
    (document,) = documents(as_csv(HEAD, ["", *FIRST[1:]]))
    assert document.errors == [
        RowError(2, "Dokument", "wpisz numer kolejny albo inny klucz dokumentu")
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "pusty"),
        (b"PK\x03\x04 nonsense", "uszkodzony"),
        (as_csv(["Dokument", "Kwota"]), "nieznane kolumny: Kwota"),
        (as_csv(["Nabywca"]), "brakuje kolumny"),
        (as_csv(["Dokument", "Cena", "Cena"]), "powtórzone"),
        (b"Dokument\n\x00\x00", "CSV ani XLSX"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableTable, match=words):
        read_rows(data)


def test_empty_rows_are_left_out_and_do_not_move_the_numbers() -> None:
    wrong = ["2", "123", *FIRST[2:]]
    found = documents(as_csv(HEAD, FIRST, [""] * len(HEAD), wrong))
    assert found[1].errors[0].row == 4
