"""An operator's own credentials: what he has, another one, its end; and others', to end them."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.calls.own.forms import OwnCertificateForm, OwnForm, OwnTokenForm
from obieg.calls.own.retiring import retire_own
from obieg.core.errors import ObiegError, UserFixable
from obieg.office.request import OperatorRequest, fresh_login, second_factor
from obieg.vault.models import Credential
from obieg.vault.own import others_credentials, own_credentials


@second_factor
@fresh_login
def own(request: OperatorRequest) -> HttpResponse:
    """His own credentials, and those of others that he may end."""
    return _page(request)


@require_POST
@second_factor
@fresh_login
def token_add(request: OperatorRequest) -> HttpResponse:
    """Keep a token of his."""
    form = OwnTokenForm(request.POST, operator=request.user)
    return _kept(request, form) or _page(request, token_form=form, status=422)


@require_POST
@second_factor
@fresh_login
def certificate_add(request: OperatorRequest) -> HttpResponse:
    """Keep a certificate or a signature of his."""
    form = OwnCertificateForm(request.POST, request.FILES, operator=request.user)
    return _kept(request, form) or _page(request, certificate_form=form, status=422)


@require_POST
@second_factor
@fresh_login
def retire(request: OperatorRequest, credential_id: int) -> HttpResponse:
    """Take one out of use and destroy it: his own, or another's with the right to."""
    user = request.user
    seen = Q(pk__in=own_credentials(user)) | Q(pk__in=others_credentials(user))
    rows = Credential.objects.across_clients().filter(seen).select_related("client", "operator")
    credential = get_object_or_404(rows, pk=credential_id)
    try:
        said = retire_own(credential, in_ksef="tylko-tutaj" not in request.POST, actor=user)
    except ObiegError as error:
        return _page(request, error=error, status=422)
    messages.success(request, f"Zniszczono w sejfie „{credential.label}”; {said}.")
    return redirect("own-credentials")


def _kept(request: OperatorRequest, form: OwnForm) -> HttpResponse | None:
    """Back to the page once it is in the vault; otherwise the form says why not."""
    if not form.is_valid():
        return None
    try:
        form.keep()
    except UserFixable as error:
        form.add_error(None, f"{error} (kod {error.code})")
        return None
    messages.success(request, "Zapisano w sejfie. Od teraz idzie nim to, co robisz ręcznie.")
    return redirect("own-credentials")


def _page(request: OperatorRequest, *, status: int = 200, **more: object) -> HttpResponse:
    facts = {
        "rows": own_credentials(request.user),
        "others": others_credentials(request.user),
        "token_form": OwnTokenForm(operator=request.user),
        "certificate_form": OwnCertificateForm(operator=request.user),
    }
    return render(request, "calls/own.html", {**facts, **more}, status=status)
