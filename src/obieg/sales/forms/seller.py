"""The client as a seller: its data on invoices, accounts, series, what is done with each kind."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from obieg.fa.check.payment import is_account
from obieg.fa.model import BankAccount as FaAccount
from obieg.fa.pdf import UnreadableLogo
from obieg.fa.pdf.logo import logo_data
from obieg.fa.view.codes import CODES, KINDS
from obieg.office.uploads import LimitedFileField
from obieg.sales.forms.boxes import CodeField
from obieg.sales.models import BankAccount, KindPolicy, SellerProfile, Series
from obieg.sales.models.seller import Sending

if TYPE_CHECKING:
    ProfileRow = forms.ModelForm[SellerProfile]
    AccountRow = forms.ModelForm[BankAccount]
    SeriesRow = forms.ModelForm[Series]
else:
    ProfileRow = AccountRow = SeriesRow = forms.ModelForm

LARGEST_LOGO = 300_000  # bytes: it is in every PDF


class ProfileForm(ProfileRow):
    """What stands on every invoice, and how the client sends."""

    payment_method = forms.ChoiceField(
        label="Forma płatności", choices=list(CODES["FormaPlatnosci"].items())
    )
    logo_file = LimitedFileField(
        label="Logo",
        most=LARGEST_LOGO,
        required=False,
        help_text="PNG, JPEG albo SVG, najwyżej 300 kB.",
    )
    logo_removed = forms.BooleanField(label="usuń logo", required=False)

    class Meta:
        model = SellerProfile
        fields = (
            "name",
            "address1",
            "address2",
            "email",
            "phone",
            "place",
            "krs",
            "regon",
            "bdo",
            "footer",
            "bilingual",
            "payment_days",
            "payment_method",
            "transmission",
            "answer_wait",
            "own_numbers",
            "notify_client",
            "notify_buyer",
        )
        widgets = {"footer": forms.Textarea({"rows": 2})}  # noqa: RUF012 - Django's own form

    def clean_logo_file(self) -> bytes | None:
        given = self.cleaned_data["logo_file"]
        if not isinstance(given, UploadedFile):
            return None
        content: bytes = given.read()
        try:
            logo_data(content)
        except UnreadableLogo as error:
            raise forms.ValidationError(str(error)) from error
        return content

    def save(self, commit: bool = True) -> SellerProfile:
        asked = self.cleaned_data
        if asked["logo_removed"]:
            self.instance.logo = None
        elif asked["logo_file"]:
            self.instance.logo = asked["logo_file"]
        return super().save(commit)


class AccountForm(AccountRow):
    """An account that invoices name."""

    class Meta:
        model = BankAccount
        fields = ("number", "bank", "swift", "currency", "description", "usual", "factor")

    number = CodeField("Numer rachunku", 50)  # with the spaces that people type
    currency = CodeField("Waluta", 3)

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"] or "PLN"

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        named = FaAccount(number=asked.get("number", ""), swift=asked.get("swift", ""))
        if "number" in asked and not is_account(named):
            self.add_error("number", "Numer rachunku jest błędny: długość lub cyfry kontrolne.")
        return asked


class SeriesForm(SeriesRow):
    """A series of numbers."""

    kinds = forms.MultipleChoiceField(
        label="Dla rodzajów",
        choices=[(kind, kind) for kind in KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Series
        fields = ("code", "pattern", "restart", "kinds", "active")
        help_texts = {"pattern": "{nr}, {nr:4}, {mm}, {rrrr}, {rr}"}  # noqa: RUF012 - Django's


class PolicyForm(forms.Form):
    """What approving a document of each kind does."""

    def __init__(self, *args: Any, stored: dict[str, KindPolicy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            policy = stored.get(kind)
            self.fields[f"{kind}_sending"] = forms.ChoiceField(
                label=kind,
                choices=Sending.choices,
                initial=policy.sending if policy else Sending.KEEP,
            )
            self.fields[f"{kind}_check"] = forms.BooleanField(
                label="sprawdź przed zatwierdzeniem",
                required=False,
                initial=policy.check_first if policy else True,
            )

    def lines(self) -> list[tuple[str, str, Any, Any]]:
        """Kind, its name, and its two fields."""
        return [
            (kind, name, self[f"{kind}_sending"], self[f"{kind}_check"])
            for kind, name in KINDS.items()
        ]

    def chosen(self) -> dict[str, tuple[str, bool]]:
        """What was chosen for each kind in a valid form."""
        asked = self.cleaned_data
        return {kind: (asked[f"{kind}_sending"], asked[f"{kind}_check"]) for kind in KINDS}
