"""The questions about a line, one after another: account, tax, cost centre, project."""

from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked, and the kinds of signs whose lines may answer it."""

    name: str
    answers: Callable[[Sequence[Row], Codes], list[object]]
    single: tuple[str, ...]  # of lines with the account that was chosen
    many: tuple[str, ...]
    anywhere_single: tuple[str, ...] = ()  # of lines with any account
    anywhere_many: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds of signs that vote, in their order."""
        return (*self.single, *self.many, *self.anywhere_single, *self.anywhere_many)

    def answer(self, row: Row) -> object:
        """As the line was posted, codes as they stand."""
        return self.answers([row], {})[0]


def _accounts(rows: Sequence[Row], _: Codes) -> list[object]:
    return [row.treatment.account for row in rows]


def _taxes(rows: Sequence[Row], _: Codes) -> list[object]:
    return [row.treatment[1:4] for row in rows]


def _cost_centres(rows: Sequence[Row], codes: Codes) -> list[object]:
    return [
        codes.get(row.copied.get("cost_centre", ""), row.treatment.cost_centre)
        if row.copied
        else row.treatment.cost_centre
        for row in rows
    ]


def _projects(rows: Sequence[Row], codes: Codes) -> list[object]:
    return [
        codes.get(row.copied.get("project", ""), row.treatment.project)
        if row.copied
        else row.treatment.project
        for row in rows
    ]


ACCOUNT = Question("account", _accounts, (), (), SINGLE, MANY)
TAX = Question(
    "tax",
    _taxes,
    (
        *("same", "same_rate", "same_ids", "seller", "seller_rate", "seller_ids"),
        *("text", "kind", "kind_rate", "unit_rate", "plated", "dear", "seller_plated"),
        *("document", "account", "account_rate", "account_plated"),
    ),
    ("id", "plate", "fact_key", "word"),
    ("same_ids", "seller_ids", "dear", "plated", "document"),
    ("plate",),
)
COST_CENTRE = Question(
    "cost_centre",
    _cost_centres,
    (
        *("same", "same_ids", "seller", "seller_ids", "seller_head", "text", "kind", "start"),
        *("plated", "document", "account", "account_plated"),
    ),
    ("id", "plate", "place", "fact", "fact_key", "word", "name", "seller_fact"),
    ("same", "same_ids", "seller", "seller_ids", "text", "kind", "document", "any_line", "all"),
    ("id", "plate", "place", "fact"),
)
PROJECT = Question(
    "project",
    _projects,
    ("same", "same_ids", "seller", "text", "kind", "document", "account"),
    ("id", "fact_key", "word"),
    ("seller", "document", "any_line", "all"),
    ("fact_key",),
)
FIELDS = (TAX, COST_CENTRE, PROJECT)
