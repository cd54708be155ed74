"""Repeated rows of a form: as many as were sent, in the order of the page, blank ones left out."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from obieg.sales.forms.boxes import hidden
from obieg.sales.forms.parts import Nested, flatten, nest

FRESH = "__nr__"  # in the names of the row that the page copies


class RowForm(forms.Form):
    """One row. `SETTINGS` are fields whose value alone does not make a row.

    What the part holds and the form has no field for travels along in `rest`.
    """

    SETTINGS: ClassVar[frozenset[str]] = frozenset()
    use_required_attribute = False
    is_spare = False  # there to be typed into

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rest"] = hidden()
        for field in self.fields.values():
            if field.label:
                field.widget.attrs.setdefault("aria-label", field.label)

    @classmethod
    def initial_of(cls, part: Nested) -> Nested:
        """The values of the fields for a part of the content, dumped."""
        flat = flatten(part)
        rest = {name: v for name, v in flat.items() if name not in cls.base_fields and v}
        return flat | {"rest": json.dumps(rest, default=str) if rest else ""}

    def part(self) -> Nested:
        """The part of the content, as far as it could be read."""
        read = dict(self.cleaned_data)
        rest = read.pop("rest", "")
        return nest(read, nest(_json(rest)))

    def is_blank(self) -> bool:
        """Whether nothing was typed in the row."""
        return not any(
            self.typed(name) for name in self.fields if name not in self.SETTINGS and name != "rest"
        )

    def typed(self, name: str) -> str:
        value = self[name].data if self.is_bound else self.initial.get(name)
        return "" if value in (None, False) else str(value).strip()

    def field_of(self, name: str) -> str:
        """The field that shows the content's `name`."""
        return name

    def blame(self, way: tuple[str, ...], text: str) -> None:
        """Put a fault at the field of the content's `way`, else at the first one; one a field."""
        names = ("__".join(way), way[0] if way else "")
        found = (self.field_of(name) for name in names)
        name = next((name for name in found if name in self.fields), next(iter(self.fields)))
        if not self.has_error(name):
            self.add_error(name, text)


class Rows:
    """The rows under one name; `kept` are those that hold something."""

    def __init__(
        self,
        form: type[RowForm],
        name: str,
        *,
        data: Mapping[str, Any] | None = None,
        parts: Sequence[Nested] = (),
        spare: int = 1,
        fresh: Nested | None = None,
    ) -> None:
        self.form, self.name, self.start = form, name, fresh or {}
        self.rows = list(self._sent(data)) if data is not None else list(self._stored(parts))
        self.kept = [row for row in self.rows if not row.is_blank()]
        self.spare = spare

    def _sent(self, data: Mapping[str, Any]) -> Iterator[RowForm]:
        pattern = re.compile(rf"{self.name}-(\d+)-")
        found = dict.fromkeys(match[1] for key in data if (match := pattern.match(key)))
        for number in found:
            yield self.form(data, prefix=f"{self.name}-{number}")

    def _stored(self, parts: Sequence[Nested]) -> Iterator[RowForm]:
        for number, part in enumerate(parts):
            initial = self.form.initial_of(part)
            yield self.form(initial=initial, prefix=f"{self.name}-{number}")

    def __iter__(self) -> Iterator[RowForm]:
        """The rows that hold something, and the spare ones to type into."""
        yield from self.kept
        first = self._next_number()
        for number in range(first, first + self.spare):
            row = self._fresh(str(number))
            row.is_spare = True
            yield row

    def fresh(self) -> RowForm:
        """The row that the page copies when one more is wanted."""
        return self._fresh(FRESH)

    def _fresh(self, number: str) -> RowForm:
        return self.form(initial=self.start, prefix=f"{self.name}-{number}")

    def _next_number(self) -> int:
        prefixes = (row.prefix or "" for row in self.kept)
        return max((int(prefix.rpartition("-")[2]) for prefix in prefixes), default=-1) + 1

    def are_valid(self) -> bool:
        return not [row for row in self.kept if not row.is_valid()]  # each is asked

    def parts(self) -> list[Nested]:
        """The content of the rows, as far as it could be read; `are_valid` was called."""
        return [row.part() for row in self.kept]


def _json(text: str) -> Nested:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
