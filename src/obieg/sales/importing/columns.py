"""The columns of the table: their headings, where they go in the content, how they are read."""

from collections.abc import Mapping
from typing import NamedTuple

from obieg.sales.importing import cells
from obieg.sales.importing.cells import Reader

DOCUMENT = "Dokument"
LINE = "lines"


class Column(NamedTuple):
    """`place` is the path in `SaleContent`; one that begins with `lines` belongs to the row."""

    heading: str
    place: tuple[str, ...]
    read: Reader
    example: str
    explained: str

    @property
    def is_of_line(self) -> bool:
        return self.place[0] == LINE


def _kind(cell: str) -> str:
    code = cell.upper()
    if code not in {"VAT", "ZAL", "ROZ", "UPR"}:
        raise cells.CellError(f"„{cell}”: dozwolone: VAT, ZAL, ROZ, UPR (korekty wystawia Obieg)")
    return code


COLUMNS = (
    Column("Rodzaj", ("kind",), _kind, "VAT", "VAT, ZAL, ROZ albo UPR; puste: VAT"),
    Column("Numer", ("number",), cells.text, "", "puste: numer nada seria Obiegu"),
    Column("Seria", ("series",), cells.text, "", "symbol serii; puste: domyślna"),
    Column(
        "Data wystawienia", ("issue_date",), cells.day, "2026-11-21", "puste: dzień wystawienia"
    ),
    Column("Data sprzedaży", ("sale_date",), cells.day, "2026-11-20", "gdy inna niż wystawienia"),
    Column("NIP nabywcy", ("buyer", "nip"), cells.nip, "9990000014", "polski NIP"),
    Column("VAT UE: kraj", ("buyer", "eu_prefix"), cells.text, "", "np. DE"),
    Column("VAT UE: numer", ("buyer", "eu_number"), cells.text, "", "bez kraju"),
    Column(
        "Nabywca", ("buyer", "name"), cells.text, "Łan sp. z o.o.", "nazwa albo imię i nazwisko"
    ),
    Column("Kraj", ("buyer", "address", "country"), cells.text, "PL", "kod kraju; puste: PL"),
    Column("Adres", ("buyer", "address", "line1"), cells.text, "ul. Polna 1", "ulica i numer"),
    Column(
        "Kod i miejscowość",
        ("buyer", "address", "line2"),
        cells.text,
        "00-001 Warszawa",
        "druga linia adresu",
    ),
    Column("E-mail", ("buyer", "email"), cells.text, "", "adres nabywcy"),
    Column("Ceny", ("prices",), cells.prices, "netto", "netto albo brutto; puste: netto"),
    Column("Waluta", ("currency",), str.upper, "PLN", "puste: PLN"),
    Column("Kurs", ("exchange_rate",), cells.amount, "", "złotych za jednostkę waluty"),
    Column("Nazwa towaru lub usługi", (LINE, "description"), cells.text, "Usługa", "P_7"),
    Column("Ilość", (LINE, "quantity"), cells.amount, "2", "puste przy samej wartości"),
    Column("Jednostka", (LINE, "unit"), cells.text, "szt.", "P_8A"),
    Column("Cena", (LINE, "price"), cells.amount, "150,00", "jednostkowa, netto albo brutto"),
    Column("Rabat %", (LINE, "discount_percent"), cells.percent, "", "od ceny"),
    Column("Wartość", (LINE, "amount"), cells.amount, "", "zamiast ilości i ceny"),
    Column("Stawka", (LINE, "rate"), cells.rate, "23", "kod stawki VAT (P_12)"),
    Column("GTU", (LINE, "gtu"), str.upper, "", "GTU_01 … GTU_13"),
    Column("Procedura", (LINE, "procedure"), cells.text, "", "oznaczenie procedury"),
    Column("GTIN", (LINE, "gtin"), cells.text, "", "kod kreskowy"),
    Column("PKWiU", (LINE, "pkwiu"), cells.text, "", ""),
    Column("CN", (LINE, "cn"), cells.text, "", ""),
    Column("Indeks", (LINE, "index"), cells.text, "", "symbol u sprzedawcy"),
    Column("Załącznik 15", (LINE, "annex15"), cells.mark, "", "tak, gdy towar z załącznika nr 15"),
    Column("Partia", (LINE, "lot"), cells.text, "", "numer partii towaru"),
    Column(
        "Forma płatności", ("payment", "method"), cells.method, "przelew", "przelew, gotówka, …"
    ),
    Column("Termin płatności", ("payment", "terms"), cells.day, "2026-12-05", "data"),
    Column("Zapłacono", ("payment", "paid"), cells.mark, "", "tak, gdy już zapłacona"),
    Column("Data zapłaty", ("payment", "paid_on"), cells.day, "", ""),
    Column("Rachunek", ("payment", "accounts"), cells.text, "", "puste: rachunek z ustawień"),
    Column("MPP", ("annotations", "split_payment"), cells.mark, "", "tak: podzielona płatność"),
    Column("Metoda kasowa", ("annotations", "cash_method"), cells.mark, "", "tak: metoda kasowa"),
    Column(
        "Odwrotne obciążenie",
        ("annotations", "reverse_charge"),
        cells.mark,
        "",
        "tak przy stawce oo",
    ),
    Column(
        "Podstawa zwolnienia",
        ("annotations", "exempt_basis"),
        cells.text,
        "",
        "przepis ustawy, przy stawce zw",
    ),
    Column("Uwagi", ("footer",), cells.text, "", "stopka faktury"),
)

BY_HEADING: Mapping[str, Column] = {column.heading.casefold(): column for column in COLUMNS}
BY_PLACE: Mapping[tuple[str, ...], Column] = {column.place: column for column in COLUMNS}
