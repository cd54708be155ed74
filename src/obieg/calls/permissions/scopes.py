"""The permissions by their names in KSeF, and what each is in Polish."""

from collections.abc import Iterable, Mapping

READ, WRITE = "InvoiceRead", "InvoiceWrite"
MANAGE, SEE = "CredentialsManage", "CredentialsRead"
SUBUNITS = "SubunitManage"

# KSeF API 2.9, PersonPermissionType; in the order in which a page lists them
OF_PERSONS: Mapping[str, str] = {
    READ: "przeglądanie faktur",
    WRITE: "wystawianie faktur",
    SEE: "przeglądanie uprawnień",
    MANAGE: "zarządzanie uprawnieniami",
    "Introspection": "przeglądanie historii sesji",
    SUBUNITS: "zarządzanie jednostkami podrzędnymi",
    "EnforcementOperations": "operacje egzekucyjne",
    "CollectiveIdentifierManage": "zarządzanie identyfikatorami zbiorczymi",
}
# KSeF API 2.9, EntityPermissionType
OF_FIRMS: Mapping[str, str] = {
    scope: OF_PERSONS[scope] for scope in (READ, WRITE, "CollectiveIdentifierManage")
}
# KSeF API 2.9, EntityAuthorizationPermissionType
OF_AUTHORIZED: Mapping[str, str] = {
    "SelfInvoicing": "samofakturowanie",
    "TaxRepresentative": "przedstawiciel podatkowy",
    "RRInvoicing": "wystawianie faktur VAT RR",
    "PefInvoicing": "wystawianie faktur PEF",
}
NAMES: Mapping[str, str] = {
    **OF_PERSONS,
    **OF_AUTHORIZED,
    "VatUeManage": "zarządzanie uprawnieniami podmiotu unijnego",
}


def name_of(scope: str) -> str:
    """The Polish name; a permission that is newer than this list is called as KSeF calls it."""
    return NAMES.get(scope, scope)


def names_of(scopes: Iterable[str]) -> str:
    """Several in one line, the weightiest first."""
    order = list(NAMES)
    known = sorted(
        set(scopes), key=lambda one: (one not in NAMES, one in NAMES and order.index(one), one)
    )
    return ", ".join(map(name_of, known))
