"""A line of an invoice or of an order, as it is typed in the grid."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from obieg.sales.amounts import LineTotals
from obieg.sales.forms.boxes import (
    AmountField,
    ChoiceBox,
    CodeField,
    DayField,
    NumberField,
    TextField,
    TickField,
    decimal_of,
    hidden,
    number_text,
)
from obieg.sales.forms.choices import (
    BEFORE_CHOICES,
    GTU_CHOICES,
    OSS,
    PROCEDURE_CHOICES,
    RATE_CHOICES,
)
from obieg.sales.forms.parts import Nested
from obieg.sales.forms.rows import RowForm

NOT_FOR_KSEF = "#"  # begins an attribute that stays out of the invoice
PRICING = ("quantity", "price", "discount", "discount_percent")  # what an amount follows from
GIVEN = ("amount", "tax")  # amounts that win over what is computed


class RebateField(TextField):
    """A discount: `5,50` off the unit price, or `10%`."""

    def clean(self, value: Any) -> tuple[Decimal, bool] | None:
        text = "".join(str(value or "").split()).replace("\xa0", "")
        if not text:
            return None
        try:
            return decimal_of(text.removesuffix("%")), text.endswith("%")
        except InvalidOperation as error:
            raise forms.ValidationError("Wpisz kwotę, np. 5,50, albo procent: 10%.") from error


class AttributesField(TextField):
    """Attributes, one a line: `Kolor: czerwony`; those that begin with # are not for KSeF."""

    def clean(self, value: Any) -> list[Nested]:
        lines = [line.strip() for line in str(value or "").splitlines()]
        return [self._attribute(line) for line in lines if line]

    def _attribute(self, line: str) -> Nested:
        key, colon, value = line.removeprefix(NOT_FOR_KSEF).partition(":")
        if not colon or not key.strip() or not value.strip():
            raise forms.ValidationError("Każda cecha w osobnym wierszu: nazwa: wartość.")
        in_ksef = not line.startswith(NOT_FOR_KSEF)
        return {"key": key.strip(), "value": value.strip(), "in_ksef": in_ksef}

    @staticmethod
    def text_of(attributes: list[Nested]) -> str:
        """What stands in the field for `attributes`."""
        mark = {True: "", False: NOT_FOR_KSEF}
        return "\n".join(
            f"{mark[bool(a.get('in_ksef', True))]}{a['key']}: {a['value']}" for a in attributes
        )


class LineRow(RowForm):
    """FaWiersz or ZamowienieWiersz."""

    SETTINGS = frozenset({"rate", "unit", "before", "stored"})
    amounts: LineTotals | None = None  # of the row as it was read

    before = ChoiceBox("Stan", BEFORE_CHOICES)
    description = TextField("Nazwa towaru lub usługi")
    quantity = NumberField("Ilość")
    unit = TextField("J.m.", 256, list="units")
    price = NumberField("Cena")
    rebate = RebateField("Rabat")
    rate = ChoiceBox("Stawka", RATE_CHOICES)
    rate_oss = NumberField("Stawka OSS (%)")
    amount = AmountField("Wartość bez ceny")
    tax = AmountField("VAT inny niż wyliczony")
    gtu = ChoiceBox("GTU", GTU_CHOICES)
    procedure = ChoiceBox("Procedura", PROCEDURE_CHOICES)
    delivery_date = DayField("Data dostawy")
    index = TextField("Indeks", 50)
    gtin = CodeField("GTIN", 20)
    pkwiu = CodeField("PKWiU", 50)
    cn = CodeField("CN", 50)
    pkob = CodeField("PKOB", 50)
    excise = AmountField("Akcyza")
    lot = TextField("Numer partii", 256)
    annex15 = TickField("załącznik 15")
    attributes = AttributesField("Cechy (nazwa: wartość)", 8000, lines=2)
    stored = hidden()  # the pricing and the given amounts as they were when the page was made

    @classmethod
    def initial_of(cls, part: Nested) -> Nested:
        known = dict(part)
        percent, off = known.pop("discount_percent", None), known.pop("discount", None)
        initial = super().initial_of(known)
        if any(part.get(name) is not None for name in GIVEN):
            initial["stored"] = "|".join(_numbers(part, PRICING + GIVEN))
        if percent is not None:
            initial["rebate"] = f"{number_text(Decimal(percent))}%"
        elif off is not None:
            initial["rebate"] = number_text(Decimal(off))
        if known.get("rate_oss") is not None:
            initial["rate"] = OSS
        initial["before"] = "1" if known.get("before") else ""
        initial["attributes"] = AttributesField.text_of(list(known.get("attributes") or ()))
        return initial

    def part(self) -> Nested:
        line = super().part()
        rebate = line.pop("rebate", None)
        if rebate:
            number, is_percent = rebate
            line["discount_percent" if is_percent else "discount"] = number
        if line.get("rate") == OSS:
            line["rate"] = ""
        else:
            line["rate_oss"] = None
        line["before"] = bool(line.get("before"))
        return _priced_anew(line, line.pop("stored", "").split("|"))

    def field_of(self, name: str) -> str:
        return "rebate" if name in ("discount", "discount_percent") else name

    @property
    def more(self) -> list[Any]:
        """The fields of the row that opens below."""
        return [self[name] for name in MORE]

    @property
    def is_open(self) -> bool:
        """Whether something stands in the row below, so that it must be seen."""
        return any(self.typed(name) for name in MORE)

    @property
    def place(self) -> str:
        """The row's own part of ids."""
        return self.prefix or ""


def _priced_anew(line: Nested, stored: list[str]) -> Nested:
    """Without the amounts that stood beside another price or quantity, and were left as they were.

    A row without a price has nothing but its amount, and keeps it.
    """
    before, given = stored[: len(PRICING)], stored[len(PRICING) :]
    is_priced = line.get("price") is not None and line.get("quantity") is not None
    if not given or not is_priced or _numbers(line, PRICING) == before:
        return line
    now = _numbers(line, GIVEN)
    return line | {
        name: None for name, old, new in zip(GIVEN, given, now, strict=False) if old == new
    }


def _numbers(line: Nested, names: Iterable[str]) -> list[str]:
    return ["" if line.get(name) is None else number_text(Decimal(line[name])) for name in names]


MORE = (
    "gtu",
    "procedure",
    "pkwiu",
    "cn",
    "gtin",
    "index",
    "lot",
    "delivery_date",
    "rate_oss",
    "amount",
    "tax",
    "excise",
    "pkob",
    "annex15",
    "attributes",
)
