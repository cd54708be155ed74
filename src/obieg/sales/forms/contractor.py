"""A contractor of a client: its data as a buyer, and how its invoices go."""

from typing import TYPE_CHECKING, Any

from django import forms

from obieg.sales.content import BuyerContent
from obieg.sales.forms.boxes import CodeField, NipField, TextField
from obieg.sales.forms.parts import Nested, flatten, nest
from obieg.sales.models import Contractor

if TYPE_CHECKING:
    ContractorRow = forms.ModelForm[Contractor]
else:
    ContractorRow = forms.ModelForm


class ContractorForm(ContractorRow):
    """Names with `__` are those of `BuyerContent`."""

    nip = NipField("NIP", 20)
    name = TextField("Nazwa")
    address__line1 = TextField("Ulica i numer")
    address__line2 = TextField("Kod i miejscowość")
    address__country = CodeField("Kraj", 2)
    eu_prefix = CodeField("Prefiks UE", 2)
    eu_number = CodeField("Numer VAT UE", 12)
    id_country = CodeField("Kraj innego numeru", 2)
    id_number = TextField("Inny numer podatkowy", 50)
    phone = TextField("Telefon", 16)
    customer_number = TextField("Numer klienta", 256)
    jst = forms.BooleanField(label="jednostka samorządu (JST)", required=False)
    gv = forms.BooleanField(label="członek grupy VAT (GV)", required=False)

    class Meta:
        model = Contractor
        fields = ("email", "notify", "payment_days", "retail", "oss", "sending")

    OWN = (*Meta.fields,)
    field_order = ("nip", "name", "address__line1", "address__line2", "address__country")

    def __init__(self, data: Any, *, instance: Contractor) -> None:
        stored = flatten(BuyerContent.model_validate(instance.content).model_dump())
        initial = {**stored, "name": instance.name}
        super().__init__(data, instance=instance, initial=initial)
        self.fields[
            "sending"
        ].help_text = "Puste: zwykle do KSeF, a konsumenci i OSS poza systemem KSeF."

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name:
            raise forms.ValidationError("Podaj nazwę.")
        return name

    def buyer(self) -> BuyerContent:
        """The buyer's data of a valid form; what the form does not show stays."""
        typed: Nested = {
            name: value for name, value in self.cleaned_data.items() if name not in self.OWN
        }
        typed["address__country"] = typed["address__country"] or "PL"
        stored = BuyerContent.model_validate(self.instance.content).model_dump()
        return BuyerContent.model_validate(nest(typed, stored))
