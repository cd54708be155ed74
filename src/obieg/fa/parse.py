"""From the bytes of a received document to the `Invoice`: one pass, nothing lost."""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from obieg.core.money import ZERO
from obieg.fa.codec import AMOUNT
from obieg.fa.document import NAMESPACES, read_document
from obieg.fa.errors import MissingField, UnreadableField
from obieg.fa.model import Invoice, RateSum
from obieg.fa.rates import SUMS
from obieg.fa.shape import INLINE, SUM_ROWS, Field, Leaf, fields_of

Element = etree._Element  # noqa: SLF001 -- lxml gives its elements' type no public name
Values = dict[str, Any]
Action = Callable[[Element, Values, list[Element]], None]


def parse(xml: bytes) -> Invoice:
    """The invoice that `xml` holds: FA(3) or FA(2), whether or not its schema accepts it.

    Amounts are exactly as written. Raises a subclass of `UnreadableInvoice`.
    """
    root, schema = read_document(xml)
    leftovers: list[Element] = []
    values = _reader(Invoice, NAMESPACES[schema]).values(root, leftovers)
    values["schema"] = schema
    values["rest"] = tuple(leaf for element in leftovers for leaf in _leaves(element))
    return Invoice(**values)


class _Reader:
    """Reads one kind of record: a table from the child's tag to what is done with it."""

    __slots__ = ("attributes", "cls", "inlines", "manies", "required", "sum_rows", "table")

    def __init__(self, cls: type[Any], namespace: str) -> None:
        known = fields_of(cls)
        self.cls = cls
        self.attributes = [f for f in known if f.path[0].startswith("@")]
        self.inlines = [
            (f.name, _reader(f.record, namespace)) for f in known if f.mark is INLINE and f.record
        ]
        self.manies = [f.name for f in known if f.many and f.mark is not SUM_ROWS]
        self.required = [f for f in known if f.required]
        self.sum_rows = next((f.name for f in known if f.mark is SUM_ROWS), "")
        self.table = _table([f for f in known if f not in self.attributes], namespace, 0)

    def read(self, element: Element, leftovers: list[Element]) -> Any:
        return self.cls(**self.values(element, leftovers))

    def values(self, element: Element, leftovers: list[Element]) -> Values:
        values: Values = {}
        for field in self.attributes:
            values[field.name] = element.get(field.path[0][1:], "")
        _fill(self.table, element, values, leftovers)
        return self.finish(values)

    def finish(self, values: Values) -> Values:
        for name in self.manies:
            if name in values:
                values[name] = tuple(values[name])
        for name, reader in self.inlines:
            if name in values:
                values[name] = reader.cls(**reader.finish(values[name]))
        if self.sum_rows in values:
            values[self.sum_rows] = _rate_sums(values[self.sum_rows])
        for field in self.required:
            if field.name not in values:
                raise MissingField(path="/".join(field.path))
        return values


_READERS: dict[tuple[type[Any], str], _Reader] = {}


def _reader(cls: type[Any], namespace: str) -> _Reader:
    if (cls, namespace) not in _READERS:
        _READERS[cls, namespace] = _Reader(cls, namespace)
    return _READERS[cls, namespace]


def _fill(
    table: dict[str, Action], element: Element, values: Values, leftovers: list[Element]
) -> None:
    for child in element:
        action = table.get(child.tag)
        if action is None:
            leftovers.append(child)
        else:
            action(child, values, leftovers)


def _table(known: list[Field], namespace: str, depth: int) -> dict[str, Action]:
    """The actions of `known`, whose paths agree in their first `depth` steps."""
    table: dict[str, Action] = {}
    deeper: dict[str, list[Field]] = {}
    for field in known:
        ends_here = len(field.path) == depth
        if ends_here:
            table |= _inline(field, namespace)
        elif len(field.path) > depth + 1 or field.is_spread:
            deeper.setdefault(field.path[depth], []).append(field)
        else:
            table[f"{{{namespace}}}{field.path[depth]}"] = _action(field, namespace)
    for name, inside in deeper.items():
        tag = f"{{{namespace}}}{name}"
        table[tag] = _group(_table(inside, namespace, depth + 1), table.get(tag))
    return table


def _action(field: Field, namespace: str) -> Action:
    if field.codec:
        return _leaf_of_many(field) if field.many else _leaf(field)
    assert field.record  # noqa: S101 -- a field is a leaf or a record; mypy cannot know
    reader = _reader(field.record, namespace)
    return _record_of_many(field.name, reader) if field.many else _record(field.name, reader)


def _leaf(field: Field) -> Action:
    name, codec = field.name, field.codec
    assert codec  # noqa: S101 -- see _action
    read = codec.read

    def action(child: Element, values: Values, leftovers: list[Element]) -> None:
        text = child.text
        if name in values or len(child):
            leftovers.append(child)
        elif text:
            try:
                values[name] = read(text)
            except ValueError:
                raise _unreadable(child, codec.expected) from None

    return action


def _leaf_of_many(field: Field) -> Action:
    name, codec = field.name, field.codec
    assert codec  # noqa: S101 -- see _action

    def action(child: Element, values: Values, leftovers: list[Element]) -> None:
        if len(child):
            leftovers.append(child)
        else:
            values.setdefault(name, []).append(codec.read(child.text or ""))

    return action


def _record(name: str, reader: _Reader) -> Action:
    def action(child: Element, values: Values, leftovers: list[Element]) -> None:
        if name in values:
            leftovers.append(child)
        else:
            values[name] = reader.read(child, leftovers)

    return action


def _record_of_many(name: str, reader: _Reader) -> Action:
    def action(child: Element, values: Values, leftovers: list[Element]) -> None:
        values.setdefault(name, []).append(reader.read(child, leftovers))

    return action


def _group(table: dict[str, Action], leaf: Action | None) -> Action:
    """An element that is no record of its own; FA(2) has text where FA(3) has such a group."""

    def action(child: Element, values: Values, leftovers: list[Element]) -> None:
        if leaf and not len(child):
            leaf(child, values, leftovers)
        else:
            _fill(table, child, values, leftovers)

    return action


def _inline(field: Field, namespace: str) -> dict[str, Action]:
    """The elements of a record that has no element of its own."""
    if field.mark is SUM_ROWS:
        return {
            f"{{{namespace}}}{tag}": _sum_cell(field.name, group.net, column, tag)
            for group in SUMS
            for column, tag in (("net", group.net), ("tax", group.tax), ("tax_pln", group.tax_pln))
            if tag
        }
    assert field.record  # noqa: S101 -- see _action
    inner = _reader(field.record, namespace).table
    return {tag: _inside(field.name, action) for tag, action in inner.items()}


def _inside(name: str, action: Action) -> Action:
    def inner(child: Element, values: Values, leftovers: list[Element]) -> None:
        action(child, values.setdefault(name, {}), leftovers)

    return inner


def _sum_cell(name: str, group: str, column: str, tag: str) -> Action:
    leaf = _leaf(Field(column, (tag,), AMOUNT, None, many=False, default=None, mark=None))

    def action(child: Element, values: Values, leftovers: list[Element]) -> None:
        leaf(child, values.setdefault(name, {}).setdefault(group, {}), leftovers)

    return action


def _rate_sums(groups: dict[str, Values]) -> tuple[RateSum, ...]:
    return tuple(
        RateSum(field=fields.net, **({"net": ZERO} | groups[fields.net]))
        for fields in SUMS
        if groups.get(fields.net)
    )


def _unreadable(element: Element, expected: str) -> UnreadableField:
    return UnreadableField(
        path=path_of(element), value=(element.text or "")[:100], expected=expected
    )


def _leaves(element: Element) -> Iterator[Leaf]:
    if not len(element):
        if element.text and element.text.strip():
            yield Leaf(path=path_of(element), text=element.text.strip())
        return
    for child in element:
        yield from _leaves(child)


def path_of(element: Element) -> str:
    """Where `element` lies below the root: `Fa/FaWiersz[2]/P_11`."""
    steps = []
    while (parent := element.getparent()) is not None:
        same = parent.findall(element.tag)
        place = f"[{same.index(element) + 1}]" if len(same) > 1 else ""
        steps.append(f"{etree.QName(element).localname}{place}")
        element = parent
    return "/".join(reversed(steps))
