"""Small reads from an invoice's XML."""

from lxml import etree

from ksef_emulator.invoices.document import NotAnInvoice


def simple_values(parent: etree._Element, ns: str) -> dict[str, str]:
    """Texts of the direct children that have no children of their own, by local name."""
    return {
        child.tag[len(ns) :]: (child.text or "").strip()
        for child in parent
        if isinstance(child.tag, str) and not len(child)
    }


def value_of(values: dict[str, str], name: str) -> str:
    """A value that must be there."""
    value = values.get(name)
    if not value:
        raise NotAnInvoice(f"brak pola {name}")
    return value


def needed(parent: etree._Element, tag: str) -> etree._Element:
    """A child that must be there."""
    found = parent.find(tag)
    if found is None:
        raise NotAnInvoice(f"brak elementu {etree.QName(tag).localname}")
    return found


def text(parent: etree._Element, tag: str) -> str | None:
    """The text of a child, None where there is no such child."""
    found = parent.find(tag)
    return (found.text or "").strip() if found is not None else None
