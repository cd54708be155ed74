"""The form of a whole invoice: what was typed, and as much content as can be read from it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Self

from django.forms.forms import BaseForm
from django.http import QueryDict
from pydantic import ValidationError

from obieg.office.models import Client
from obieg.sales.content import CorrectionContent, SaleContent
from obieg.sales.forms.faults import fault_text, is_missing
from obieg.sales.forms.heads import (
    AnnotationsForm,
    CorrectionForm,
    DocumentForm,
    PaymentForm,
    TermsForm,
)
from obieg.sales.forms.lists import LISTS
from obieg.sales.forms.parties import BeforeForm, BuyerForm, HeadForm
from obieg.sales.forms.parts import Nested, flatten, nest
from obieg.sales.forms.rows import RowForm, Rows

CORRECTIONS = frozenset({"KOR", "KOR_ZAL", "KOR_ROZ"})
OWN = frozenset({"keep_buyer"})  # fields of the form that are no content
TYPED = "fields"  # in what is stored of a form that could not be read whole
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "act", "confirmed", "seen"})
Row = tuple[str, RowForm]


class InvoiceForm:
    """The forms and rows of one invoice over one set of typed values.

    `base` is the content that the typed values are laid over: what has no field stays.
    """

    def __init__(
        self, client: Client, base: SaleContent, data: Mapping[str, Any] | None = None
    ) -> None:
        self.client, self.data = client, data
        self.seen = ""  # the mark of the stored draft that this form shows, see sales.keeping
        self.base: Nested = base.model_dump()
        initial = flatten(self.base)
        initial["warehouse_documents"] = ", ".join(base.warehouse_documents)
        given: dict[str, Any] = {"data": data, "initial": initial}
        self.document = DocumentForm(client=client, **given)
        self.buyer = BuyerForm(**given)
        self.annotations = AnnotationsForm(**given)
        self.payment = PaymentForm(**given)
        self.correction = CorrectionForm(**given)
        self.before = BeforeForm(**given)
        self.terms = TermsForm(**given)
        self.rows = {way: self._rows(way, initial) for way in LISTS}
        self.read: dict[str, list[RowForm]] = {}  # rows in the order of the content's

    @classmethod
    def restored(cls, client: Client, base: SaleContent, typed: Nested | None) -> Self:
        """The form as it was left: exactly what was typed where it could not be read whole."""
        if not typed or TYPED not in typed:
            return cls(client, base)
        data = QueryDict(mutable=True)
        for name, value in typed[TYPED]:
            data.appendlist(name, value)
        form = cls(client, base, data)
        form.content()
        return form

    def _rows(self, way: str, initial: Nested) -> Rows:
        kind, fresh = LISTS[way]
        parts = initial.get(way) or ()
        return Rows(kind, way, data=self.data, parts=parts, fresh=fresh)

    @property
    def heads(self) -> tuple[HeadForm, ...]:
        own = (self.document, self.buyer, self.annotations, self.payment, self.terms)
        return (*own, self.correction, self.before) if self.is_correction else own

    @property
    def kind(self) -> str:
        return str(self.document["kind"].value() or "VAT")

    @property
    def is_correction(self) -> bool:
        return self.kind in CORRECTIONS

    def content(self) -> SaleContent:
        """The content as far as it can be read; what cannot is blamed at its field."""
        return self._read[0] if self.data is not None else SaleContent.model_validate(self.base)

    def rows_of(self, way: str) -> list[RowForm]:
        """The rows behind `content()`, one for each of its items."""
        return self.read.get(way, []) if self.data is not None else self.rows[way].kept

    def is_valid(self) -> bool:
        """Whether everything typed could be read."""
        return self._read[1]

    def typed(self) -> Nested | None:
        """What to keep beside the content; None where the content holds everything."""
        if self.is_valid() or self.data is None:
            return None
        lists = self.data.lists() if isinstance(self.data, QueryDict) else ()
        return {TYPED: [[n, v] for n, values in lists if n not in NOT_TYPED for v in values]}

    @cached_property
    def _read(self) -> tuple[SaleContent, bool]:
        wrong = [form for form in self.heads if not form.is_valid()]  # every one is asked
        unread = [rows for rows in self.rows.values() if not rows.are_valid()]
        valid = not wrong and not unread
        draft = self._draft()
        kept = {way: list(rows.kept) for way, rows in self.rows.items()}
        while True:
            try:
                content = SaleContent.model_validate(draft)
            except ValidationError as error:
                valid = False
                self._leave_out(draft, kept, error)
            else:
                self.read = kept
                return content, valid

    def _draft(self) -> Nested:
        draft = self.base
        flat = {
            name: value
            for form in self.heads
            for name, value in form.cleaned_data.items()
            if name not in OWN
        }
        flat |= {
            way: rows.parts()
            for way, rows in self.rows.items()
            if self.is_correction or not way.startswith("correction__")
        }
        if self.is_correction:
            draft["correction"] = draft.get("correction") or CorrectionContent().model_dump()
        draft = nest(flat, draft)
        if self.is_correction:
            _drop_empty_parties(draft["correction"])
        else:
            draft["correction"] = None
        return draft

    def _leave_out(
        self, draft: Nested, kept: dict[str, list[RowForm]], error: ValidationError
    ) -> None:
        """Blame each fault at its field and take the value out; without it a row may be nothing."""
        dropped: set[tuple[str, int]] = set()
        for fault in error.errors():
            way, text = tuple(fault["loc"]), fault_text(fault)
            place = next((n for n, step in enumerate(way) if isinstance(step, int)), None)
            name = "__".join(str(step) for step in way[:place])
            if place is None or name not in kept:
                self._blame_head("__".join(map(str, way)), text)
                _remove(draft, way)
                continue
            index = int(way[place])
            kept[name][index].blame(tuple(map(str, way[place + 1 :])), text)
            if is_missing(fault) or len(way) > place + 2:
                dropped.add((name, index))
            else:
                _remove(draft, way)
        for name, index in sorted(dropped, reverse=True):
            _remove(draft, (*name.split("__"), index))
            del kept[name][index]

    def _blame_head(self, name: str, text: str) -> None:
        for form in self.heads:
            if name in form.fields:
                form.add_error(name, text)

    def every_row(self) -> Iterator[Row]:
        """Each kept row with the way to its list."""
        for way, rows in self.rows.items():
            for row in rows.kept:
                yield way, row

    def faults(self) -> list[tuple[str, str, str]]:
        """Everything that could not be read: id of the field, its label, the fault."""
        if self.data is None:
            return []
        self.content()
        forms: list[BaseForm] = [*self.heads, *(row for _, row in self.every_row())]
        return [
            (field.id_for_label, str(field.label), str(text))
            for form in forms
            for field in form
            for text in field.errors
        ]


def _remove(draft: Nested, way: tuple[str | int, ...]) -> None:
    inner: Any = draft
    for step in way[:-1]:
        inner = inner[step]
    if isinstance(inner, dict):
        inner.pop(way[-1], None)
    else:
        del inner[int(way[-1])]


def _drop_empty_parties(correction: Nested) -> None:
    """A party before the correction that nobody typed is none at all."""
    for name in ("buyer_before", "seller_before"):
        party = correction.get(name)
        if party and not any(
            value for key, value in flatten(party).items() if "country" not in key
        ):
            correction[name] = None
