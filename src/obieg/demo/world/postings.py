"""How the demo's accountants post each kind of purchase and sale: the truth behind a month."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of cost: its account in full books, its category and column in the KPiR."""

    account: str
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
    "goods": Category("330", "TOWAR", 12),
    "food": Category("330", "TOWAR", 12),
    "building": Category("401-02", "MATERIAŁY", 12),
    "materials": Category("401-02", "MATERIAŁY", 12),
    "side_costs": Category("330-09", "UBOCZNE", 13),
    "packaging": Category("401-03", "KOSZTY", 15),
    "energy": Category("401-01", "KOSZTY", 15),
    "water": Category("401-01", "KOSZTY", 15),
    "fuel": Category("401-04", "PALIWO", 15, 50),
    "car_parts": Category("401-05", "POJAZDY", 15, 50),
    "car_service": Category("402-05", "POJAZDY", 15, 50),
    "leasing": Category("402-06", "LEASING", 15, 50),
    "office": Category("401-06", "KOSZTY", 15),
    "equipment": Category("401-07", "WYPOSAŻENIE", 15),
    "fixed_asset": Category("010", "ŚT", None, register="ZAKUP ŚT"),
    "telecom": Category("402-01", "KOSZTY", 15),
    "transport": Category("402-02", "KOSZTY", 15),
    "rent": Category("402-03", "KOSZTY", 15),
    "software": Category("402-04", "KOSZTY", 15),
    "accounting": Category("402-07", "KOSZTY", 15),
    "cleaning": Category("402-08", "KOSZTY", 15),
    "marketing": Category("402-09", "KOSZTY", 15),
    "subcontract": Category("402-10", "KOSZTY", 15),
    "site_service": Category("402-10", "KOSZTY", 15),
    "training": Category("402-11", "KOSZTY", 15),
    "services": Category("402-12", "KOSZTY", 15),
    "bank_fees": Category("402-13", "KOSZTY", 15),
    "hotel": Category("409-03", "PODRÓŻE", 15, 0),
    "insurance": Category("409-01", "KOSZTY", 15),
    "representation": Category("409-02", "REPREZENTACJA", None, 0),
}
SALES = {  # account in full books, category of the KPiR and its column
    "products": Category("700", "SPRZEDAŻ", 9, register="SPRZEDAŻ"),
    "sold_services": Category("702", "SPRZEDAŻ", 9, register="SPRZEDAŻ"),
    "sold_goods": Category("730", "SPRZEDAŻ", 9, register="SPRZEDAŻ"),
}
