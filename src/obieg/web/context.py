"""What every page's frame needs."""

from dataclasses import dataclass

from django.http import HttpRequest

from obieg.office.models import Operator
from obieg.office.proof import is_waived
from obieg.office.rights import Right
from obieg.web.demo_loading import loading

THEMES = ("light", "dark")
NOUNS = (
    "tokens",
    "base",
    "frame",
    "forms",
    "tables",
    "queue",
    "dekret",
    "invoice",
    "pages",
    "books",
    "sales",
    "print",
)
STYLE_SHEETS = [f"obieg/{noun}.css" for noun in NOUNS]


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the bar; `url_name` begins the names of every page that belongs to it."""

    url_name: str
    label: str
    current: bool = False


PLACES = (
    ("today", "Dziś"),
    ("queue", "Kolejka"),
    ("purchases", "Zakupy"),
    ("sales", "Sprzedaż"),
    ("clients", "Klienci"),
    ("books", "Rejestry"),
    ("exports", "Eksport"),
    ("watch", "Nadzór"),
)
ELSEWHERE = {"credentials": "clients", "audit": "watch"}  # pages that belong to another's place


def navigation(request: HttpRequest) -> dict[str, object]:
    """The places of the bar, the current one marked; the chosen look; our style sheets."""
    return {
        "places": [Place(name, label, name == _place_of(request)) for name, label in PLACES],
        "theme": chosen_theme(request),
        "may": _rights_of(request),
        "is_demo": is_waived(),
        "demo_loading": loading,  # asked only by the frame
        "style_sheets": STYLE_SHEETS,
    }


def _rights_of(request: HttpRequest) -> dict[str, bool]:
    """What the operator may do, for what a page offers; the views themselves check again."""
    operator = getattr(request, "user", None)
    return {r.value: isinstance(operator, Operator) and operator.may(r) for r in Right}


def chosen_theme(request: HttpRequest) -> str:
    """`light` or `dark` where the operator chose one; empty to follow the system."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""


def _place_of(request: HttpRequest) -> str:
    match = request.resolver_match
    noun = (match.url_name or "").partition("-")[0] if match else ""
    return ELSEWHERE.get(noun, noun)
