"""A chart of accounts goes into a file and comes back; a bad row is named and harms no other."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Model

from obieg.office.branches import Inherited
from obieg.office.models import Client, Operator
from obieg.posting.chart_file import ChartFileUnreadable, csv_of, decoded, read, take_in
from obieg.posting.charts import copy_chart
from obieg.posting.inheriting import take_over_books
from obieg.posting.models import Account, Dimension, Profile, Vehicle
from tests.posting.factories import ClientFactory, OperatorFactory

pytestmark = pytest.mark.django_db


def test_what_was_written_is_read_back_unchanged(client_firm: Client) -> None:
    rows = read(decoded(csv_of(client_firm).encode()), client_firm)
    assert len(rows) == Account.objects.of_client(client_firm).count()
    assert {row.effect for row in rows} == {"bez zmian"}


VALUES = {  # none of them the usual one
    "number": "401-77",
    "name": "Koszty =mieszane",
    "kpir_column": 15,
    "ryczalt_rate": Decimal("8.5"),
    "cost_percent": 75,
    "rest_account": "409-09",
    "active": False,
}


def own_fields(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields} - {"id", "client"}


def test_every_field_of_an_account_survives_the_file(client_firm: Client) -> None:
    assert own_fields(Account) == VALUES.keys()
    Account.objects.create(client=client_firm, **VALUES)
    other, ewa = ClientFactory(), OperatorFactory(owner=True)
    take_in(read(decoded(csv_of(client_firm).encode()), other), other, operator=ewa)
    copied = Account.objects.of_client(other).get(number="401-77")
    assert {name: getattr(copied, name) for name in VALUES} == VALUES
    assert csv_of(other) == csv_of(client_firm)


@pytest.mark.parametrize("model", [Account, Dimension, Profile, Vehicle])
def test_every_field_of_the_books_is_handed_to_a_branch(
    model: type[Model], client_firm: Client
) -> None:
    days = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 6, 30)}
    Account.objects.create(client=client_firm, **VALUES)
    Dimension.objects.create(client=client_firm, kind="project", code="P1", name="Most", **days)
    Vehicle.objects.create(client=client_firm, plate="WA1", name="Bus", vat_percent=100, **days)
    branch = ClientFactory(books=False)
    take_over_books(client_firm, branch, {Inherited.BOOKS})
    own, copied = (
        list(model.objects.of_client(one).order_by("pk").values(*own_fields(model)))
        for one in (client_firm, branch)
    )
    assert own
    assert copied == own


def test_a_column_that_the_file_lacks_leaves_the_field_as_it_is(
    client_firm: Client, anna: Operator
) -> None:
    Account.objects.create(client=client_firm, **VALUES)
    rows = read("konto;nazwa\n401-77;Inaczej\n", client_firm)
    assert [row.effect for row in rows] == ["zmiana"]
    take_in(rows, client_firm, operator=anna)
    changed = Account.objects.of_client(client_firm).get(number="401-77")
    expected = {**VALUES, "name": "Inaczej"}
    assert {name: getattr(changed, name) for name in VALUES} == expected


def test_a_share_without_sense_or_account_is_told(client_firm: Client) -> None:
    head = "konto;nazwa;koszt podatkowy;reszta na konto\n"
    rows = read(f"{head}X1;Auto;120;\nX2;Auto;75 %;999\nX3;Auto;75;X1\n", client_firm)
    assert [row.faults for row in rows] == [
        ("koszt podatkowy „120” nie jest procentem od 0 do 100",),
        ("konta „999” na resztę nie ma w planie ani w pliku",),
        (),
    ]


def test_rows_add_and_change_accounts(client_firm: Client, anna: Operator) -> None:
    text = "Numer konta;Nazwa;Kolumna;Stawka\n402-20;Usługi obce;;\n401-05;Części;15;8,5 %\n"
    rows = read(text, client_firm)
    assert [row.effect for row in rows] == ["nowe", "zmiana"]
    assert take_in(rows, client_firm, operator=anna) == 2
    changed = Account.objects.of_client(client_firm).get(number="401-05")
    assert (changed.name, changed.kpir_column, changed.ryczalt_rate) == (
        "Części",
        15,
        Decimal("8.5"),
    )


def test_every_fault_of_every_row_is_told_and_the_rest_is_taken_in(
    client_firm: Client, anna: Operator
) -> None:
    head = "konto,nazwa,kolumna_kpir,stawka_ryczaltu\n"
    text = f"{head},Bez numeru,25,\nX1,,,99\nX2,Dobre,,\nX2,Znowu,,\n"
    rows = read(text, client_firm)
    assert [row.faults for row in rows] == [
        ("brak numeru konta", "kolumna KPiR „25” nie jest liczbą od 1 do 19"),
        ("brak nazwy", "stawka ryczałtu „99” nie jest procentem od 0 do 20"),
        (),
        ("to konto jest w pliku drugi raz",),
    ]
    assert [row.place for row in rows] == [2, 3, 4, 5]
    assert take_in(rows, client_firm, operator=anna) == 1
    assert Account.objects.of_client(client_firm).get(number="X2").name == "Dobre"


def test_a_file_of_an_older_program_is_read(client_firm: Client) -> None:
    text = decoded("konto;nazwa\nŁ1;Różnice łączne\n".encode("cp1250"))
    assert read(text, client_firm)[0].name == "Różnice łączne"


def test_a_file_without_headings_is_refused(client_firm: Client) -> None:
    with pytest.raises(ChartFileUnreadable, match="nagłówki „konto” i „nazwa”"):
        read("401;Koszty\n", client_firm)


def test_a_chart_is_copied_between_ones_own_clients_only(
    client_firm: Client, anna: Operator
) -> None:
    Account.objects.create(client=client_firm, number="500-77", name="Własne")
    other = ClientFactory()
    with pytest.raises(Client.DoesNotExist):
        copy_chart(client_firm, other, operator=anna)
    ewa = OperatorFactory(owner=True)
    assert copy_chart(client_firm, other, operator=ewa) == 1
    assert copy_chart(client_firm, other, operator=ewa) == 0
    assert Account.objects.of_client(other).filter(number="500-77").exists()
