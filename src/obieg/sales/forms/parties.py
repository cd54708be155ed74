"""The buyer, third parties, and the parties as they were before a correction."""

from typing import Any, ClassVar

from django import forms

from obieg.sales.forms.boxes import (
    ChoiceBox,
    CodeField,
    NipField,
    NumberField,
    TextField,
    TickField,
    hidden,
)
from obieg.sales.forms.choices import ROLE_CHOICES
from obieg.sales.forms.parts import Nested
from obieg.sales.forms.rows import RowForm


class HeadForm(forms.Form):
    """A part of the invoice that stands once: the names of its fields are the content's."""

    use_required_attribute = False


class BuyerForm(HeadForm):
    """Podmiot2, and the contractor that it was taken from."""

    buyer__nip = NipField("NIP", 20, size=12)
    buyer__name = TextField("Nazwa")
    buyer__address__line1 = TextField("Ulica i numer")
    buyer__address__line2 = TextField("Kod i miejscowość")
    buyer__address__country = CodeField("Kraj", 2, size=3)
    buyer__eu_prefix = CodeField("Prefiks UE", 2, size=3)
    buyer__eu_number = CodeField("Numer VAT UE", 12)
    buyer__id_country = CodeField("Kraj numeru", 2, size=3)
    buyer__id_number = TextField("Inny numer podatkowy", 50)
    buyer__email = TextField("E-mail", 255, inputmode="email")
    buyer__phone = TextField("Telefon", 16)
    buyer__customer_number = TextField("Numer klienta", 256)
    buyer__eori = CodeField("EORI", 17)
    buyer__address__gln = CodeField("GLN", 13)
    buyer__jst = TickField("jednostka samorządu (JST)")
    buyer__gv = TickField("członek grupy VAT (GV)")
    contractor = hidden()
    keep_buyer = TickField("zapamiętaj wśród kontrahentów")

    MAIN: ClassVar = ("buyer__address__line1", "buyer__address__line2")
    MORE: ClassVar = (
        "buyer__eu_prefix",
        "buyer__eu_number",
        "buyer__id_country",
        "buyer__id_number",
        "buyer__address__country",
        "buyer__email",
        "buyer__phone",
        "buyer__customer_number",
        "buyer__eori",
        "buyer__address__gln",
        "buyer__jst",
        "buyer__gv",
    )

    def clean_buyer__address__country(self) -> str:
        return self.cleaned_data["buyer__address__country"] or "PL"

    def clean_contractor(self) -> int | None:
        chosen = self.cleaned_data["contractor"]
        return int(chosen) if chosen.isdecimal() else None

    @property
    def more(self) -> list[Any]:
        return [self[name] for name in self.MORE]

    @property
    def is_open(self) -> bool:
        """Whether something besides the usual stands below."""
        return any(_value(self, name) not in ("", "PL") for name in self.MORE)


def _value(form: forms.Form, name: str) -> str:
    value = form[name].value()
    return "" if value in (None, False) else str(value)


class ThirdPartyRow(RowForm):
    """Podmiot3."""

    SETTINGS = frozenset({"address__country"})

    role = ChoiceBox("Rola", ROLE_CHOICES)
    role_text = TextField("Inna rola", 256)
    name = TextField("Nazwa")
    nip = NipField("NIP", 20)
    internal_id = TextField("Identyfikator wewnętrzny", 20)
    eu_prefix = CodeField("Prefiks UE", 2)
    eu_number = CodeField("Numer VAT UE", 12)
    id_country = CodeField("Kraj numeru", 2)
    id_number = TextField("Inny numer", 50)
    address__line1 = TextField("Ulica i numer")
    address__line2 = TextField("Kod i miejscowość")
    address__country = CodeField("Kraj", 2)
    share = NumberField("Udział (%)")
    email = TextField("E-mail", 255)

    def part(self) -> Nested:
        party = super().part()
        address = party.get("address") or {}
        address["country"] = address.get("country") or "PL"
        return party | {"address": address}


class BeforeForm(HeadForm):
    """Podmiot2K and Podmiot1K: the data that the correction mends, as they were."""

    correction__buyer_before__nip = NipField("NIP nabywcy", 20)
    correction__buyer_before__name = TextField("Nazwa nabywcy")
    correction__buyer_before__address__line1 = TextField("Ulica i numer")
    correction__buyer_before__address__line2 = TextField("Kod i miejscowość")
    correction__seller_before__nip = NipField("NIP sprzedawcy", 20)
    correction__seller_before__name = TextField("Nazwa sprzedawcy")
    correction__seller_before__address__line1 = TextField("Ulica i numer")
    correction__seller_before__address__line2 = TextField("Kod i miejscowość")

    def side(self, name: str) -> list[Any]:
        return [self[field] for field in self.fields if f"__{name}__" in field]

    @property
    def buyer(self) -> list[Any]:
        return self.side("buyer_before")

    @property
    def seller(self) -> list[Any]:
        return self.side("seller_before")
