"""Pages of a client's KSeF tokens: a new one, those that KSeF knows, and their end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.calls.tokens import asking, following
from obieg.calls.tokens.forms import TokenForm
from obieg.calls.tokens.listing import read_list
from obieg.calls.views import client_of
from obieg.core.errors import ObiegError
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
from obieg.vault.choice import choice_of
from obieg.vault.credentials import TOKENS_END
from obieg.vault.models import CredentialKind, TokenRequest
from obieg.vault.states import TokenState

SHOWN = 10


@needs(Right.CREDENTIALS)
@fresh_login
def tokens(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What was asked for so far, and the form of another one."""
    return _page(request, client_of(request, client_id))


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def generate(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Ask KSeF for a token; one for another program is shown in this answer and never again."""
    client = client_of(request, client_id)
    form = TokenForm(request.POST, client=client)
    if not form.is_valid():
        return _page(request, client, form=form, status=422)
    try:
        made = asking.generate(client, form.wish(), actor=request.user)
    except ObiegError as error:
        again = TokenForm(client=client, typed=form.cleaned_data)
        return _page(request, client, form=again, error=error, status=422)
    if made.token is None:
        messages.success(request, "Token jest w sejfie. Zacznie działać, gdy KSeF go aktywuje.")
        return redirect("clients-tokens", client.pk)
    response = _page(request, client, made=made)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def read(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Ask KSeF which tokens there are, a page at a time."""
    client = client_of(request, client_id)
    try:
        listed = read_list(client, actor=request.user, after=request.POST.get("dalej", ""))
    except ObiegError as error:
        return _page(request, client, error=error, status=422)
    return _page(request, client, listed=listed)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def revoke(request: OperatorRequest, client_id: int) -> HttpResponse:
    """End one token in KSeF for good."""
    client = client_of(request, client_id)
    reference = request.POST.get("numer", "")
    try:
        asking.revoke(client, reference, actor=request.user)
    except ObiegError as error:
        return _page(request, client, error=error, status=422)
    messages.success(request, f"Unieważniono w KSeF token {reference}.")
    return redirect("clients-tokens", client.pk)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def search(request: OperatorRequest, request_id: int) -> HttpResponse:
    """Look for a token whose answer was lost."""
    rows = TokenRequest.objects.visible_to(request.user).select_related("client")
    asked = get_object_or_404(rows, pk=request_id)
    client = asked.client
    try:
        found = following.search(asked, actor=request.user)
    except ObiegError as error:
        return _page(request, client, error=error, status=422)
    messages.info(request, f"„{found.description}”: {found.get_state_display()}.")
    return redirect("clients-tokens", client.pk)


def _page(
    request: OperatorRequest, client: Client, *, status: int = 200, **more: Any
) -> HttpResponse:
    own = choice_of(client).own
    asked = TokenRequest.objects.of_client(client).select_related("asked_by")
    facts = {
        "client": client,
        "form": TokenForm(client=client),
        "asked": asked.order_by("-pk")[:SHOWN],
        "asking": TokenState.ASKING,
        "has_certificate": own is not None and own.kind == CredentialKind.CERTIFICATE,
        "is_over": timezone.now() >= TOKENS_END,
        "days_left": max((TOKENS_END - timezone.now()).days, 0),
    }
    return render(request, "calls/tokens.html", {**facts, **more}, status=status)
