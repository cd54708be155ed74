"""What a token may be made for, in the words of somebody who decides about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenPermission:
    """A permission of a token (KSeF API 2.9, TokenPermissionType)."""

    code: str
    name: str
    why: str
    is_risky: bool = False


PERMISSIONS = (
    TokenPermission(
        "InvoiceRead",
        "przeglądanie faktur",
        "Pobieranie faktur zakupu i sprzedaży. Bez niego Obieg niczego nie pobierze.",
    ),
    TokenPermission(
        "InvoiceWrite",
        "wystawianie faktur",
        "Wysyłka sprzedaży i korekt w imieniu klienta oraz pobieranie UPO.",
    ),
    TokenPermission(
        "Introspection",
        "przeglądanie historii sesji",
        "Podgląd wszystkich sesji wysyłki klienta, także otwartych w innych programach.",
    ),
    TokenPermission(
        "CredentialsRead",
        "przeglądanie uprawnień",
        "Podgląd, kto ma u klienta jakie uprawnienia i jakie tokeny wydano.",
    ),
    TokenPermission(
        "CredentialsManage",
        "zarządzanie uprawnieniami",
        "Nadawanie i odbieranie uprawnień. Kto ma taki token, wpuści do faktur klienta kogo "
        "zechce.",
        is_risky=True,
    ),
    TokenPermission(
        "SubunitManage",
        "zarządzanie jednostkami podrzędnymi",
        "Powoływanie oddziałów i członków grupy oraz ich administratorów.",
        is_risky=True,
    ),
    TokenPermission(
        "CollectiveIdentifierManage",
        "zarządzanie identyfikatorami zbiorczymi",
        "Identyfikator zbiorczy: jeden przelew za wiele faktur tego samego sprzedawcy.",
    ),
    TokenPermission(
        "EnforcementOperations",
        "operacje egzekucyjne",
        "Wystawianie faktur przez komornika i organ egzekucyjny; innym niepotrzebne.",
    ),
)
