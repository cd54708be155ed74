"""Reading FA(2) and FA(3)."""

from decimal import Decimal

from lxml import etree

from ksef_emulator.invoices.document import Document, NotAnInvoice, Party
from ksef_emulator.invoices.elements import needed, simple_values, text, value_of
from ksef_emulator.schemas import Form

TYPES = {
    "VAT": "Vat",
    "KOR": "Kor",
    "ZAL": "Zal",
    "ROZ": "Roz",
    "UPR": "Upr",
    "KOR_ZAL": "KorZal",
    "KOR_ROZ": "KorRoz",
}
NET = tuple(f"P_13_{rate}" for rate in ("1", "2", "3", "4", "5", "6_1", "6_2", "6_3")) + tuple(
    f"P_13_{rate}" for rate in ("7", "8", "9", "10", "11")
)
VAT = ("P_14_1", "P_14_2", "P_14_3", "P_14_4", "P_14_5")


def read_fa(root: etree._Element, form: Form) -> Document:
    """The facts of an FA invoice."""
    ns = f"{{{form.namespace}}}"
    body = needed(root, f"{ns}Fa")
    # one pass over the direct children: the long lists of lines are not looked at
    values = simple_values(body, ns)
    kind = values.get("RodzajFaktury", "")
    if kind not in TYPES:
        raise NotAnInvoice(f"nieznany RodzajFaktury {kind!r}")
    authorized = root.find(f"{ns}PodmiotUpowazniony")
    annotations = body.find(f"{ns}Adnotacje")
    return Document(
        form=form,
        number=value_of(values, "P_2"),
        issue_date=value_of(values, "P_1"),
        kind=kind,
        type=TYPES[kind],
        seller=_party(needed(root, f"{ns}Podmiot1"), ns),
        buyer=_party(needed(root, f"{ns}Podmiot2"), ns),
        currency=value_of(values, "KodWaluty"),
        net=sum((Decimal(values[name]) for name in NET if name in values), Decimal(0)),
        vat=sum((_tax_in_pln(values, name) for name in VAT), Decimal(0)),
        gross=Decimal(value_of(values, "P_15")),
        self_invoicing=annotations is not None and text(annotations, f"{ns}P_17") == "1",
        attachment=root.find(f"{ns}Zalacznik") is not None,
        thirds=tuple(_party(third, ns, "Rola") for third in root.iterfind(f"{ns}Podmiot3")),
        authorized=_party(authorized, ns, "RolaPU") if authorized is not None else None,
        seller_vat_prefix=text(needed(root, f"{ns}Podmiot1"), f"{ns}PrefiksPodatnika"),
    )


def _party(element: etree._Element, ns: str, role: str | None = None) -> Party:
    data = needed(element, f"{ns}DaneIdentyfikacyjne")
    values = simple_values(data, ns)
    kind, value = _identifier(values)
    code = text(element, f"{ns}{role}") if role else None
    name = values.get("Nazwa") or values.get("PelnaNazwa")
    return Party(kind, value, name, int(code) if code else (0 if role else None))


def _identifier(values: dict[str, str]) -> tuple[str, str | None]:
    if "NIP" in values:
        return "Nip", values["NIP"]
    if "IDWew" in values:
        return "InternalId", values["IDWew"]
    if "NrVatUE" in values:
        return "VatUe", values.get("KodUE", "") + values["NrVatUE"]
    if "NrID" in values:
        return "Other", values["NrID"]
    return "None", None


def _tax_in_pln(values: dict[str, str], name: str) -> Decimal:
    return Decimal(values.get(f"{name}W") or values.get(name) or 0)
