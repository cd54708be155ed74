"""The questions about a line, one after another: account, tax, cost centre, project."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from obieg.posting.learning.memory import Row

Codes = Mapping[str, str]  # that the document holds, by form

SINGLE = (
    *("same", "same_rate", "same_ids", "seller", "seller_head", "seller_rate", "seller_ids"),
    *("seller_kind", "seller_plated", "text", "start", "kind", "kind_rate", "trade", "trade_kind"),
    *("unit_rate", "dear", "plated", "currency", "document", "any_line"),
)
MANY = (
    *("word", "seller_word", "pair", "name", "id", "fact", "fact_key", "code", "kinds", "trades"),
    *("kind_id", "plate", "kind_plate"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the kinds of signs whose lines may answer it."""

    name: str
    answer: Callable[[Row, Codes], object]
    single: tuple[str, ...]  # of lines with the account that was chosen
    many: tuple[str, ...]
    anywhere_single: tuple[str, ...] = ()  # of lines with any account
    anywhere_many: tuple[str, ...] = ()


def _account(row: Row, _: Codes) -> object:
    return row.treatment.account


def _tax(row: Row, _: Codes) -> object:
    return row.treatment[1:4]


def _cost_centre(row: Row, codes: Codes) -> object:
    return codes.get(row.copied.get("cost_centre", ""), row.treatment.cost_centre)


def _project(row: Row, codes: Codes) -> object:
    return codes.get(row.copied.get("project", ""), row.treatment.project)


ACCOUNT = Question("account", _account, (), (), SINGLE, MANY)
TAX = Question(
    "tax",
    _tax,
    (
        *("same", "same_rate", "same_ids", "seller", "seller_rate", "seller_ids"),
        *("text", "kind", "kind_rate", "unit_rate", "plated", "dear", "seller_plated"),
        *("document", "account", "account_rate", "account_plated"),
    ),
    ("id", "plate", "fact", "fact_key", "word", "name", "seller_fact"),
    ("same_ids", "seller_ids", "dear", "plated", "document", "all"),
    ("id", "plate", "fact"),
)
COST_CENTRE = Question(
    "cost_centre",
    _cost_centre,
    (
        *("same", "same_ids", "seller", "seller_ids", "seller_head", "text", "kind", "start"),
        *("plated", "document", "account", "account_plated"),
    ),
    ("id", "plate", "place", "fact", "fact_key", "word", "name", "seller_fact"),
    ("same", "same_ids", "seller", "seller_ids", "text", "kind", "document", "any_line", "all"),
    ("id", "plate", "place", "fact", "seller_fact", "word"),
)
PROJECT = Question(
    "project",
    _project,
    (
        *("same", "same_ids", "seller", "seller_ids", "text", "kind", "start"),
        *("document", "account"),
    ),
    ("id", "fact", "fact_key", "word", "name", "seller_fact"),
    ("same", "seller", "seller_ids", "text", "kind", "document", "any_line", "all"),
    ("id", "fact_key", "place", "word"),
)
FIELDS = (TAX, COST_CENTRE, PROJECT)
