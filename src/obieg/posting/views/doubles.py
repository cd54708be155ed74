"""Possible doubles: two documents side by side, and the answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import doubles
from obieg.posting.models import Link

SHOWN = 200


def double_list(request: OperatorRequest) -> HttpResponse:
    """Every pair that nobody has judged."""
    found = list(doubles.waiting(request.user)[:SHOWN])
    return render(request, "posting/books/doubles.html", {"links": found, "here": "doubles"})


@require_POST
@needs(Right.POST)
def double_answer(request: OperatorRequest, link_id: int) -> HttpResponse:
    """The same document, or two different ones."""
    visible = Link.objects.visible_to(request.user).filter(kind=Link.Kind.DOUBLE)
    link = get_object_or_404(visible.select_related("invoice"), pk=link_id)
    same = request.POST.get("answer") == "same"
    doubles.answer(link, same, operator=request.user)
    if same:
        messages.warning(
            request,
            f"Zapisano: {link.invoice.number} to dubel. Odrzuć go teraz, żeby nie zaksięgować "
            "drugi raz.",
        )
        return redirect("documents-one", link.invoice_id)
    messages.success(request, f"Zapisano: {link.invoice.number} to osobny dokument.")
    return redirect("books-doubles")
