"""The lines of a dekret as a form: amounts may be split, every field may be changed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from obieg.core.money import ZERO, format_amount, to_grosze
from obieg.fa.rates import percent_of
from obieg.posting.boxes import Box, HiddenBox
from obieg.posting.lines import LineInput
from obieg.posting.suggestion import ProposedLine


class AmountField(forms.DecimalField):
    """An amount written the Polish way: `1 234,56`."""

    widget = Box(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            max_digits=18,
            decimal_places=2,
            localize=True,
            error_messages={"invalid": "Wpisz kwotę, np. 1 234,56."},
        )

    def prepare_value(self, value: Any) -> Any:
        return format_amount(value) if isinstance(value, Decimal) else value


class ShortText(forms.CharField):
    """A code of the client's own lists; they are offered while one types."""

    def __init__(self, label: str, **options: Any) -> None:
        widget = Box({"autocomplete": "off"})
        super().__init__(label=label, max_length=40, widget=widget, **options)


OFFERED = {
    "account": "accounts",
    "cost_centre": "cost-centres",
    "project": "projects",
    "vat_register": "registers",
}


class LineForm(forms.Form):
    """One line: what it is, how much, and how it is posted."""

    account = ShortText("Konto", error_messages={"required": "Podaj konto."})
    net = AmountField("Netto")
    vat = AmountField("VAT")
    deductible_percent = forms.IntegerField(
        label="Odl. %", min_value=0, max_value=100, widget=Box({"inputmode": "numeric"})
    )
    cost_centre = ShortText("MPK", required=False)
    project = ShortText("Projekt", required=False)
    vat_register = ShortText("Rejestr VAT", required=False)
    kpir_column = forms.IntegerField(
        label="Kol. KPiR", required=False, min_value=1, max_value=19, widget=Box
    )
    description = forms.CharField(required=False, max_length=512, widget=HiddenBox)
    vat_rate = forms.CharField(required=False, max_length=8, widget=HiddenBox)
    source_lines = forms.CharField(required=False, widget=HiddenBox)
    reason = ""
    confidence = 0

    def clean_source_lines(self) -> tuple[int, ...]:
        numbers = self.cleaned_data["source_lines"].split()
        if not all(number.isascii() and number.isdigit() for number in numbers):
            raise forms.ValidationError("Numery wierszy faktury są uszkodzone; odśwież stronę.")
        return tuple(map(int, numbers))

    def offer(self, key: int) -> None:
        """Let the codes be chosen from the lists of the document `key`."""
        for name, offered in OFFERED.items():
            self.fields[name].widget.attrs["list"] = f"{offered}-{key}"

    def explain(self, line: ProposedLine) -> None:
        """Keep why the line was proposed so."""
        self.reason, self.confidence = line.reason, line.confidence

    def amount(self, name: str) -> Decimal:
        """An amount as it stands in the form; zero where it cannot be read."""
        try:
            value = self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return ZERO
        return value if isinstance(value, Decimal) else ZERO

    def vat_of_net(self) -> Decimal:
        """The VAT as typed; where only the net was typed, what the rate makes of it."""
        percent = percent_of(self["vat_rate"].value() or "")
        if percent and "net" in self.changed_data and "vat" not in self.changed_data:
            return to_grosze(self.amount("net") * percent / 100)
        return self.amount("vat")

    def typed(self) -> dict[str, Any]:
        """Every value as it stands in the form, readable or not."""
        return {name: self[name].value() for name in self.fields}

    def line(self) -> LineInput:
        """The line of a valid form."""
        return LineInput(**self.cleaned_data)

    def seen(self) -> LineInput:
        """The line as far as it can be read, for showing what it would do."""
        percent, column = (self[name].value() for name in ("deductible_percent", "kpir_column"))
        return LineInput(
            account=self["account"].value() or "…",
            net=self.amount("net"),
            vat=self.amount("vat"),
            deductible_percent=min(int(percent), 100) if str(percent).isdecimal() else 100,
            kpir_column=int(column) if str(column).isdecimal() else None,
            description=self["description"].value() or "",
        )


if TYPE_CHECKING:
    LineForms = forms.BaseFormSet[LineForm]
else:
    LineForms = forms.BaseFormSet


class BaseLines(LineForms):
    """All lines of one dekret."""

    def sums(self) -> tuple[Decimal, Decimal]:
        """Net and VAT of the lines together, as they stand in the form."""
        net = sum((form.amount("net") for form in self), ZERO)
        return net, sum((form.amount("vat") for form in self), ZERO)

    def lines(self) -> list[LineInput]:
        """The lines of a valid formset."""
        return [form.line() for form in self]

    def is_changed(self) -> bool:
        """Whether anything differs from what was proposed."""
        return self.total_form_count() != self.initial_form_count() or self.has_changed()


class Lines(
    forms.formset_factory(  # type: ignore[misc] # a class made by Django's factory
        LineForm, formset=BaseLines, extra=0, min_num=1, validate_min=True
    )
):
    """The formset as Django makes it."""


def initial_of(lines: Sequence[ProposedLine]) -> list[dict[str, Any]]:
    """What the formset starts with."""
    names = [name for name in LineForm.base_fields if name != "source_lines"]
    return [
        {
            **{name: getattr(line, name) for name in names},
            "source_lines": " ".join(map(str, line.source_lines)),
        }
        for line in lines
    ]


def split(lines: BaseLines, index: int, net: Decimal, vat: Decimal) -> list[dict[str, Any]]:
    """What was typed, and after the line `index` another one with what is left of `net`, `vat`."""
    rows = [form.typed() for form in lines]
    if not 0 <= index < len(rows):
        return rows
    net_typed, vat_typed = lines.sums()
    kept = lines[index].vat_of_net()
    left = {"net": net - net_typed, "vat": vat - vat_typed + lines[index].amount("vat") - kept}
    rows[index]["vat"] = kept
    rows.insert(index + 1, {**rows[index], **left})
    return rows


def without(lines: BaseLines, index: int) -> list[dict[str, Any]]:
    """What was typed, with the amounts of the line `index` given to its neighbour."""
    rows = [form.typed() for form in lines]
    if len(rows) < 2 or not 0 <= index < len(rows):
        return rows
    neighbour = index - 1 if index else 1
    for name in ("net", "vat"):
        rows[neighbour][name] = lines[neighbour].amount(name) + lines[index].amount(name)
    del rows[index]
    return rows
