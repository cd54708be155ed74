"""The page of an operator's keys of the API."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.office.models import Event
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.api.forms import KeyForm
from obieg.sales.models import ApiToken


@needs(Right.ISSUE)
def keys(request: OperatorRequest) -> HttpResponse:
    """The operator's own keys; a new one's text is shown on this one answer and never again."""
    form = KeyForm(request.POST or None, operator=request.user)
    text = ""
    if form.is_valid():
        text = _issue(form, request)
        form = KeyForm(operator=request.user)
    own = ApiToken.objects.filter(operator=request.user).select_related("client")
    context = {"form": form, "keys": own, "text": text}
    response = render(request, "sales/api_keys.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _issue(form: KeyForm, request: OperatorRequest) -> str:
    with transaction.atomic():
        key, text = ApiToken.issue(request.user, **form.cleaned_data)
        _note(key, request, "create")
    return text


@needs(Right.ISSUE)
@require_POST
def revoke(request: OperatorRequest, key_id: int) -> HttpResponse:
    own = ApiToken.objects.filter(operator=request.user, revoked_at__isnull=True)
    key = get_object_or_404(own, pk=key_id)
    with transaction.atomic():
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        _note(key, request, "revoke")
    messages.success(request, f"Klucz „{key.name}” już nie działa.")
    return redirect("sales-api-keys")


def _note(key: ApiToken, request: OperatorRequest, kind: str) -> None:
    Event.objects.create(
        client=key.client,
        thing="sales.api_token",
        thing_id=key.pk,
        actor=request.user,
        kind=kind,
        after={"name": key.name, "shown": key.shown},
    )
