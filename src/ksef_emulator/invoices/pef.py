"""Reading PEF(3) and PEF_KOR(3): UBL invoices of public procurement."""

import re
from decimal import Decimal

from lxml import etree

from ksef_emulator.invoices.document import Document, NotAnInvoice, Party
from ksef_emulator.schemas import Form

NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
POLISH = re.compile(r"^(?:PL)?(\d{10})$")


def read_pef(root: etree._Element, form: Form) -> Document:
    """The facts of a PEF invoice or credit note."""
    correction = form.root == "CreditNote"
    total = "cac:LegalMonetaryTotal/cbc"
    return Document(
        form=form,
        number=_text(root, "cbc:ID"),
        issue_date=_text(root, "cbc:IssueDate"),
        kind="KOR_PEF" if correction else "VAT_PEF",
        type="KorPef" if correction else "VatPef",
        seller=_party(root, "cac:AccountingSupplierParty/cac:Party"),
        buyer=_party(root, "cac:AccountingCustomerParty/cac:Party"),
        currency=_text(root, "cbc:DocumentCurrencyCode"),
        net=Decimal(_text(root, f"{total}:TaxExclusiveAmount")),
        vat=Decimal(_text(root, "cac:TaxTotal/cbc:TaxAmount")),
        gross=Decimal(_text(root, f"{total}:TaxInclusiveAmount")),
        self_invoicing=False,
        attachment=root.find(".//cac:Attachment", NS) is not None,
    )


def _party(root: etree._Element, path: str) -> Party:
    identifier = root.findtext(f"{path}/cac:PartyTaxScheme/cbc:CompanyID", None, NS)
    legal = "cac:PartyLegalEntity/cbc"
    identifier = identifier or root.findtext(f"{path}/{legal}:CompanyID", None, NS)
    name = root.findtext(f"{path}/{legal}:RegistrationName", None, NS)
    polish = POLISH.match((identifier or "").strip())
    if polish:
        return Party("Nip", polish[1], name)
    return Party("Other" if identifier else "None", identifier, name)


def _text(root: etree._Element, path: str) -> str:
    found = root.findtext(path, None, NS)
    if not found:
        raise NotAnInvoice(f"brak {path}")
    return found.strip()
