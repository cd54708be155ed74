"""How the demo's accountants post each kind of purchase and sale: the truth behind a month."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of cost: its account in full books, its category and column in the KPiR."""

    account: str
    account_name: str
    kpir: str  # category of a client with a KPiR
    kpir_column: int | None  # of the KPiR of 2026; None: not entered at once
    deductible_percent: int = 100
    register: str = "ZAKUP"


@dataclass(frozen=True, slots=True)
class Truth:
    """How one line is posted; the fields of `obieg.posting.models.Posting`."""

    account: str
    vat_register: str
    deductible_percent: int
    kpir_column: int | None
    cost_centre: str = ""
    project: str = ""


CATEGORIES = {
    "goods": Category("330", "Towary", "TOWAR", 12),
    "food": Category("330", "Towary", "TOWAR", 12),
    "building": Category("401-02", "Materiały", "MATERIAŁY", 12),
    "materials": Category("401-02", "Materiały", "MATERIAŁY", 12),
    "side_costs": Category("330-09", "Koszty zakupu towarów", "UBOCZNE", 13),
    "packaging": Category("401-03", "Opakowania", "KOSZTY", 15),
    "energy": Category("401-01", "Energia", "KOSZTY", 15),
    "water": Category("401-01", "Energia", "KOSZTY", 15),
    "fuel": Category("401-04", "Paliwo", "PALIWO", 15, 50),
    "car_parts": Category("401-05", "Części samochodowe", "POJAZDY", 15, 50),
    "car_service": Category("402-05", "Obsługa pojazdów", "POJAZDY", 15, 50),
    "leasing": Category("402-06", "Leasing", "LEASING", 15, 50),
    "office": Category("401-06", "Materiały biurowe", "KOSZTY", 15),
    "equipment": Category("401-07", "Wyposażenie", "WYPOSAŻENIE", 15),
    "fixed_asset": Category("010", "Środki trwałe", "ŚT", None, register="ZAKUP ŚT"),
    "telecom": Category("402-01", "Telekomunikacja", "KOSZTY", 15),
    "transport": Category("402-02", "Transport", "KOSZTY", 15),
    "rent": Category("402-03", "Najem", "KOSZTY", 15),
    "software": Category("402-04", "Informatyka", "KOSZTY", 15),
    "accounting": Category("402-07", "Księgowość i prawo", "KOSZTY", 15),
    "cleaning": Category("402-08", "Sprzątanie i odpady", "KOSZTY", 15),
    "marketing": Category("402-09", "Reklama", "KOSZTY", 15),
    "subcontract": Category("402-10", "Podwykonawcy", "KOSZTY", 15),
    "site_service": Category("402-10", "Podwykonawcy", "KOSZTY", 15),
    "training": Category("402-11", "Szkolenia", "KOSZTY", 15),
    "services": Category("402-12", "Pozostałe usługi", "KOSZTY", 15),
    "bank_fees": Category("402-13", "Opłaty bankowe", "KOSZTY", 15),
    "hotel": Category("409-03", "Podróże służbowe", "PODRÓŻE", 15, 0),
    "insurance": Category("409-01", "Ubezpieczenia", "KOSZTY", 15),
    "representation": Category("409-02", "Reprezentacja", "REPREZENTACJA", None, 0),
}
SALES = {  # account in full books, category of the KPiR and its column
    "products": Category("700", "Sprzedaż wyrobów", "SPRZEDAŻ", 9, register="SPRZEDAŻ"),
    "sold_services": Category("702", "Sprzedaż usług", "SPRZEDAŻ", 9, register="SPRZEDAŻ"),
    "sold_goods": Category("730", "Sprzedaż towarów", "SPRZEDAŻ", 9, register="SPRZEDAŻ"),
}
