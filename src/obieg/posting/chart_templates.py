"""The charts that a new client gets: numbers and names that offices use, to be adapted.

Accounts follow the model chart of the Accounting Act's teams 0-8; columns are those of the KPiR in
force from 2026; rates are those of art. 12 of the Act on lump-sum income tax.
"""

from decimal import Decimal
from typing import NamedTuple

MIXED_USE = 75  # per cent: a car used privately as well, art. 23(1)(46a) PIT Act


class Template(NamedTuple):
    """An account or category: its number and name, its column of the KPiR or rate of ryczałt."""

    number: str
    name: str
    kpir_column: int | None = None
    ryczalt_rate: Decimal | None = None  # per cent
    cost_percent: int = 100  # of lines without full deduction of VAT


FULL_BOOKS = (
    Template("010", "Środki trwałe"),
    Template("020", "Wartości niematerialne i prawne"),
    Template("070", "Umorzenie środków trwałych"),
    Template("080", "Środki trwałe w budowie"),
    Template("100", "Kasa"),
    Template("131", "Rachunek bieżący"),
    Template("135", "Rachunek VAT"),
    Template("201", "Rozrachunki z odbiorcami"),
    Template("202", "Rozrachunki z dostawcami"),
    Template("221-1", "VAT naliczony"),
    Template("221-2", "VAT należny"),
    Template("221-3", "Rozliczenie VAT"),
    Template("221-4", "VAT naliczony do rozliczenia w innym okresie"),
    Template("234", "Pozostałe rozrachunki z pracownikami i właścicielami"),
    Template("249", "Pozostałe rozrachunki"),
    Template("300", "Rozliczenie zakupu"),
    Template("310", "Materiały"),
    Template("330", "Towary"),
    Template("330-09", "Koszty zakupu towarów"),
    Template("400", "Amortyzacja"),
    Template("401-01", "Energia"),
    Template("401-02", "Materiały"),
    Template("401-03", "Opakowania"),
    Template("401-04", "Paliwo"),
    Template("401-05", "Części samochodowe"),
    Template("401-06", "Materiały biurowe"),
    Template("401-07", "Wyposażenie"),
    Template("402-01", "Telekomunikacja"),
    Template("402-02", "Transport"),
    Template("402-03", "Najem"),
    Template("402-04", "Informatyka"),
    Template("402-05", "Obsługa pojazdów"),
    Template("402-06", "Leasing"),
    Template("402-07", "Księgowość i prawo"),
    Template("402-08", "Sprzątanie i odpady"),
    Template("402-09", "Reklama"),
    Template("402-10", "Podwykonawcy"),
    Template("402-11", "Szkolenia"),
    Template("402-12", "Pozostałe usługi"),
    Template("402-13", "Opłaty bankowe"),
    Template("403", "Podatki i opłaty"),
    Template("404", "Wynagrodzenia"),
    Template("405", "Ubezpieczenia społeczne i inne świadczenia"),
    Template("409-01", "Ubezpieczenia"),
    Template("409-02", "Reprezentacja"),
    Template("409-03", "Podróże służbowe"),
    Template("409-09", "Pozostałe koszty"),
    Template("490", "Rozliczenie kosztów"),
    Template("640", "Rozliczenia międzyokresowe kosztów"),
    Template("700", "Sprzedaż wyrobów"),
    Template("702", "Sprzedaż usług"),
    Template("730", "Sprzedaż towarów"),
    Template("731", "Wartość sprzedanych towarów"),
    Template("750", "Przychody finansowe"),
    Template("751", "Koszty finansowe"),
    Template("760", "Pozostałe przychody operacyjne"),
    Template("761", "Pozostałe koszty operacyjne"),
    Template("801", "Kapitał podstawowy"),
    Template("860", "Wynik finansowy"),
)
KPIR = (
    Template("SPRZEDAŻ", "Sprzedaż towarów i usług", 9),
    Template("PRZYCHODY-POZ", "Pozostałe przychody", 10),
    Template("TOWAR", "Towary handlowe", 12),
    Template("MATERIAŁY", "Materiały podstawowe", 12),
    Template("UBOCZNE", "Koszty uboczne zakupu", 13),
    Template("WYNAGRODZENIA", "Wynagrodzenia", 14),
    Template("KOSZTY", "Pozostałe wydatki", 15),
    Template("PALIWO", "Paliwo", 15, cost_percent=MIXED_USE),
    Template("POJAZDY", "Eksploatacja pojazdów", 15, cost_percent=MIXED_USE),
    Template("LEASING", "Leasing", 15),
    Template("WYPOSAŻENIE", "Wyposażenie", 15),
    Template("PODRÓŻE", "Podróże służbowe", 15),
    Template("ŚT", "Środki trwałe (do ewidencji, koszt przez amortyzację)"),
    Template("REPREZENTACJA", "Reprezentacja (nie jest kosztem)"),
    Template("PRYWATNE", "Wydatki prywatne (nie są kosztem)"),
)
RYCZALT = (
    Template("RYCZAŁT", "Przychód – stawka klienta"),
    *(
        Template(
            f"RYCZAŁT-{rate}",
            f"Przychód – ryczałt {rate}%",
            ryczalt_rate=Decimal(rate.replace(",", ".")),
        )
        for rate in ("2", "3", "5,5", "8,5", "10", "12", "12,5", "14", "15", "17")
    ),
    Template("ZAKUP-VAT", "Zakup – tylko rejestr VAT"),
    Template("ŚT", "Środki trwałe"),
)
