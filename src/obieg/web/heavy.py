"""Pages that cost the server much: an operator has a budget of them, so that others can work."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from obieg.logins import pace
from obieg.logins.errors import TooFast
from obieg.web.errors import told

# by the names of the addresses, in units of `pace.HEAVY`: about a second's work of one processor
SHEET, ARCHIVE, PDF = 4, 8, 1
COSTS = {
    "audit-sheet": SHEET,
    "credentials-sheet": SHEET,
    "documents-sheet": SHEET,
    "purchases-sheet": SHEET,
    "sales-sheet": SHEET,
    "clients-chart-export": PDF,
    "documents-pdf": PDF,
    "sales-pdf": PDF,
    "sales-upo": PDF,
    "exports-make": SHEET,
    "sales-import": SHEET,
    "clients-outside-import": SHEET,
    "clients-chart-import": SHEET,
}
# what is done with the ticked documents, by the button's name
SELECTED = {"pdf": ARCHIVE, "one-pdf": ARCHIVE, "print": SHEET, "sheet": SHEET}


class heavy_pages:  # noqa: N801 - used as a function; a class because Django asks for process_view
    """Answers 429 with Retry-After to an operator whose budget of heavy pages is spent."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        cost = cost_of(request)
        if not cost or not request.user.is_authenticated:
            return None
        try:
            pace.spend(f"heavy:{request.user.pk}", pace.HEAVY, cost=cost)
        except TooFast as error:
            answer = told(request, error, status=429)
            answer.headers["Retry-After"] = str(error.seconds)
            return answer
        return None


def cost_of(request: HttpRequest) -> int:
    """What the address costs; a form that is only shown costs nothing."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name == "sales-import" and request.method != "POST":
        return 0
    if name == "sales-selected":
        return SELECTED.get(request.POST.get("act", ""), 0)
    return COSTS.get(name, 0)
