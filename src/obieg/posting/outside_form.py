"""The form of a purchase that came outside KSeF, and the upload of many."""

from typing import TYPE_CHECKING, Any

from django import forms

from obieg.office.day_input import DayInput
from obieg.office.uploads import LimitedFileField
from obieg.posting.chart_file import LARGEST
from obieg.posting.lines_form import AmountField
from obieg.posting.models import OutsidePurchase

if TYPE_CHECKING:
    OutsideModelForm = forms.ModelForm[OutsidePurchase]
else:
    OutsideModelForm = forms.ModelForm


class OutsideForm(OutsideModelForm):
    """What stands on the paper; the seller by NIP, or at least by name."""

    gross = AmountField("Brutto")
    issue_date = forms.DateField(
        label="Data wystawienia",
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"],
    )

    class Meta:
        model = OutsidePurchase
        fields = ("number", "seller_nip", "seller_name", "issue_date", "gross", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("seller_nip") and not cleaned.get("seller_name"):
            raise forms.ValidationError("Podaj NIP sprzedawcy albo jego nazwę.")
        return cleaned


class OutsideUpload(forms.Form):
    """A CSV file of purchases."""

    file = LimitedFileField(
        label="Plik CSV",
        most=LARGEST,
        help_text="Nagłówki: numer; nip; sprzedawca; data; brutto; uwaga",
    )
