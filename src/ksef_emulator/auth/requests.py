"""AuthTokenRequest: the signed document, checked as schemas 2.0 and 2.1 ask."""

import re
from dataclasses import dataclass

from lxml import etree

from ksef_emulator.auth.records import AllowedIps
from ksef_emulator.errors import BadRequest
from ksef_emulator.identifiers import Identifier, IdentifierType

NAMESPACES = ("http://ksef.mf.gov.pl/auth/token/2.0", "http://ksef.mf.gov.pl/auth/token/2.1")
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
CHALLENGE = re.compile(r"\d{8}-CR-[A-F0-9]{10}-[A-F0-9]{10}-[A-F0-9]{2}")
OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
ADDRESS = rf"({OCTET}\.){{3}}{OCTET}"
IP_PATTERNS = {
    "Ip4Address": re.compile(ADDRESS),
    "Ip4Range": re.compile(f"{ADDRESS}-{ADDRESS}"),
    "Ip4Mask": re.compile(rf"{ADDRESS}/(0|[1-9]|[12][0-9]|3[0-2])"),
}
MAXIMAL_ENTRIES = 10


@dataclass(frozen=True)
class AuthTokenRequest:
    """What the signed document says."""

    challenge: str
    context: Identifier
    by_fingerprint: bool
    allowed_ips: AllowedIps | None


def read_request(document: etree._Element) -> AuthTokenRequest:
    """The request in `document`; raises 21401 with what breaks the schema."""
    namespace = etree.QName(document).namespace
    if namespace not in NAMESPACES or etree.QName(document).localname != "AuthTokenRequest":
        raise _off_schema("Oczekiwano elementu AuthTokenRequest w wersji 2.0 lub 2.1.")
    children = _children(document)
    names = [etree.QName(child).localname for child in children]
    required = ["Challenge", "ContextIdentifier", "SubjectIdentifierType"]
    if names not in (required, [*required, "AuthorizationPolicy"]):
        raise _off_schema("Elementy AuthTokenRequest nie są w wymaganej kolejności.")
    challenge, context, subject_type = children[:3]
    if not CHALLENGE.fullmatch(_text(challenge)):
        raise _off_schema("Element Challenge ma nieprawidłowy format.")
    if _text(subject_type) not in {"certificateSubject", "certificateFingerprint"}:
        raise _off_schema("Element SubjectIdentifierType ma niedozwoloną wartość.")
    return AuthTokenRequest(
        challenge=_text(challenge),
        context=_context(context),
        by_fingerprint=_text(subject_type) == "certificateFingerprint",
        allowed_ips=_policy(children[3]) if len(children) > len(required) else None,
    )


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str) and child.tag != SIGNATURE]


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _context(element: etree._Element) -> Identifier:
    children = _children(element)
    if len(children) != 1:
        raise _off_schema("Element ContextIdentifier musi zawierać jeden identyfikator.")
    name = etree.QName(children[0]).localname
    if name not in {"Nip", "InternalId", "NipVatUe", "PeppolId"}:
        raise _off_schema("Element ContextIdentifier zawiera nieznany identyfikator.")
    identifier = Identifier(type=IdentifierType(name), value=_text(children[0]))
    if not identifier.is_well_formed:
        raise _off_schema(f"Element {name} ma nieprawidłowy format.")
    return identifier


def _policy(element: etree._Element) -> AllowedIps:
    children = _children(element)
    if len(children) != 1 or etree.QName(children[0]).localname != "AllowedIps":
        raise _off_schema("Element AuthorizationPolicy musi zawierać AllowedIps.")
    found: dict[str, list[str]] = {name: [] for name in IP_PATTERNS}
    for entry in _children(children[0]):
        name = etree.QName(entry).localname
        if name not in IP_PATTERNS or not IP_PATTERNS[name].fullmatch(_text(entry)):
            raise _off_schema(f"Element {name} jest nieprawidłowy.")
        found[name].append(_text(entry))
    if any(len(entries) > MAXIMAL_ENTRIES for entries in found.values()):
        raise _off_schema("AllowedIps dopuszcza najwyżej 10 wpisów każdego rodzaju.")
    addresses, ranges, masks = (tuple(entries) for entries in found.values())
    return AllowedIps(addresses=addresses, ranges=ranges, masks=masks)


def _off_schema(detail: str) -> BadRequest:
    return BadRequest(21401, "Dokument nie jest zgodny ze schemą (xsd).", detail)
