"""Pages of mail: the server, and what was sent, waits or failed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.mail.forms import MailServerForm
from obieg.mail.models import Letter, MailServer
from obieg.mail.outbox import queue_letter, send_again
from obieg.office.changes import record_change
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right

SHOWN = 200


@needs(Right.ADMINISTER)
def letters(request: OperatorRequest) -> HttpResponse:
    """The latest letters, failed ones first."""
    rows = Letter.objects.visible_to(request.user).select_related("client")
    state = request.GET.get("stan", "")
    if state in Letter.STATES.values:
        rows = rows.filter(state=state)
    context = {"letters": rows.order_by("-pk")[:SHOWN], "states": Letter.STATES, "state": state}
    return render(request, "mail/letters.html", context)


@needs(Right.ADMINISTER)
def server(request: OperatorRequest) -> HttpResponse:
    """The office's mail server."""
    instance = MailServer.objects.first() or MailServer()
    form = MailServerForm(request.POST or None, instance=instance)
    if form.is_valid():
        kind = "edit" if instance.pk else "create"
        form.save()
        record_change(form, thing="mail.server", kind=kind, actor=request.user)
        messages.success(request, "Zapisano serwer poczty. Wyślij teraz list próbny.")
        return redirect("mail-server")
    status = 422 if form.errors else 200
    return render(request, "mail/server.html", {"form": form}, status=status)


@needs(Right.ADMINISTER)
@require_POST
def trial(request: OperatorRequest) -> HttpResponse:
    """A letter to the sender's own address, to see that it works."""
    sender = MailServer.objects.values_list("sender", flat=True).first()
    if sender is None:
        messages.error(request, "Najpierw podaj serwer poczty.")
        return redirect("mail-server")
    moment = timezone.localtime()
    queue_letter(
        occasion=f"trial-{moment:%Y%m%d%H%M%S%f}",
        recipients=[sender],
        subject="Obieg: list próbny",
        text=f"Poczta Obiegu działa. Wysłał: {request.user.name}, {moment:%d.%m.%Y %H:%M}.",
        actor=request.user,
    )
    messages.success(request, f"List próbny do {sender} czeka w kolejce; wynik jest na liście.")
    return redirect("mail-letters")


@needs(Right.ADMINISTER)
@require_POST
def again(request: OperatorRequest, letter_id: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=letter_id)
    send_again(letter, actor=request.user)
    messages.success(request, "List czeka na ponowną wysyłkę.")
    return redirect("mail-letters")
