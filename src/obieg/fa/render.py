"""A view as semantic HTML and as plain text."""

from collections.abc import Iterator
from html import escape

from obieg.fa.view import Heading, Item, Section, Table, Value, View

_WIDTH = 72  # characters of a rule in plain text
_COLUMN = 4  # values of an item that stand below each other; more run on in a wide item


def to_html(view: View) -> str:
    """A fragment for a page: escaped, without styles or scripts, class names prefixed `fa-`."""
    return "\n".join(_html(view))


def _html(view: View) -> Iterator[str]:
    yield '<article class="fa-invoice">'
    yield f'<h2 class="fa-title">{escape(view.title)}</h2>'
    if view.warnings:
        yield '<ul class="fa-warnings">'
        for caution in view.warnings:
            yield f'<li class="fa-warning" data-code="{caution.code}">{escape(caution.text)}</li>'
        yield "</ul>"
    for section in view.sections:
        yield from _html_section(section, 3)
    yield "</article>"


def _html_section(section: Section, level: int) -> Iterator[str]:
    yield f'<section class="fa-section fa-{escape(section.key)}">'
    yield f"<h{level}>{escape(section.title)}</h{level}>"
    yield from _html_items(section.items)
    for table in section.tables:
        yield from _html_items(table.facts)
        yield from _html_table(table)
    for part in section.parts:
        yield from _html_section(part, min(level + 1, 6))
    yield "</section>"


def _html_items(items: tuple[Item, ...]) -> Iterator[str]:
    if not items:
        return
    yield '<dl class="fa-items">'
    for item in items:
        values = "".join(f"<dd>{_html_text(value)}</dd>" for value in item.values)
        wide = ' class="fa-wide"' if len(item.values) > _COLUMN else ""
        yield f"<div{wide}><dt>{escape(item.label)}</dt>{values}</div>"
    yield "</dl>"


def _html_table(table: Table) -> Iterator[str]:
    yield '<div class="fa-scroll"><table class="fa-table">'
    if table.title:
        yield f"<caption>{escape(table.title)}</caption>"
    yield "<thead><tr>"
    for column in table.columns:
        yield f'<th scope="col"{_html_class(column)}>{escape(column.label)}</th>'
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{_html_cells(table, row)}</tr>"
    yield "</tbody>"
    if table.totals:
        yield f"<tfoot><tr>{_html_cells(table, table.totals)}</tr></tfoot>"
    yield "</table></div>"


def _html_cells(table: Table, row: tuple[Value | None, ...]) -> str:
    classes = [_html_class(column) for column in table.columns]
    classes += [""] * (len(row) - len(classes))
    return "".join(
        f"<td{name}>{_html_text(value) if value else ''}</td>"
        for name, value in zip(classes, row, strict=False)
    )


def _html_class(column: Heading) -> str:
    return ' class="fa-number"' if column.numeric else ""


def _html_text(value: Value) -> str:
    text = escape(value.text).replace("\n", "<br>")
    return f'<abbr title="{escape(value.hint)}">{text}</abbr>' if value.hint else text


def to_text(view: View) -> str:
    """The view for a terminal or a plain file."""
    return "\n".join(_text(view)) + "\n"


def _text(view: View) -> Iterator[str]:
    yield view.title
    yield "═" * _WIDTH
    for caution in view.warnings:
        yield f"! {caution.text}"
    for section in view.sections:
        yield from _text_section(section, "")


def _text_section(section: Section, indent: str) -> Iterator[str]:
    yield ""
    yield f"{indent}{section.title}"
    yield indent + "─" * (_WIDTH - len(indent))
    yield from _text_items(section.items, indent)
    for table in section.tables:
        yield from _text_items(table.facts, indent)
        yield from _text_table(table, indent)
    for part in section.parts:
        yield from _text_section(part, f"{indent}  ")


def _text_items(items: tuple[Item, ...], indent: str) -> Iterator[str]:
    width = max((len(item.label) for item in items), default=0)
    for item in items:
        first, *others = item.value.split("\n")
        yield f"{indent}{item.label:<{width}}  {first}".rstrip()
        for line in others:
            yield f"{indent}{'':<{width}}  {line}".rstrip()


def _text_table(table: Table, indent: str) -> Iterator[str]:
    if table.title:
        yield f"{indent}{table.title}:"
    heads = [column.label for column in table.columns]
    rows = [[_flat(cell) for cell in row] for row in table.rows]
    totals = [[_flat(cell) for cell in table.totals]] if table.totals else []
    widths = _widths([heads, *rows, *totals])
    numeric = [column.numeric for column in table.columns]
    for row in (heads, *rows, *totals):
        yield (indent + _text_row(row, widths, numeric)).rstrip()


def _widths(rows: list[list[str]]) -> list[int]:
    columns = max(map(len, rows))
    padded = ([*row, *[""] * (columns - len(row))] for row in rows)
    return [max(map(len, column)) for column in zip(*padded, strict=True)]


def _text_row(row: list[str], widths: list[int], numeric: list[bool]) -> str:
    right = [*numeric, *[False] * (len(row) - len(numeric))]
    return "  ".join(
        text.rjust(width) if is_number else text.ljust(width)
        for text, width, is_number in zip(row, widths, right, strict=False)
    )


def _flat(cell: Value | None) -> str:
    return " ".join(cell.text.split("\n")) if cell else ""
