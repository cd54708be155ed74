"""The additional descriptions that sellers put on invoices (DodatkowyOpis)."""

from collections.abc import Mapping
from random import Random

from obieg.demo.world.clients import Client

# Which of the client's own words a key's value is; every other key gets a number of the seller.
OWN = {
    "Numer rejestracyjny": "car",
    "Budowa": "site",
    "Numer licznika": "meter",
    "Numer gazomierza": "meter",
    "Numer wodomierza": "meter",
}
PREMISES = frozenset({"Adres punktu poboru", "Lokal", "Miejsce odbioru", "Punkt wyjścia"})


def draw_details(
    random: Random, keys: tuple[str, ...], client: Client, words: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Keys with values, as the seller of those `keys` writes them for this client."""
    return [(key, value_of(random, key, client, words)) for key in keys]


def value_of(random: Random, key: str, client: Client, words: Mapping[str, str]) -> str:
    if key in OWN:
        return words[OWN[key]]
    if key in PREMISES:
        return f"{client.firm.street}, {client.firm.town}"
    if key.startswith("Numer konta") or "umowy" in key or key == "Numer PPE":
        return f"{client.firm.nip[3:]}{len(key):02d}"
    return f"{random.choice('ABKZ')}/{random.randint(1000, 99999)}"
