"""Forms of permissions: whom to grant, the office as clients name it, the letter to a client."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, validate_email

from obieg.calls.permissions.models import OfficeFirm
from obieg.calls.permissions.scopes import OF_AUTHORIZED, OF_FIRMS, OF_PERSONS, READ, WRITE
from obieg.core.nip import clean_nip, is_nip
from obieg.core.pesel import is_pesel
from obieg.ksef.grant_requests import (
    DESCRIPTION_LONGEST,
    DESCRIPTION_SHORTEST,
    FIRM_NAME_LONGEST,
    FIRM_NAME_SHORTEST,
    FIRST_NAME_LONGEST,
    FIRST_NAME_SHORTEST,
    LAST_NAME_LONGEST,
    LAST_NAME_SHORTEST,
)
from obieg.office.day_input import DayInput

if TYPE_CHECKING:
    OfficeModelForm = forms.ModelForm[OfficeFirm]
else:
    OfficeModelForm = forms.ModelForm

MOST_RECIPIENTS = 5
# what only a Peppol provider may get (KSeF API 2.9, status 450)
FOR_FIRMS = {scope: name for scope, name in OF_AUTHORIZED.items() if scope != "PefInvoicing"}


class NipField(forms.CharField):
    """A NIP, with or without hyphens."""

    def to_python(self, value: Any) -> str:
        return clean_nip(str(value or ""))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not is_nip(value):
            raise ValidationError("To nie jest poprawny NIP (10 cyfr z cyfrą kontrolną).")


class OfficeFirmForm(OfficeModelForm):
    """The office's NIP and name, to which clients grant."""

    nip = NipField(label="NIP biura", max_length=20)

    class Meta:
        model = OfficeFirm
        fields = ("nip", "name")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].validators.append(MinLengthValidator(FIRM_NAME_SHORTEST))


class DescriptionField(forms.CharField):
    """The description that KSeF keeps with the permission."""

    def __init__(self, initial: str) -> None:
        super().__init__(
            label="Opis w KSeF",
            initial=initial,
            min_length=DESCRIPTION_SHORTEST,
            max_length=DESCRIPTION_LONGEST,
            help_text="Widzi go klient. Napisz, po co jest to uprawnienie.",
        )


class PersonForm(forms.Form):
    """A person by PESEL or NIP."""

    number = forms.CharField(
        label="PESEL albo NIP", max_length=20, help_text="Taki, jaki jest w jego podpisie."
    )
    first_name = forms.CharField(
        label="Imię", min_length=FIRST_NAME_SHORTEST, max_length=FIRST_NAME_LONGEST
    )
    last_name = forms.CharField(
        label="Nazwisko", min_length=LAST_NAME_SHORTEST, max_length=LAST_NAME_LONGEST
    )
    scopes = forms.MultipleChoiceField(
        label="Uprawnienia",
        choices=list(OF_PERSONS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=[READ],
    )
    description = DescriptionField("Pracownik klienta")

    def clean_number(self) -> str:
        number = clean_nip(self.cleaned_data["number"])
        if not is_pesel(number) and not is_nip(number):
            raise ValidationError("To nie jest poprawny PESEL (11 cyfr) ani NIP (10 cyfr).")
        return number

    @property
    def kind(self) -> str:
        """Which of the two it is, by KSeF's name."""
        return "Pesel" if is_pesel(self.cleaned_data["number"]) else "Nip"


class FirmForm(forms.Form):
    """A firm that is to work with the invoices."""

    nip = NipField(label="NIP", max_length=20)
    name = forms.CharField(
        label="Pełna nazwa", min_length=FIRM_NAME_SHORTEST, max_length=FIRM_NAME_LONGEST
    )
    scopes = forms.MultipleChoiceField(
        label="Uprawnienia",
        choices=list(OF_FIRMS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=[READ, WRITE],
    )
    can_delegate = forms.BooleanField(
        label="Z prawem do dalszego przekazywania",
        required=False,
        help_text="Podmiot będzie mógł sam dopuścić do faktur swoich pracowników.",
    )
    description = DescriptionField("Obsługa faktur")


class AuthorizationForm(forms.Form):
    """A firm that is to invoice in the client's name."""

    nip = NipField(label="NIP", max_length=20)
    name = forms.CharField(
        label="Pełna nazwa", min_length=FIRM_NAME_SHORTEST, max_length=FIRM_NAME_LONGEST
    )
    scope = forms.ChoiceField(label="Uprawnienie", choices=list(FOR_FIRMS.items()))
    description = DescriptionField("Umowa o samofakturowanie")


class LetterForm(forms.Form):
    """The letter to the client; its text may be changed."""

    recipients = forms.CharField(label="Do", help_text="Adresy e-mail, po przecinku.")
    subject = forms.CharField(label="Temat", max_length=250)
    text = forms.CharField(label="Treść", widget=forms.Textarea({"rows": 22}), max_length=20_000)

    def clean_recipients(self) -> list[str]:
        found = [one.strip() for one in self.cleaned_data["recipients"].split(",") if one.strip()]
        if not 0 < len(found) <= MOST_RECIPIENTS:
            raise ValidationError(f"Podaj od 1 do {MOST_RECIPIENTS} adresów.")
        for one in found:
            validate_email(one)
        return found


class LeftForm(forms.Form):
    """From when somebody no longer works here; empty: he does."""

    left_on = forms.DateField(label="Nie pracuje od", required=False, widget=DayInput())
