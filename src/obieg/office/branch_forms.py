"""Forms of branches: a new one, and what KSeF knows a client by."""

from typing import Any

from django import forms

from obieg.core.internal_id import check_digit, is_internal_id
from obieg.core.nip import clean_nip
from obieg.office.branches import Inherited
from obieg.office.models import Client, UnitKind, validate_nip

IDENTIFIER_HELP = (
    "Taki jak w KSeF: NIP centrali, kreska i 5 cyfr. Wystarczy 5 cyfr; sprawdzimy cyfrę kontrolną."
)


class IdentityForm(forms.Form):
    """A NIP, or for an internal unit the identifier under its head's NIP."""

    nip = forms.CharField(label="NIP", max_length=20, required=False)
    internal_id = forms.CharField(
        label="Identyfikator wewnętrzny", max_length=16, required=False, help_text=IDENTIFIER_HELP
    )

    def __init__(self, *args: Any, head: Client | None = None, kind: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.head, self.kind = head, kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("unit_kind", self.kind)
        if self.head is not None and kind == UnitKind.INTERNAL:
            self._clean_identifier(self.head, cleaned)
        else:
            self._clean_nip(cleaned)
        if not self.errors:
            self._require_free(cleaned)
        return cleaned

    def _clean_identifier(self, head: Client, cleaned: dict[str, Any]) -> None:
        typed = cleaned.get("internal_id", "").strip()
        full = f"{head.nip}-{typed}" if len(typed) == 5 else typed
        cleaned["nip"], cleaned["internal_id"] = head.nip, full
        if fault := _fault(full, head.nip):
            self.add_error("internal_id", fault)

    def _clean_nip(self, cleaned: dict[str, Any]) -> None:
        cleaned["nip"], cleaned["internal_id"] = clean_nip(cleaned.get("nip", "")), ""
        try:
            validate_nip(cleaned["nip"])
        except forms.ValidationError as error:
            self.add_error("nip", error)

    def _require_free(self, cleaned: dict[str, Any]) -> None:
        context = cleaned["internal_id"] or cleaned["nip"]
        if context == (self.initial.get("internal_id") or self.initial.get("nip")):
            return
        taken = Client.objects.across_clients().in_context(context).first()
        if taken:
            field = "internal_id" if cleaned["internal_id"] else "nip"
            self.add_error(field, f"W tym kontekście pracuje już „{taken.name}”.")


class BranchForm(IdentityForm):
    """A new branch of a client, and what it takes over from it."""

    unit_name = forms.CharField(
        label="Nazwa oddziału",
        max_length=200,
        help_text="Bez nazwy centrali: Obieg pokaże „centrala – oddział”.",
    )
    unit_kind = forms.ChoiceField(label="Czym jest dla KSeF", choices=UnitKind.choices)
    posts_here = forms.BooleanField(
        label="Dokumenty oddziału księguje się w oddziale",
        required=False,
        initial=True,
        help_text="Odznacz, jeśli ma je księgować centrala; oddział będzie je tylko widział.",
    )
    field_order = ("unit_name", "unit_kind", "internal_id", "nip", "posts_here")

    def __init__(self, *args: Any, head: Client, **more: Any) -> None:
        super().__init__(*args, head=head, **more)
        self.fields["nip"].label = "Własny NIP oddziału"
        self.fields["nip"].help_text = "Tylko dla oddziału, który ma własny NIP."
        for one in Inherited:
            label = f"Przejmij od centrali: {one.label}"
            self.fields[one.value] = forms.BooleanField(label=label, required=False, initial=True)

    def branch(self) -> Client:
        """The branch as it was typed, not stored."""
        names = ("unit_name", "unit_kind", "nip", "internal_id", "posts_here")
        return Client(branch_of=self.head, **{name: self.cleaned_data[name] for name in names})

    def inherits(self) -> frozenset[Inherited]:
        return frozenset(one for one in Inherited if self.cleaned_data[one.value])


def _fault(identifier: str, nip: str) -> str:
    """What is wrong with an internal identifier of `nip`, or nothing."""
    if not identifier.startswith(f"{nip}-"):
        return f"Identyfikator zaczyna się NIP centrali: {nip}-…"
    digits = identifier.replace("-", "")
    if len(digits) != 15 or not digits.isdigit() or not digits.isascii():
        return "Po NIP i kresce jest 5 cyfr."
    if not is_internal_id(identifier):
        return f"Ostatnia cyfra jest kontrolna i powinna być {check_digit(digits[:14])}."
    return ""
