"""The trades of the office's clients: what they are called, what they sell, where they buy."""

from dataclasses import dataclass

# Everybody's sellers: the kind and how often a month it bills one client.
EVERYBODY = {
    "telecom": 2,
    "energy": 2,
    "accounting": 1,
    "bank": 1,
    "it": 2,
    "office": 2,
    "fuel": 7,
    "rent": 1,
    "water": 1,
    "insurance": 1,
    "garage": 1,
    "restaurant": 1,
    "cloud": 1,
}


@dataclass(frozen=True, slots=True)
class Trade:
    """`buys` weighs the kinds of sellers beside EVERYBODY's; `share` how many clients are such."""

    key: str
    share: int
    company: tuple[str, ...]  # patterns of names of companies
    person: tuple[str, ...]  # and of firms of one person
    buys: dict[str, int]
    cost_centres: tuple[tuple[str, str], ...] = ()
    sites: bool = False  # its costs belong to projects
    exempt: bool = False  # sells what is exempt from VAT, deducts none
    foreign: bool = False  # also sells abroad


TRADES = (
    Trade(
        "construction",
        20,
        ("{word} Budownictwo Sp. z o.o.", "{word} Konstrukcje Sp. z o.o. Sp.k."),
        ("Usługi Remontowe {first} {surname}", "Dachy {word} {first} {surname}"),
        {"building": 22, "subcontractor": 6, "waste": 2, "haulage": 2, "fuel": 8, "leasing": 2},
        sites=True,
    ),
    Trade(
        "bakery",
        8,
        ("Piekarnia {word} Sp. z o.o.",),
        ("Piekarnia „{word}” {first} {surname}", "Cukiernia {first} {surname}"),
        {"food": 34, "gas": 2, "energy": 2, "waste": 2, "wholesale": 2, "cleaning": 1},
        (("PROD", "Produkcja"), ("SKL1", "Sklep Lipowa"), ("SKL2", "Sklep Rynek")),
    ),
    Trade(
        "it",
        16,
        ("{word} Software Sp. z o.o.", "{word} Data S.A."),
        ("{first} {surname} IT", "{word} Development {first} {surname}"),
        {"it": 8, "cloud": 6, "hotel": 3, "training": 1, "restaurant": 2, "leasing": 1},
        foreign=True,
    ),
    Trade(
        "wholesale",
        16,
        (
            "{word} Hurt Sp. z o.o.",
            "{word} Import-Export Sp. z o.o.",
            "{surname} i Wspólnicy Sp.j.",
        ),
        ("P.H.U. {word} {first} {surname}",),
        {"wholesale": 26, "courier": 8, "haulage": 5, "cloud": 2, "security": 1, "waste": 1},
        (("MAG", "Magazyn"), ("INT", "Sklep internetowy"), ("HAN", "Handel")),
        foreign=True,
    ),
    Trade(
        "haulage",
        12,
        ("{word} Transport Sp. z o.o.", "{word} Logistyka Sp. z o.o."),
        ("Transport {first} {surname}",),
        {"fuel": 30, "garage": 8, "leasing": 5, "haulage": 5, "insurance": 2},
        (("TIR1", "Zestaw 1"), ("TIR2", "Zestaw 2"), ("BUS", "Busy")),
        foreign=True,
    ),
    Trade(
        "furniture",
        9,
        ("Meble {word} Sp. z o.o.",),
        ("Stolarnia {first} {surname}",),
        {"building": 12, "wholesale": 5, "courier": 3, "haulage": 3, "energy": 2, "marketing": 2},
        (("STOL", "Stolarnia"), ("SAL", "Salon"), ("ADM", "Administracja")),
        foreign=True,
    ),
    Trade(
        "restaurant",
        12,
        ("Restauracja {word} Sp. z o.o.",),
        ("Bistro „{word}” {first} {surname}", "Pizzeria {first} {surname}"),
        {"food": 38, "waste": 3, "gas": 2, "cleaning": 2, "marketing": 2, "security": 1},
        (("KUCH", "Kuchnia"), ("BAR", "Bar")),
    ),
    Trade(
        "clinic",
        8,
        ("Centrum Medyczne {word} Sp. z o.o.",),
        ("Gabinet Stomatologiczny {first} {surname}",),
        {"medical": 18, "cleaning": 2, "waste": 1, "training": 1, "marketing": 1},
        exempt=True,
    ),
    Trade(
        "school",
        5,
        ("Szkoła Językowa {word} Sp. z o.o.",),
        ("Akademia {word} {first} {surname}",),
        {"marketing": 4, "cleaning": 2, "hotel": 1, "training": 2},
        exempt=True,
    ),
    Trade(
        "workshop",
        10,
        ("Auto {word} Sp. z o.o.",),
        ("Mechanika Pojazdowa {first} {surname}",),
        {"garage": 16, "wholesale": 4, "waste": 2, "courier": 2},
    ),
    Trade(
        "studio",
        8,
        ("Agencja Reklamowa {word} Sp. z o.o.",),
        ("Fotografia {first} {surname}", "Studio {word} {first} {surname}"),
        {"marketing": 6, "cloud": 4, "it": 3, "hotel": 2, "restaurant": 2, "courier": 1},
        foreign=True,
    ),
    Trade(
        "law",
        6,
        ("Kancelaria {surname} i Wspólnicy Sp.k.",),
        ("Kancelaria Radcy Prawnego {first} {surname}",),
        {"hotel": 2, "training": 2, "office": 3, "cleaning": 1},
    ),
    Trade(
        "shop",
        10,
        ("{word} Ogród i Dom Sp. z o.o.",),
        ("Sklep „{word}” {first} {surname}",),
        {"wholesale": 24, "courier": 3, "security": 1, "waste": 1, "marketing": 1},
        (("SKLEP", "Sklep"), ("INT", "Internet")),
    ),
    Trade(
        "cleaning",
        5,
        ("{word} Serwis Sp. z o.o.",),
        ("Usługi Porządkowe {first} {surname}",),
        {"wholesale": 6, "fuel": 8, "leasing": 1},
    ),
    Trade(
        "metal",
        5,
        ("{word} Metal Sp. z o.o.", "Ślusarstwo {word} Sp. z o.o."),
        ("Ślusarstwo {first} {surname}",),
        {"building": 14, "gas": 2, "haulage": 3, "emissions": 1, "training": 1},
        (("HALA1", "Hala 1"), ("HALA2", "Hala 2")),
        foreign=True,
    ),
)
