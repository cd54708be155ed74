"""Forms of the office: clients, operators, absence."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from obieg.core.nip import clean_nip
from obieg.office.day_input import DayInput
from obieg.office.models import Assignment, Client, Cover, Operator, validate_nip
from obieg.office.operators import LAST_OWNER, is_last_owner
from obieg.office.rights import OfficeRole
from obieg.office.signals import password_set, switched_off

if TYPE_CHECKING:
    ClientModelForm = forms.ModelForm[Client]
    OperatorModelForm = forms.ModelForm[Operator]
    CoverModelForm = forms.ModelForm[Cover]
else:
    ClientModelForm = OperatorModelForm = CoverModelForm = forms.ModelForm


LABELS = {"name": "Nazwa", "unit_name": "Nazwa oddziału"}


class ClientForm(ClientModelForm):
    """A client's data; the NIP is changed elsewhere, because KSeF's documents hang on it."""

    nip = forms.CharField(label="NIP", max_length=20, help_text="10 cyfr; kreski są dozwolone.")

    class Meta:
        model = Client
        fields = (
            "nip",
            "name",
            "unit_name",
            "posts_here",
            "accounting_form",
            "vat_period",
            "environment",
            "sync_interval",
            "active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "nip") if self.instance.branch_of_id else ("unit_name", "posts_here"):
            del self.fields[name]  # a branch is named after its head
        for name, label in LABELS.items():
            if name in self.fields:
                self.fields[name].label = label
        if self.instance.pk:
            if "nip" in self.fields:
                self.fields["nip"].disabled = True
                self.fields["nip"].help_text = "Zmienia się go osobno, na stronie klienta."
            self.fields["environment"].disabled = True  # changing it withdraws credentials
            self.fields[
                "environment"
            ].help_text = "Zmienia się je w: Ustawienia sprzedaży → Środowisko KSeF."

    def clean_nip(self) -> str:
        nip = clean_nip(self.cleaned_data["nip"])
        validate_nip(nip)
        rows = Client.objects.across_clients().in_context(nip)
        taken = rows.exclude(pk=self.instance.pk).first()
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
            "sees_all_clients": "Także nowych. Co może przy nich robić, mówi rola."
        }

    def __init__(self, *args: Any, editor: Operator, **kwargs: Any) -> None:
        self.editor = editor
        super().__init__(*args, **kwargs)
        visible = Client.objects.visible_to(editor)
        served, password = self.fields["served"], self.fields["password_typed"]
        assert isinstance(served, forms.ModelMultipleChoiceField)  # noqa: S101 - for the types
        served.queryset = visible
        password.required = not self.instance.pk
        password.help_text = (
            "Co najmniej 12 znaków, najlepiej cztery słowa; operator może je zmienić."
        )
        if self.instance.pk:
            self.initial.setdefault("served", list(visible.filter(operators=self.instance)))
            password.help_text = "Puste pole zostawia dotychczasowe hasło."

    def clean_password_typed(self) -> str:
        password: str = self.cleaned_data["password_typed"]
        if password:
            validate_password(password, self.instance)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if fault := self._forbidden(cleaned):
            raise forms.ValidationError(fault)
        return cleaned

    def _forbidden(self, cleaned: dict[str, Any]) -> str:
        """Why the editor may not save this, or nothing."""
        before = Operator.objects.filter(pk=self.instance.pk).first()
        scope = (cleaned.get("role"), cleaned.get("is_active"), cleaned.get("sees_all_clients"))
        former = (before.role, before.is_active, before.sees_all_clients) if before else None
        if before == self.editor and scope != former:
            return "Nie możesz odebrać praw właściciela samemu sobie: zrobi to inny właściciel."
        if before and scope != former and is_last_owner(before):
            return LAST_OWNER
        if cleaned.get("role") == OfficeRole.OWNER and self.editor.role != OfficeRole.OWNER:
            return "Rolę właściciela nadaje tylko właściciel."
        widened = cleaned.get("sees_all_clients") and not (before and before.sees_all_clients)
        if widened and not self.editor.sees_all_clients:
            return "Wszystkich klientów pokaże innym tylko ten, kto sam ich widzi."
        return ""

    def save(self, commit: bool = True) -> Operator:  # noqa: ARG002 - Django's signature
        operator: Operator = super().save(commit=False)
        if password := self.cleaned_data["password_typed"]:
            operator.set_password(password)
        operator.save()
        if password and "password_typed" in self.changed_data:
            password_set.send(Operator, operator=operator, actor=self.editor)
        if "is_active" in self.changed_data and not operator.is_active:
            switched_off.send(Operator, operator=operator, actor=self.editor)
        served = self.cleaned_data["served"]
        shown = Assignment.objects.filter(
            operator=operator, client__in=Client.objects.visible_to(self.editor)
        )
        shown.exclude(client__in=served).delete()
        Assignment.objects.bulk_create(
            (Assignment(operator=operator, client=client) for client in served),
            ignore_conflicts=True,
        )
        return operator


class CoverForm(CoverModelForm):
    """Who covers whom, and on which days."""

    class Meta:
        model = Cover
        fields = ("absent", "covering", "first_day", "last_day")
        widgets = {  # noqa: RUF012 - Django's Meta
            "first_day": DayInput(),
            "last_day": DayInput(),
        }

    def __init__(self, *args: Any, editor: Operator, **kwargs: Any) -> None:
        self.editor = editor
        super().__init__(*args, **kwargs)
        for name, label in (("absent", "Nieobecny"), ("covering", "Zastępuje")):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the types
            field.queryset = Operator.objects.filter(is_active=True).order_by("name")
            field.empty_label = "wybierz"
            field.label = label
        self.fields["first_day"].label, self.fields["last_day"].label = "Od dnia", "Do dnia"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        absent, first, last = (cleaned.get(n) for n in ("absent", "first_day", "last_day"))
        if absent and absent == cleaned.get("covering"):
            self.add_error("covering", "Nikt nie zastępuje samego siebie.")
        if absent and absent.sees_all_clients:
            self.add_error(
                "absent",
                "Ten operator widzi wszystkich klientów; przypisz zastępcy klientów wprost.",
            )
        if absent and not absent.sees_all_clients and not self._sees_all_of(absent):
            self.add_error(
                "absent",
                "Ten operator obsługuje klientów, których nie widzisz; "
                "zastępstwo ustali ktoś, kto ich widzi.",
            )
        if first and last and last < first:
            self.add_error("last_day", "Zastępstwo kończy się przed swoim początkiem.")
        if last and last < timezone.localdate():
            self.add_error("last_day", "Ten dzień już minął.")
        return cleaned

    def _sees_all_of(self, absent: Operator) -> bool:
        """Whether nobody gets by this cover what its author does not see himself."""
        served = Assignment.objects.filter(operator=absent)
        visible = Client.objects.visible_to(self.editor)
        return not served.exclude(client__in=visible).exists()
