"""Reading FA_RR(1): what a farmer sells, invoiced by the buyer."""

from decimal import Decimal

from lxml import etree

from ksef_emulator.invoices.document import Document, NotAnInvoice, Party
from ksef_emulator.invoices.elements import needed, simple_values, text, value_of
from ksef_emulator.schemas import Form

TYPES = {"VAT_RR": "VatRr", "KOR_VAT_RR": "KorVatRr"}


def read_rr(root: etree._Element, form: Form) -> Document:
    """The facts of a VAT RR invoice."""
    ns = f"{{{form.namespace}}}"
    body = needed(root, f"{ns}FakturaRR")
    values = simple_values(body, ns)
    kind = values.get("RodzajFaktury", "")
    if kind not in TYPES:
        raise NotAnInvoice(f"nieznany RodzajFaktury {kind!r}")
    return Document(
        form=form,
        number=value_of(values, "P_4C"),
        issue_date=value_of(values, "P_4B"),
        kind=kind,
        type=TYPES[kind],
        seller=_party(needed(root, f"{ns}Podmiot1"), ns),
        buyer=_party(needed(root, f"{ns}Podmiot2"), ns),
        currency=values.get("KodWaluty", "PLN"),
        net=Decimal(value_of(values, "P_11_1")),
        vat=Decimal(value_of(values, "P_11_2")),
        gross=Decimal(value_of(values, "P_12_1")),
        self_invoicing=False,
        attachment=False,
        thirds=tuple(_party(third, ns, "Rola") for third in root.iterfind(f"{ns}Podmiot3")),
    )


def _party(element: etree._Element, ns: str, role: str | None = None) -> Party:
    data = simple_values(needed(element, f"{ns}DaneIdentyfikacyjne"), ns)
    code = text(element, f"{ns}{role}") if role else None
    kind = "Nip" if "NIP" in data else "InternalId" if "IDWew" in data else "None"
    value = data.get("NIP") or data.get("IDWew")
    return Party(kind, value, data.get("Nazwa"), int(code or 0) if role else None)
