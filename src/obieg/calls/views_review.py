"""Pages of the quarterly review of credentials."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.calls.review import may_confirm, review_of
from obieg.calls.review_pdf import findings, review_pdf
from obieg.calls.reviewed import confirm, confirmation_of, confirmations
from obieg.core.errors import UserFixable
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right

SHOWN = 8  # confirmations: two years


class ReviewForm(forms.Form):
    """The owner's remark."""

    note = forms.CharField(
        label="Uwagi",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Co postanowiono: co unieważnić, komu odebrać prawa. Trafi do śladu i na wydruk.",
    )


@needs(Right.CREDENTIALS)
def review(request: OperatorRequest) -> HttpResponse:
    """The list of the quarter, and whether an owner has confirmed it."""
    return _page(request, ReviewForm())


@needs(Right.CREDENTIALS)
def review_file(request: OperatorRequest) -> HttpResponse:
    """The same on paper."""
    made = review_of(request.user)
    name = f"przeglad-poswiadczen-{timezone.localdate():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = review_pdf(made, confirmation_of(made.quarter))
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def review_confirm(request: OperatorRequest) -> HttpResponse:
    """Note that the list was reviewed."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    made = review_of(request.user)
    try:
        confirm(made, note=form.cleaned_data["note"], actor=request.user)
    except UserFixable as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Przegląd potwierdzony: {made.quarter}.")
    return redirect("credentials-review")


def _page(request: OperatorRequest, form: ReviewForm, *, status: int = 200) -> HttpResponse:
    made = review_of(request.user)
    facts: dict[str, Any] = {
        "review": made,
        "findings": findings(made),
        "form": form,
        "confirmed": confirmation_of(made.quarter),
        "may_confirm": may_confirm(request.user),
        "history": confirmations()[:SHOWN],
    }
    return render(request, "calls/review.html", facts, status=status)
