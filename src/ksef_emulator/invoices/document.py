"""What KSeF reads in an invoice: parties, numbers, dates, amounts, marks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from ksef_emulator.schemas import FORMS, Form


class NotAnInvoice(ValueError):
    """The XML is not a document of a known form; the message says why."""


@dataclass(frozen=True)
class Party:
    """A party with its identifier as metadata show it."""

    type: str  # "Nip", "VatUe", "InternalId", "Other", "None"
    value: str | None
    name: str | None
    role: int | None = None  # Rola of a third party, RolaPU of an authorized one


@dataclass(frozen=True)
class Document:
    """The part of an invoice that metadata, queries and checks need."""

    form: Form
    number: str  # P_2
    issue_date: str  # P_1, ISO
    kind: str  # RodzajFaktury
    type: str  # of the specification: "Vat", "Kor", ...
    seller: Party
    buyer: Party
    currency: str
    net: Decimal
    vat: Decimal  # in PLN
    gross: Decimal
    self_invoicing: bool
    attachment: bool
    thirds: tuple[Party, ...] = ()
    authorized: Party | None = None
    seller_vat_prefix: str | None = field(default=None)


Reader = Callable[[etree._Element, Form], Document]  # noqa: SLF001  # the only name lxml gives


def parse_xml(content: bytes) -> etree._Element:
    """The root, nothing resolved; raises NotAnInvoice for malformed XML and for any DOCTYPE."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotAnInvoice(f"Dokument nie jest poprawnym XML: {error}") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise NotAnInvoice("Dokument nie może zawierać DOCTYPE.")
    return root


def form_of(root: etree._Element) -> Form:
    """The form by namespace and root element; raises NotAnInvoice."""
    name = etree.QName(root)
    for form in FORMS:
        if (name.namespace, name.localname) == (form.namespace, form.root):
            return form
    raise NotAnInvoice(f"Nieznana struktura dokumentu: {root.tag}.")


def read_document(root: etree._Element, form: Form) -> Document:
    """The invoice's facts; raises NotAnInvoice where a needed one is absent or malformed."""
    from ksef_emulator.invoices.readers import READERS

    try:
        return READERS[form.value](root, form)
    except (InvalidOperation, ValueError) as error:
        raise NotAnInvoice(f"Nie można odczytać danych faktury: {error}") from error
