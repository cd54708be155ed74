"""Holders of permissions as a page and the trail name them."""

from obieg.core.nip import format_nip

KINDS = {
    "Nip": "NIP",
    "Pesel": "PESEL",
    "Fingerprint": "odcisk certyfikatu",
    "PeppolId": "dostawca Peppol",
    "InternalId": "identyfikator wewnętrzny",
    "NipVatUe": "VAT UE",
    "System": "system KSeF",
    "AllPartners": "wszyscy klienci",
}
SHOWN_OF_FINGERPRINT = 16
SHOWN_OF_PESEL = 4


def shown(kind: str, value: str) -> str:
    """For a page: `NIP 999-000-00-41`; of a fingerprint only the beginning."""
    word = KINDS.get(kind, kind)
    if kind == "Nip":
        return f"{word} {format_nip(value)}"
    if kind == "Fingerprint":
        return f"{word} {value[:SHOWN_OF_FINGERPRINT]}…"
    return f"{word} {value}".strip()


def masked(kind: str, value: str) -> str:
    """For the trail, which is never erased: a PESEL by its last digits only."""
    if kind == "Pesel":
        return f"{KINDS[kind]} {'*' * (len(value) - SHOWN_OF_PESEL)}{value[-SHOWN_OF_PESEL:]}"
    return shown(kind, value)
