"""A chart of accounts as a CSV file: written, and read back with every row's faults."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.db import transaction

from obieg.core.cells import plain_cell, typed_cell
from obieg.core.errors import UserFixable
from obieg.core.money import plain
from obieg.office.models import Client, Event, Operator
from obieg.posting.models import Account
from obieg.posting.models.books import LAST_KPIR_COLUMN

BOM = "\ufeff"
HEADINGS = {  # of the file, in order: the account's field
    "konto": "number",
    "nazwa": "name",
    "kolumna_kpir": "kpir_column",
    "stawka_ryczaltu": "ryczalt_rate",
    "koszt_podatkowy": "cost_percent",
    "reszta_na_konto": "rest_account",
    "uzywane": "active",
}
NAMES = {  # as other programs head these columns
    "konto": {"konto", "numer", "nr konta", "numer konta", "symbol"},
    "nazwa": {"nazwa", "nazwa konta", "opis"},
    "kolumna_kpir": {"kolumna_kpir", "kolumna kpir", "kolumna"},
    "stawka_ryczaltu": {"stawka_ryczaltu", "stawka ryczałtu", "ryczałt", "stawka"},
    "koszt_podatkowy": {"koszt_podatkowy", "koszt podatkowy", "koszt podatkowy %"},
    "reszta_na_konto": {"reszta_na_konto", "reszta na konto", "konto reszty"},
    "uzywane": {"uzywane", "używane", "aktywne"},
}
WHOLE = 100  # per cent
NO = {"nie", "n", "0", "false"}
MOST = 1_000_000  # characters of a file
LARGEST = 2 * MOST  # bytes of it
FIELDS = tuple(field for field in HEADINGS.values() if field != "number")


class ChartFileUnreadable(UserFixable):
    """The file is no list of accounts."""

    code = "posting.chart_file_unreadable"
    message_pl = "{problem}"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A row of the file: what it says, and what is wrong with it or what it would do."""

    place: int  # of the file, from 1; the headings are the first
    number: str
    name: str
    kpir_column: int | None
    ryczalt_rate: Decimal | None
    cost_percent: int
    rest_account: str
    active: bool
    told: frozenset[str]  # the fields that the file has a column for; the others stay
    faults: tuple[str, ...] = ()
    effect: str = ""  # nowe, zmiana, bez zmian


def csv_of(client: Client) -> str:
    """The client's accounts, as `read` takes them back."""
    stored = io.StringIO()
    writer = csv.writer(stored, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for account in Account.objects.of_client(client).order_by("number"):
        rate = account.ryczalt_rate
        writer.writerow(
            [
                plain_cell(account.number),
                plain_cell(account.name),
                account.kpir_column or "",
                "" if rate is None else plain(rate),
                account.cost_percent,
                plain_cell(account.rest_account),
                "tak" if account.active else "nie",
            ]
        )
    return BOM + stored.getvalue()


def decoded(content: bytes) -> str:
    """A file's text: UTF-8, else Windows-1250, as older programs write."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1250", errors="replace")
    if len(text) > MOST:
        raise ChartFileUnreadable(problem="Plik jest za duży na plan kont. Sprawdź, czy to on.")
    return text


def read(text: str, client: Client) -> list[ChartRow]:
    """Every row of the file with its faults, compared with the client's chart."""
    stored = {account.number: account for account in Account.objects.of_client(client)}
    rows = list(_rows(text))
    numbers = {number for number, account in stored.items() if account.active}
    numbers |= {row.number for row in rows}
    seen: set[str] = set()
    return [_judged(row, stored, seen, numbers) for row in rows]


@transaction.atomic
def take_in(rows: Iterable[ChartRow], client: Client, *, operator: Operator) -> int:
    """Add and change the accounts that the faultless rows name; how many. Nothing is deleted."""
    Client.objects.visible_to(operator).get(pk=client.pk)
    sound = [row for row in rows if not row.faults and row.effect != "bez zmian"]
    accounts = [
        Account(client=client, number=row.number, **{name: getattr(row, name) for name in FIELDS})
        for row in sound
    ]
    Account.objects.bulk_create(
        accounts,
        update_conflicts=True,
        unique_fields=["client", "number"],
        update_fields=list(FIELDS),
    )
    if sound:
        Event.objects.create(
            client=client,
            thing="posting.chart",
            thing_id=client.pk,
            actor=operator,
            kind="import",
            after={"accounts": [row.number for row in sound]},
        )
    return len(sound)


def _rows(text: str) -> Iterator[ChartRow]:
    delimiter = max(";\t,", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    places = _places(next(reader, []))
    told = frozenset(HEADINGS[name] for name, column in places.items() if column >= 0)
    for place, cells in enumerate(reader, 2):
        if any(cell.strip() for cell in cells):
            values = {name: _cell(cells, column) for name, column in places.items()}
            yield _read(place, values, told)


def _places(headings: list[str]) -> dict[str, int]:
    known = [heading.strip().casefold() for heading in headings]
    places = {
        name: next((known.index(word) for word in words if word in known), -1)
        for name, words in NAMES.items()
    }
    if places["konto"] < 0 or places["nazwa"] < 0:
        raise ChartFileUnreadable(
            problem="W pierwszym wierszu pliku muszą być nagłówki „konto” i „nazwa”. "
            "Pobierz obecny plan jako wzór."
        )
    return places


def _cell(cells: list[str], column: int) -> str:
    return typed_cell(cells[column].strip()) if 0 <= column < len(cells) else ""


def _read(place: int, values: Mapping[str, str], told: frozenset[str]) -> ChartRow:
    faults = []
    number, name = values["konto"], values["nazwa"]
    if not number:
        faults.append("brak numeru konta")
    if not name:
        faults.append("brak nazwy")
    if len(number) > 40:
        faults.append("numer konta ma ponad 40 znaków")
    column, fault = _column(values["kolumna_kpir"])
    faults += fault
    rate, fault = _rate(values["stawka_ryczaltu"])
    faults += fault
    share, fault = _share(values["koszt_podatkowy"])
    faults += fault
    return ChartRow(
        place=place,
        number=number,
        name=name[:200],
        kpir_column=column,
        ryczalt_rate=rate,
        cost_percent=share,
        rest_account=values["reszta_na_konto"],
        active=values["uzywane"].casefold() not in NO,
        told=told,
        faults=tuple(faults),
    )


def _column(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LAST_KPIR_COLUMN:
        return None, [f"kolumna KPiR „{text}” nie jest liczbą od 1 do {LAST_KPIR_COLUMN}"]
    return int(text), []


def _rate(text: str) -> tuple[Decimal | None, list[str]]:
    bare = text.rstrip("% ").replace(",", ".")
    if not bare:
        return None, []
    try:
        rate = Decimal(bare)
    except InvalidOperation:
        rate = Decimal(-1)
    if not rate.is_finite() or not 0 <= rate <= 20:
        return None, [f"stawka ryczałtu „{text}” nie jest procentem od 0 do 20"]
    return rate.quantize(Decimal("0.1")), []


def _share(text: str) -> tuple[int, list[str]]:
    bare = text.rstrip("% ")
    if not bare:
        return WHOLE, []
    if not bare.isascii() or not bare.isdigit() or int(bare) > WHOLE:
        return WHOLE, [f"koszt podatkowy „{text}” nie jest procentem od 0 do {WHOLE}"]
    return int(bare), []


def _judged(
    row: ChartRow, stored: Mapping[str, Account], seen: set[str], numbers: Collection[str]
) -> ChartRow:
    faults = list(row.faults)
    if row.rest_account and row.rest_account not in numbers:
        faults.append(f"konta „{row.rest_account}” na resztę nie ma w planie ani w pliku")
    if row.number and row.number in seen:
        faults.append("to konto jest w pliku drugi raz")
    seen.add(row.number)
    known = stored.get(row.number)
    if known:
        kept = {name: getattr(known, name) for name in FIELDS if name not in row.told}
        row = replace(row, **kept)
    same = known and all(getattr(known, name) == getattr(row, name) for name in FIELDS)
    effect = "bez zmian" if same else "zmiana" if known else "nowe"
    return replace(row, faults=tuple(faults), effect="" if faults else effect)
