"""What a view is made of: ordered sections of labelled values and tables."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Value:
    """A value as the screen shows it; `path` is empty where it was computed, not read."""

    text: str
    path: str = ""  # as `Fa/FaWiersz[2]/P_11`
    hint: str = ""  # what a code means, where the text is only the code


@dataclass(frozen=True, slots=True)
class Item:
    """A label and its values; most have one. `path` is where the label itself was read from."""

    label: str
    values: tuple[Value, ...]
    path: str = ""

    @property
    def value(self) -> str:
        return ", ".join(value.text for value in self.values)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table; numbers stand to the right."""

    label: str
    numeric: bool = False
    path: str = ""  # where the heading itself comes from the document


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; None is an empty cell. `facts` stand above the table, `totals` below."""

    title: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    totals: tuple[Value | None, ...] = ()
    facts: tuple[Item, ...] = ()

    def without_empty_columns(self) -> "Table":
        """The table less the columns in which no row has a cell; every row is full length."""
        kept = [n for n in range(len(self.columns)) if any(row[n] for row in self.rows)]
        return replace(
            self,
            columns=tuple(self.columns[n] for n in kept),
            rows=tuple(tuple(row[n] for n in kept) for row in self.rows),
            totals=tuple(self.totals[n] for n in kept) if self.totals else (),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the view; `key` is a stable name for links and styles."""

    key: str
    title: str
    items: tuple[Item, ...] = ()
    tables: tuple[Table, ...] = ()
    parts: tuple["Section", ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.tables or self.parts)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the reader should know before he pays or posts."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """The whole document for reading."""

    title: str
    ksef_number: str
    warnings: tuple[Caution, ...]
    sections: tuple[Section, ...]
