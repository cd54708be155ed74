"""The page that asks how much comes off: by rate, or of chosen goods."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales import listing
from obieg.sales.corrections import Rebate, Sold, keep_correction, rebate, sold_on
from obieg.sales.forms.boxes import NumberField

MOST = 500  # as many as can be ticked at once


class RebateForm(forms.Form):
    """A percentage and a net amount for every rate and every good, none of them required."""

    period = forms.CharField(label="Okres", max_length=256, required=False)
    reason = forms.CharField(label="Przyczyna", max_length=256, required=False)

    def __init__(self, sold: Sold, data: Any = None) -> None:
        super().__init__(data, initial={"reason": "rabat za okres"})
        self.sold = sold
        for name in self._names():
            self.fields[f"{name}-percent"] = NumberField(label="Procent", required=False)
            self.fields[f"{name}-amount"] = NumberField(label="Kwota netto", required=False)
            for field in ("percent", "amount"):
                self.fields[f"{name}-{field}"].widget.attrs["class"] = "form-control"

    def _names(self) -> list[str]:
        rates = [f"rate-{one.rate}" for one in self.sold.rates]
        return [*rates, *(f"good-{place}" for place in range(len(self.sold.goods)))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self._names():
            percent, amount = cleaned.get(f"{name}-percent"), cleaned.get(f"{name}-amount")
            if percent is not None and amount is not None:
                self.add_error(f"{name}-amount", "Wpisz procent albo kwotę.")
            if percent is not None and not 0 <= percent <= 100:
                self.add_error(f"{name}-percent", "Od 0 do 100.")
        return cleaned

    def rows(self) -> tuple[list[Any], list[Any]]:
        """What was sold beside its two fields: by rate, and by good."""
        rates = [(one, *self._boxes(f"rate-{one.rate}")) for one in self.sold.rates]
        goods = [(one, *self._boxes(f"good-{n}")) for n, one in enumerate(self.sold.goods)]
        return rates, goods

    def _boxes(self, name: str) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"{name}-percent"], self[f"{name}-amount"]

    def by_rate(self) -> dict[str, Rebate]:
        found = {one.rate: self._rebate(f"rate-{one.rate}") for one in self.sold.rates}
        return {rate: one for rate, one in found.items() if one}

    def by_good(self) -> dict[int, Rebate]:
        found = {n: self._rebate(f"good-{n}") for n in range(len(self.sold.goods))}
        return {place: one for place, one in found.items() if one}

    def _rebate(self, name: str) -> Rebate | None:
        percent: Decimal | None = self.cleaned_data[f"{name}-percent"]
        amount: Decimal | None = self.cleaned_data[f"{name}-amount"]
        return Rebate(percent, amount) if percent or amount else None


def asked_for(request: OperatorRequest, entries: list[listing.Entry]) -> HttpResponse:
    """The page for the ticked documents."""
    try:
        form = RebateForm(sold_on([entry.document for entry in entries]))
    except UserFixable as error:
        return _page(request, entries, None, error)
    return _page(request, entries, form)


@require_POST
@needs(Right.ISSUE)
def rebate_of(request: OperatorRequest) -> HttpResponse:
    """Make the draft of the correction that the page asked about."""
    entries = listing.chosen(request.user, request.POST.getlist("chosen")[:MOST])
    if not entries:
        return redirect("sales")
    originals = [entry.document for entry in entries]
    form = None
    try:
        form = RebateForm(sold_on(originals), request.POST)
        if not form.is_valid():
            return _page(request, entries, form, status=422)
        content = rebate(
            originals,
            by_rate=form.by_rate(),
            by_good=form.by_good(),
            period=form.cleaned_data["period"],
            reason=form.cleaned_data["reason"],
        )
        made = keep_correction(originals[0], content, actor=request.user)
    except UserFixable as error:
        return _page(request, entries, form, error, status=422)
    return redirect("sales-edit", made.pk)


def _page(
    request: OperatorRequest,
    entries: list[listing.Entry],
    form: RebateForm | None,
    error: UserFixable | None = None,
    status: int = 200,
) -> HttpResponse:
    rates, goods = form.rows() if form else ([], [])
    facts = {"entries": entries, "form": form, "rates": rates, "goods": goods, "error": error}
    return render(request, "sales/rebate.html", facts, status=status)
