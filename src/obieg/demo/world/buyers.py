"""Those who buy from the office's clients: firms, firms abroad and people."""

from random import Random

from obieg.demo.world.firms import Firm, draw_firm, nips
from obieg.demo.world.names import FIRST_NAMES, SURNAMES, UniqueNames

FIRST_NIP = 400_000
COUNT = 700
PATTERNS = (
    "{word} Sp. z o.o.",
    "{word} Polska S.A.",
    "{surname} i Synowie Sp.j.",
    "F.H.U. {first} {surname}",
    "{word} Handel Sp. z o.o.",
    "{word} Inwestycje Sp. z o.o.",
    "{word} Produkcja Sp. z o.o. Sp.k.",
    "Wspólnota Mieszkaniowa {word} {town}",
)
# Codes, invented VAT-UE numbers and names; „0 WDT” and np go to them.
ABROAD = (
    ("DE", "999999001", "Kranich Möbel GmbH", "Hafenstraße 4", "10115 Berlin"),
    ("CZ", "99999002", "Jeřáb Obchod s.r.o.", "Dlouhá 12", "110 00 Praha"),
    ("FR", "99999990003", "Hibou Distribution SARL", "12 rue des Érables", "69002 Lyon"),
    ("SE", "999999000401", "Älg Inredning AB", "Storgatan 8", "111 22 Stockholm"),
    ("NL", "999999005B01", "IJsvogel Logistiek B.V.", "Kade 19", "3011 Rotterdam"),
)


def draw_buyers(random: Random) -> list[Firm]:
    """Firms in Poland."""
    numbers, names = nips(FIRST_NIP), UniqueNames(random)
    return [
        draw_firm(random, next(numbers), names.draw(PATTERNS), email=random.random() < 0.5)
        for _ in range(COUNT)
    ]


def buyers_abroad() -> list[Firm]:
    """Firms of other EU countries, by their VAT-UE numbers."""
    return [
        Firm(nip="", name=name, street=street, town=town, country=country, vat_ue=number)
        for country, number, name, street, town in ABROAD
    ]


def draw_person(random: Random) -> Firm:
    """Somebody without a tax number."""
    name = f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}"
    return Firm(nip="", name=name, street="ul. Krótka 1", town="00-001 Warszawa")
