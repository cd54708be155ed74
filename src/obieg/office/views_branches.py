"""Pages of branches: taking one on, and what KSeF knows a client by."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from obieg.core.errors import UserFixable
from obieg.office.branch_forms import BranchForm, IdentityForm
from obieg.office.branches import add_branch, change_identity, locks_of
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right


@needs(Right.ADMINISTER)
def branch_add(request: OperatorRequest, client_id: int) -> HttpResponse:
    """A new branch of the client; the next thing is its access to KSeF, on its page."""
    heads = Client.objects.visible_to(request.user).filter(branch_of=None)
    head = get_object_or_404(heads, pk=client_id)
    form = BranchForm(request.POST or None, head=head)
    if form.is_valid():
        branch = add_branch(form.branch(), inherited=form.inherits(), actor=request.user)
        messages.success(request, f"Dodano: {branch.name}. Sprawdź teraz dostęp do KSeF.")
        return redirect("clients-page", branch.pk)
    status = 422 if form.is_bound else 200
    return render(request, "office/branch_form.html", {"form": form, "head": head}, status=status)


@needs(Right.ADMINISTER)
@fresh_login
def identity(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The NIP or identifier of a client, while nothing hangs on it."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    form = _form(request, client)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            change_identity(
                client, nip=said["nip"], internal_id=said["internal_id"], actor=request.user
            )
        except UserFixable as error:
            form.add_error(None, f"{error} (kod {error.code})")
        else:
            messages.success(request, "Zmieniono. Synchronizacja zaczyna się od nowa.")
            return redirect("clients-page", client.pk)
    facts = {"form": form, "client": client, "locks": locks_of(client)}
    return render(request, "office/identity.html", facts, status=status)


def _form(request: OperatorRequest, client: Client) -> IdentityForm:
    start = {"nip": client.nip, "internal_id": client.internal_id}
    form = IdentityForm(
        request.POST or None, initial=start, head=client.branch_of, kind=client.unit_kind
    )
    del form.fields["nip" if client.internal_id else "internal_id"]
    return form
