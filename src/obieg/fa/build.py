"""From the `Invoice` to the bytes of an FA(3) document: what `parse` reads, this writes."""

from typing import Any

from lxml import etree

from obieg.core.errors import UserFixable
from obieg.fa.document import NAMESPACES
from obieg.fa.model import Invoice, RateSum
from obieg.fa.rates import SUM_BY_FIELD
from obieg.fa.shape import INLINE, SUM_ROWS, Field, fields_of

_SYSTEM_CODES = {"FA(3)": "FA (3)", "FA(2)": "FA (2)"}
_OPTIONAL_TAX = "P_14_5"  # the only P_14_x that a group may leave out


class UnwritableText(UserFixable):
    """A text holds characters that XML cannot carry; `field` is the element's name."""

    code = "fa.unwritable_text"
    message_pl = "Pole {field} zawiera niedozwolone znaki sterujące. Wpisz tekst od nowa."


class UnknownElements(UserFixable):
    """The record holds values that the schema has no place for; `fields` are their paths."""

    code = "fa.unknown_elements"
    message_pl = (
        "Faktura ma dane, których wzór FA nie przewiduje: {fields}. Usuń je albo wyślij plik XML "
        "bez zmian."
    )


def build(invoice: Invoice) -> bytes:
    """The document of `invoice`: UTF-8, no byte order mark, no white space between elements.

    `parse(build(invoice)) == invoice` for texts without runs of white space. Whether the document
    is right is for `check_schema` and `check` to say. Raises `UnwritableText`, and
    `UnknownElements` where `invoice.rest` holds what would be lost: clear it to leave that out.
    """
    if invoice.rest:
        raise UnknownElements(fields=", ".join(leaf.path for leaf in invoice.rest))
    namespace = NAMESPACES[invoice.schema]
    prefixes: dict[Any, str] = {None: namespace}  # the stubs allow no default namespace
    root = etree.Element(f"{{{namespace}}}Faktura", nsmap=prefixes)
    _write(root, invoice, namespace)
    form = root.find(f"{{{namespace}}}Naglowek/{{{namespace}}}KodFormularza")
    if form is not None:
        form.set("kodSystemowy", _SYSTEM_CODES[invoice.schema])
        form.set("wersjaSchemy", "1-0E")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _write(parent: etree._Element, record: Any, namespace: str) -> None:
    """The fields of `record` as children of `parent`; groups are opened when first needed."""
    groups: dict[tuple[str, ...], etree._Element] = {(): parent}
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        if _says_nothing(value, field):
            continue
        inside = field.path if field.is_spread else field.path[:-1]
        _write_field(_open(groups, inside, namespace), field, value, namespace)


def _says_nothing(value: Any, field: Field) -> bool:
    if value is None or value == "" or value == ():
        return True
    return value == field.default and (value is False or field.record is not None)


def _open(
    groups: dict[tuple[str, ...], etree._Element], path: tuple[str, ...], namespace: str
) -> etree._Element:
    """The element of a group that is no record of its own, made where it is not yet there."""
    if path not in groups:
        parent = _open(groups, path[:-1], namespace)
        groups[path] = etree.SubElement(parent, f"{{{namespace}}}{path[-1]}")
    return groups[path]


def _write_field(parent: etree._Element, field: Field, value: Any, namespace: str) -> None:
    if field.mark is SUM_ROWS:
        for group in value:
            _write_sum(parent, group, namespace)
    elif field.mark is INLINE:
        _write(parent, value, namespace)
    elif field.path[-1].startswith("@"):
        parent.set(field.path[-1][1:], value)
    else:
        for one in value if field.many else (value,):
            _write_one(parent, field, one, namespace)


def _write_one(parent: etree._Element, field: Field, value: Any, namespace: str) -> None:
    element = etree.SubElement(parent, f"{{{namespace}}}{field.path[-1]}")
    if field.codec is None:
        _write(element, value, namespace)
        return
    try:
        element.text = field.codec.write(value)
    except ValueError as error:
        raise UnwritableText(field=field.path[-1]) from error


def _write_sum(parent: etree._Element, group: RateSum, namespace: str) -> None:
    fields = SUM_BY_FIELD[group.field]
    taxed = bool(fields.tax) and (fields.tax != _OPTIONAL_TAX or bool(group.tax))
    cells = (
        (fields.net, group.net),
        (fields.tax, group.tax if taxed else None),
        (fields.tax_pln, group.tax_pln if fields.tax_pln else None),
    )
    for name, amount in cells:
        if amount is not None:
            etree.SubElement(parent, f"{{{namespace}}}{name}").text = format(amount, "f")
