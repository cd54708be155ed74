"""Where a finding belongs in the form: the field that shows the element it speaks of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from obieg.fa.finding import Finding, Severity
from obieg.sales.forms.invoice import InvoiceForm

LINE_FIELDS = {
    "P_7": "description",
    "P_8A": "unit",
    "P_8B": "quantity",
    "P_9A": "price",
    "P_9B": "price",
    "P_10": "rebate",
    "P_11": "price",
    "P_11A": "price",
    "P_11Vat": "tax",
    "P_12": "rate",
    "P_12_XII": "rate_oss",
    "P_12_Zal_15": "annex15",
    "P_6A": "delivery_date",
    "GTIN": "gtin",
    "PKWiU": "pkwiu",
    "CN": "cn",
    "GTU": "gtu",
    "Procedura": "procedure",
    "StanPrzed": "before",
    "": "description",
}
ORDER_FIELDS = {f"{name}Z": field for name, field in LINE_FIELDS.items() if name} | {
    "": "description"
}
LISTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Fa/FaWiersz", "lines", LINE_FIELDS),
    ("Fa/Zamowienie/ZamowienieWiersz", "order_lines", ORDER_FIELDS),
    ("Fa/Platnosc/TerminPlatnosci", "payment__terms", {"": "due"}),
    ("Fa/Platnosc/RachunekBankowy", "payment__accounts", {"": "number"}),
    ("Fa/Platnosc/ZaplataCzesciowa", "payment__partial", {"": "amount"}),
    ("Fa/DaneFaKorygowanej", "correction__corrected", {"": "ksef_number"}),
    ("Fa/FakturaZaliczkowa", "advances", {"": "ksef_number"}),
    ("Fa/ZaliczkaCzesciowa", "advance_payments", {"": "amount"}),
    ("Podmiot3", "third_parties", {"": "name"}),
    ("Fa/DodatkowyOpis", "attributes", {"": "value"}),
)
HEADS = {
    "Fa/RodzajFaktury": "kind",
    "Fa/P_1": "issue_date",
    "Fa/P_1M": "place",
    "Fa/P_2": "number",
    "Fa/P_6": "sale_date",
    "Fa/OkresFa": "period_from",
    "Fa/KodWaluty": "currency",
    "Fa/KursWalutyZ": "exchange_rate",
    "Podmiot2/DaneIdentyfikacyjne/NIP": "buyer__nip",
    "Podmiot2/DaneIdentyfikacyjne/NrVatUE": "buyer__eu_number",
    "Podmiot2/DaneIdentyfikacyjne/KodUE": "buyer__eu_prefix",
    "Podmiot2/DaneIdentyfikacyjne/NrID": "buyer__id_number",
    "Podmiot2/DaneIdentyfikacyjne": "buyer__name",
    "Podmiot2/Adres": "buyer__address__line1",
    "Podmiot2/JST": "buyer__jst",
    "Podmiot2/GV": "buyer__gv",
    "Podmiot2": "buyer__nip",
    "Fa/Adnotacje/P_16": "annotations__cash_method",
    "Fa/Adnotacje/P_17": "annotations__self_billing",
    "Fa/Adnotacje/P_18A": "annotations__split_payment",
    "Fa/Adnotacje/P_18": "annotations__reverse_charge",
    "Fa/Adnotacje/Zwolnienie": "annotations__exempt_by",
    "Fa/Adnotacje/PMarzy": "annotations__margin",
    "Fa/PrzyczynaKorekty": "correction__reason",
    "Fa/TypKorekty": "correction__effect",
    "Fa/Platnosc": "payment__method",
}
_LISTED = re.compile(r"\[(\d+)\]/?(.*)$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with the field it belongs to; `field_id` is empty where there is none."""

    code: str
    text: str
    is_error: bool
    field_id: str
    label: str


def placed(findings: Iterable[Finding], form: InvoiceForm) -> list[Placed]:
    """The findings for the screen, errors first."""
    found = [_placed(finding, form) for finding in findings]
    return sorted(found, key=lambda one: not one.is_error)


def _placed(finding: Finding, form: InvoiceForm) -> Placed:
    field_id, label = _in_lists(finding.place, form) or _in_heads(finding.place, form) or ("", "")
    is_error = finding.severity == Severity.ERROR
    return Placed(finding.code, finding.text, is_error, field_id, label)


def _in_lists(place: str, form: InvoiceForm) -> tuple[str, str] | None:
    for start, way, fields in LISTS:
        if place != start and not place.startswith((f"{start}[", f"{start}/")):
            continue
        listed = _LISTED.match(place.removeprefix(start))
        index, inner = (int(listed[1]) - 1, listed[2]) if listed else (0, "")
        rows = form.rows[way].kept or list(form.rows[way])
        if index >= len(rows):
            return None
        name = fields.get(inner.partition("/")[0], fields[""])
        label = rows[index].fields[name].label or ""
        where = f"wiersz {index + 1}, {label.lower()}" if "lines" in way else str(label)
        return rows[index][name].id_for_label or "", where
    return None


def _in_heads(place: str, form: InvoiceForm) -> tuple[str, str] | None:
    bare = re.sub(r"\[\d+\]", "", place)
    while bare:
        name = HEADS.get(bare)
        head = next((head for head in form.heads if name in head.fields), None)
        if name and head:
            return head[name].id_for_label or "", str(head[name].label)
        bare = bare.rpartition("/")[0]
    return None
