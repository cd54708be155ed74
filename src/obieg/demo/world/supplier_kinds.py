"""The kinds of sellers whose invoices an office meets, each with what it sells and how it bills."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SupplierKind:
    """How a kind of seller writes its invoices.

    `names` are patterns of firms' names ({word}, {surname}, {town}); `count` how many exist;
    `lines` the least and most lines; `number` the pattern of P_2; `details` the keys of
    DodatkowyOpis; `term` days to pay (0: paid at once).
    """

    key: str
    names: tuple[str, ...]
    count: int
    lines: tuple[int, int] = (1, 3)
    number: str = "FV/{n}/{mm}/{yyyy}"
    payment: str = "6"  # FormaPlatnosci: 1 cash, 2 card, 6 transfer
    term: int = 14
    gross_priced: bool = False
    details: tuple[str, ...] = ()
    periodic: bool = False  # bills a period (OkresFa), not a day
    exemption: str = ""  # P_19A, of a seller of exempt services
    currency: str = "PLN"
    previous_balance: bool = False  # the amount to pay may differ from P_15
    system: str = "Fakturnik 3"


KINDS: dict[str, SupplierKind] = {
    kind.key: kind
    for kind in (
        SupplierKind(
            "energy",
            ("{word} Energia Obrót S.A.", "Energetyka {town} Sp. z o.o."),
            10,
            lines=(2, 4),
            number="{yyyy}/{mm}/E/{n}",
            details=("Numer licznika", "Numer PPE", "Adres punktu poboru"),
            periodic=True,
            previous_balance=True,
            system="Biling 11.4",
        ),
        SupplierKind(
            "gas",
            ("Gazownia {word} Sp. z o.o.", "{word} Gaz Obrót S.A."),
            6,
            lines=(2, 3),
            number="G/{n}/{yyyy}",
            details=("Numer gazomierza", "Punkt wyjścia"),
            periodic=True,
        ),
        SupplierKind(
            "water",
            ("Wodociągi i Kanalizacja {town} Sp. z o.o.",),
            8,
            lines=(2, 3),
            number="W/{n}/{mm}/{yyyy}",
            details=("Numer wodomierza",),
            periodic=True,
        ),
        SupplierKind(
            "telecom",
            ("{word}Tel S.A.", "Telefonia {word} Sp. z o.o.", "{word} Światłowód Sp. z o.o."),
            14,
            lines=(1, 4),
            number="F{n}{mm}{yyyy}",
            details=("Numer konta abonenta",),
            periodic=True,
            previous_balance=True,
            system="Biling 11.4",
        ),
        SupplierKind(
            "fuel",
            (
                "Stacja Paliw {word} {surname} Sp.k.",
                "{word} Paliwa Sp. z o.o.",
                "Karta Flotowa {word} S.A.",
            ),
            22,
            lines=(1, 2),
            number="{n}/{mm}/{yyyy}",
            payment="2",
            term=0,
            gross_priced=True,
            details=("Numer rejestracyjny",),
            system="KasaPro",
        ),
        SupplierKind(
            "courier",
            ("{word} Kurier Sp. z o.o.", "Przesyłki {word} S.A."),
            10,
            number="KUR/{n}/{yyyy}",
            details=("Numer zlecenia", "Specyfikacja przesyłek"),
            periodic=True,
            previous_balance=True,
        ),
        SupplierKind(
            "haulage",
            (
                "{word} Trans {surname}",
                "Spedycja {word} Sp. z o.o.",
                "Transport Ciężarowy {surname}",
            ),
            20,
            lines=(1, 2),
            number="{n}/TR/{mm}/{yyyy}",
            term=45,
            details=("Numer zlecenia transportowego", "Numer rejestracyjny"),
        ),
        SupplierKind(
            "wholesale",
            ("Hurtownia {word} Sp. z o.o.", "{word} Dystrybucja S.A.", "Hurt {surname} Sp.j."),
            36,
            lines=(2, 7),
            number="FS-{n}/{yyyy}/{mm}",
            term=30,
            details=("Numer zamówienia", "Numer WZ"),
            system="MagazynPlus 8",
        ),
        SupplierKind(
            "building",
            (
                "Skład Budowlany {word} {surname}",
                "{word} Materiały Budowlane Sp. z o.o.",
                "Stal {word} S.A.",
            ),
            32,
            lines=(1, 6),
            number="{n}/MG/{mm}/{yyyy}",
            term=21,
            details=("Budowa", "Numer WZ"),
            system="MagazynPlus 8",
        ),
        SupplierKind(
            "subcontractor",
            (
                "Usługi Budowlane {first} {surname}",
                "{word} Instalacje {surname}",
                "Elektro-{word} Sp. z o.o.",
            ),
            26,
            lines=(1, 1),
            number="{n}/{yyyy}",
            term=14,
            details=("Umowa", "Protokół odbioru"),
        ),
        SupplierKind(
            "it",
            (
                "{word} Soft Sp. z o.o.",
                "{word}Hosting S.A.",
                "{word} Systemy Informatyczne Sp. z o.o.",
            ),
            20,
            lines=(1, 2),
            number="FVS/{yyyy}/{mm}/{n}",
            details=("Numer umowy",),
        ),
        SupplierKind(
            "cloud",
            ("{word} Cloud Poland Sp. z o.o.", "{word} Ads Europe Sp. z o.o."),
            6,
            lines=(1, 2),
            number="INV-{yyyy}{mm}-{n}",
            currency="EUR",
            payment="2",
            term=0,
            periodic=True,
            system="Ledger Cloud",
        ),
        SupplierKind(
            "accounting",
            ("Biuro Rachunkowe Bilans Sp. z o.o.",),
            1,
            lines=(1, 2),
            number="BIL/{n}/{mm}/{yyyy}",
            term=10,
            details=("Numer umowy",),
            system="Obieg",
        ),
        SupplierKind(
            "leasing",
            ("{word} Leasing S.A.", "Leasing {word} Polska Sp. z o.o."),
            10,
            lines=(1, 2),
            number="L/{n}/{mm}/{yyyy}",
            details=("Numer umowy leasingu", "Numer rejestracyjny"),
            periodic=True,
            system="LeaSys",
        ),
        SupplierKind(
            "rent",
            (
                "{word} Nieruchomości Sp. z o.o.",
                "Centrum Biurowe {word} S.A.",
                "Zarząd Lokali {surname} s.c.",
            ),
            18,
            lines=(1, 3),
            number="NAJ/{n}/{yyyy}",
            term=10,
            details=("Lokal",),
            periodic=True,
        ),
        SupplierKind(
            "cleaning",
            ("Czysty {word} Sp. z o.o.", "{word} Serwis Sprzątający {surname}"),
            14,
            lines=(1, 1),
            number="{n}/{mm}/{yyyy}",
            periodic=True,
        ),
        SupplierKind(
            "waste",
            ("Zakład Oczyszczania {town} Sp. z o.o.",),
            8,
            lines=(1, 2),
            number="OD/{n}/{mm}/{yyyy}",
            periodic=True,
            details=("Miejsce odbioru",),
        ),
        SupplierKind(
            "food",
            (
                "Hurtownia Spożywcza {word} Sp. z o.o.",
                "Delikates {surname} Sp.j.",
                "Mleczarnia {word}",
            ),
            28,
            lines=(2, 8),
            number="{n}/SP/{yyyy}",
            term=14,
            system="KasaPro",
        ),
        SupplierKind(
            "restaurant",
            ("Restauracja {word} {surname}", "Bistro {word}", "Catering {word} Sp. z o.o."),
            16,
            lines=(1, 1),
            number="R/{n}/{mm}/{yyyy}",
            payment="2",
            term=0,
            gross_priced=True,
            system="KasaPro",
        ),
        SupplierKind(
            "hotel",
            ("Hotel {word} Sp. z o.o.", "Pensjonat {word} {surname}"),
            12,
            lines=(1, 3),
            number="HOT/{n}/{yyyy}",
            payment="2",
            term=0,
            gross_priced=True,
        ),
        SupplierKind(
            "insurance",
            ("Towarzystwo Ubezpieczeń {word} S.A.", "{word} Ubezpieczenia S.A."),
            10,
            lines=(1, 1),
            number="POL/{n}/{yyyy}",
            details=("Numer polisy",),
            exemption="art. 43 ust. 1 pkt 37 ustawy",
        ),
        SupplierKind(
            "bank",
            ("Bank {word} S.A.",),
            6,
            lines=(1, 2),
            number="{yyyy}{mm}/{n}",
            details=("Numer rachunku",),
            exemption="art. 43 ust. 1 pkt 40 ustawy",
            periodic=True,
            term=0,
            payment="5",
        ),
        SupplierKind(
            "garage",
            ("Auto Serwis {surname}", "{word} Auto Części Sp. z o.o.", "Wulkanizacja {surname}"),
            22,
            lines=(1, 3),
            number="AS/{n}/{yyyy}",
            payment="1",
            term=0,
            details=("Numer rejestracyjny",),
        ),
        SupplierKind(
            "office",
            ("{word} Biuro Artykuły Biurowe Sp. z o.o.", "Papiernia {word}"),
            16,
            lines=(1, 4),
            number="FA/{n}/{mm}/{yyyy}",
        ),
        SupplierKind(
            "marketing",
            (
                "Agencja {word} Sp. z o.o.",
                "Drukarnia {word} {surname}",
                "Studio Graficzne {surname}",
            ),
            16,
            lines=(1, 2),
            number="{n}/{mm}/{yyyy}",
        ),
        SupplierKind(
            "training",
            ("Ośrodek Szkoleń {word} Sp. z o.o.", "Akademia {word} {surname}"),
            8,
            lines=(1, 2),
            number="SZ/{n}/{yyyy}",
            exemption="art. 43 ust. 1 pkt 29 ustawy",
        ),
        SupplierKind(
            "medical",
            ("Hurtownia Medyczna {word} Sp. z o.o.", "{word} Dental Sp. z o.o."),
            12,
            lines=(1, 4),
            number="FM/{n}/{yyyy}",
            exemption="art. 43 ust. 1 pkt 18 ustawy",
        ),
        SupplierKind(
            "security",
            ("Ochrona {word} Sp. z o.o.", "Monitoring {word} S.A."),
            8,
            lines=(1, 1),
            number="MON/{n}/{mm}/{yyyy}",
            periodic=True,
        ),
        SupplierKind(
            "emissions",
            ("{word} Emisje Sp. z o.o.",),
            4,
            lines=(1, 1),
            number="U/{n}/{yyyy}",
        ),
    )
}
