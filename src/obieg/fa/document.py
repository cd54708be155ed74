"""The one door for foreign XML: a hardened parser, and which kind of document it is."""

from lxml import etree

from obieg.fa.errors import (
    EmptyDocument,
    ForbiddenDoctype,
    MalformedXml,
    NotAnInvoice,
    TooLarge,
    UnreadableInvoice,
    UnsupportedDocument,
    WrongEncoding,
)

MAX_BYTES = 3_000_000  # an invoice with attachment, KSeF API 2.9
NAMESPACES = {
    "FA(3)": "http://crd.gov.pl/wzor/2025/06/25/13775/",
    "FA(2)": "http://crd.gov.pl/wzor/2023/06/29/12648/",
}

_SCHEMAS = {f"{{{namespace}}}Faktura": schema for schema, namespace in NAMESPACES.items()}
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # with the mark of byte order or without
_ENCODINGS = (None, "UTF-8", "ASCII", "US-ASCII")


def read_document(xml: bytes) -> tuple[etree._Element, str]:
    """The root element of `xml` and its schema's name; raises a subclass of `UnreadableInvoice`."""
    root = read_xml(xml)
    schema = _SCHEMAS.get(root.tag)
    if schema is None:
        raise _other_kind(root)
    return root, schema


def read_xml(xml: bytes, *, limit: int = MAX_BYTES) -> etree._Element:
    """The root element of any well-behaved document, without comments and instructions.

    `limit` is in bytes.
    """
    if not xml:
        raise EmptyDocument
    if len(xml) > limit:
        raise TooLarge(size=len(xml), limit=limit)
    if xml.startswith(_UTF16):
        raise WrongEncoding(encoding="UTF-16")
    try:
        root = etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in xml:
            raise ForbiddenDoctype from error
        line, column = error.position
        raise MalformedXml(line=line, column=column) from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise ForbiddenDoctype
    if info.encoding and info.encoding.upper() not in _ENCODINGS:
        raise WrongEncoding(encoding=info.encoding)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def _other_kind(root: etree._Element) -> UnreadableInvoice:
    name = etree.QName(root)
    kind = _kind(name.namespace or "", name.localname, root)
    return UnsupportedDocument(kind=kind) if kind else NotAnInvoice(root=name.localname)


def _kind(namespace: str, name: str, root: etree._Element) -> str:
    if name in ("Invoice", "CreditNote") and namespace.startswith("urn:oasis:names:specification:"):
        return "faktura PEF"
    if name == "Potwierdzenie":
        return "UPO, czyli poświadczenie odbioru"
    if name == "JPK":
        return "plik JPK"
    if name != "Faktura":
        return ""
    code = root.findtext("{*}Naglowek/{*}KodFormularza")
    if code == "FA_RR":
        return "faktura VAT RR"
    return f"faktura w nieznanej wersji wzoru ({namespace or 'brak przestrzeni nazw'})"
