"""Forms of the office: login, clients, operators."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password

from obieg.core.nip import clean_nip
from obieg.office.models import Assignment, Client, Operator, validate_nip

if TYPE_CHECKING:
    ClientModelForm = forms.ModelForm[Client]
    OperatorModelForm = forms.ModelForm[Operator]
else:
    ClientModelForm = OperatorModelForm = forms.ModelForm


class LoginForm(AuthenticationForm):
    error_messages = {  # noqa: RUF012 - Django declares it an instance's
        "invalid_login": (
            "Login lub hasło się nie zgadza. Sprawdź, czy nie jest włączony Caps Lock; "
            "zapomniane hasło zmieni właściciel biura. (kod office.login)"
        ),
        "inactive": "To konto jest wyłączone. Włączy je właściciel biura. (kod office.inactive)",
    }


class ClientForm(ClientModelForm):
    """A client's data; the NIP is given once, because KSeF's documents hang on it."""

    nip = forms.CharField(label="NIP", max_length=20, help_text="10 cyfr; kreski są dozwolone.")

    class Meta:
        model = Client
        fields = (
            "nip",
            "name",
            "accounting_form",
            "vat_period",
            "environment",
            "sync_interval",
            "active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nazwa"
        if self.instance.pk:
            self.fields["nip"].disabled = True
            self.fields["nip"].help_text = "NIP jest stały: wiążą się z nim dokumenty w KSeF."
            self.fields["environment"].disabled = True  # changing it withdraws credentials
            self.fields[
                "environment"
            ].help_text = "Zmienia się je w: Ustawienia sprzedaży → Środowisko KSeF."

    def clean_nip(self) -> str:
        nip = clean_nip(self.cleaned_data["nip"])
        validate_nip(nip)
        taken = Client.objects.across_clients().filter(nip=nip).exclude(pk=self.instance.pk).first()
        if taken:
            raise forms.ValidationError(f"Ten NIP ma już klient „{taken.name}”.")
        return nip

    def validate_unique(self) -> None:
        """Done in `clean_nip`: Django's own check would ask without a scope."""


class OperatorForm(OperatorModelForm):
    """An operator and the clients assigned to them."""

    password_typed = forms.CharField(
        label="Hasło",
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )
    served = forms.ModelMultipleChoiceField(
        label="Przypisani klienci",
        queryset=Client.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Operator
        fields = ("login", "name", "is_active", "role", "sees_all_clients")
        help_texts = {  # noqa: RUF012 - Django's Meta
            "sees_all_clients": "Widzi wszystkich klientów, także nowych, i zarządza operatorami."
        }

    def __init__(self, *args: Any, editor: Operator, **kwargs: Any) -> None:
        self.editor = editor
        super().__init__(*args, **kwargs)
        visible = Client.objects.visible_to(editor)
        served, password = self.fields["served"], self.fields["password_typed"]
        assert isinstance(served, forms.ModelMultipleChoiceField)  # noqa: S101 - for the types
        served.queryset = visible
        password.required = not self.instance.pk
        password.help_text = "Co najmniej 12 znaków; operator może je zmienić."
        if self.instance.pk:
            self.initial["served"] = list(visible.filter(operators=self.instance))
            password.help_text = "Puste pole zostawia dotychczasowe hasło."

    def clean_password_typed(self) -> str:
        password: str = self.cleaned_data["password_typed"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        alone = self.instance == self.editor
        if alone and not (cleaned.get("is_active") and cleaned.get("sees_all_clients")):
            raise forms.ValidationError(
                "Nie możesz odebrać praw właściciela samemu sobie: zrobi to inny właściciel."
            )
        return cleaned

    def save(self, commit: bool = True) -> Operator:  # noqa: ARG002 - Django's signature
        operator: Operator = super().save(commit=False)
        if password := self.cleaned_data["password_typed"]:
            operator.set_password(password)
        operator.save()
        served = self.cleaned_data["served"]
        Assignment.objects.filter(operator=operator).exclude(client__in=served).delete()
        Assignment.objects.bulk_create(
            (Assignment(operator=operator, client=client) for client in served),
            ignore_conflicts=True,
        )
        return operator
