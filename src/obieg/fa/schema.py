"""The check against the official XSD, compiled once, its findings in Polish."""

import re
import threading
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from obieg.fa.document import read_document
from obieg.fa.errors import UnreadableInvoice
from obieg.fa.finding import Finding, error
from obieg.fa.model import Invoice
from obieg.fa.parse import path_of
from obieg.fa.shape import fields_of
from obieg.fa.view.labels import LABELS

_FILES = {"FA(3)": "schemat_FA(3)_v1-0E.xsd", "FA(2)": "schemat_FA(2)_v1-0E.xsd"}
_ADDRESS = re.compile(rb'(?<=schemaLocation=")http://crd\.gov\.pl/[^"]*/([^/"]+)(?=")')
_one_at_a_time = threading.Lock()  # a schema's error log bears one thread


def check_schema(xml: bytes, *, schemas: Path | None = None) -> tuple[Finding, ...]:
    """Every breach of the document's own schema; what cannot be read at all is one finding.

    `schemas` is a folder with the official files (FA(2) has none in the product and without it
    passes unchecked); by default those of FA(3) that come with the KSeF client.
    """
    try:
        root, schema = read_document(xml)
    except UnreadableInvoice as unreadable:
        return (error(unreadable.code, "", str(unreadable)),)
    folder = schemas or _installed()
    with _one_at_a_time:
        validator = _validator(folder, schema)
        if validator is None or validator.validate(root):
            return ()
        return tuple(_findings(validator, root))


@cache
def _installed() -> Path:
    """The folder of the FA(3) schemas inside the installed ksef-client; nothing is imported."""
    spec = find_spec("ksef_client")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name="ksef_client")
    return Path(spec.submodule_search_locations[0], "documents", "fa3", "schemas")


@cache
def _validator(folder: Path, schema: str) -> etree.XMLSchema | None:
    file = folder / _FILES[schema]
    return _compile(file) if file.is_file() else None


def _compile(file: Path) -> etree.XMLSchema:
    """The schemas import each other by http://crd.gov.pl/ addresses: files beside are meant.

    Copies with plain file names are compiled, because lxml's resolvers are global to the process
    and another thread's work would take them away.
    """
    with TemporaryDirectory() as folder:
        for source in file.parent.rglob("*.xsd"):
            text = _ADDRESS.sub(rb"\1", source.read_bytes())
            Path(folder, source.name).write_bytes(text)
        return etree.XMLSchema(etree.parse(str(Path(folder, file.name))))


def _findings(validator: etree.XMLSchema, root: etree._Element) -> Iterator[Finding]:
    """One finding for each place: libxml2 repeats a facet's breach as a breach of the type."""
    seen = set()
    for place in _missing(root):
        seen.add(place)
        yield error("fa.xsd.missing", place, f"Brakuje obowiązkowego pola {_named(place)}.")
    log: Any = validator.error_log  # iterable, which the stubs do not say
    for entry in log:
        element = _element(root, entry.path)
        place = path_of(element) if element is not None else ""
        if place not in seen:
            seen.add(place)
            code, text = _explain(entry.type_name, entry.message, place)
            yield error(code, place, text)


def _element(root: etree._Element, path: str | None) -> etree._Element | None:
    found: Any = root.xpath(path) if path else None
    return found[0] if found else None


def _missing(root: etree._Element) -> Iterator[str]:
    """The fields that every invoice has and this one lacks: libxml2 only points behind the gap."""
    for field in fields_of(Invoice):
        path = "/".join(f"{{*}}{step}" for step in field.path)
        if field.required and root.find(path) is None:
            yield "/".join(field.path)


_NAMESPACE = re.compile(r"\{[^}]*\}")
_FACET = re.compile(r"\[facet '\w+'\] ")
_QUOTED = re.compile(r"'([^']*)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( ([^)]*?) \)")

_FACETS = {  # libxml2's name of the breach: our code and the rule broken
    "SCHEMAV_CVC_PATTERN_VALID": ("fa.xsd.pattern", "wartość „{0}” ma niedozwoloną postać"),
    "SCHEMAV_CVC_ENUMERATION_VALID": ("fa.xsd.enumeration", "„{0}” nie jest dozwolonym kodem"),
    "SCHEMAV_CVC_MINLENGTH_VALID": ("fa.xsd.too_short", "wartość jest pusta albo za krótka"),
    "SCHEMAV_CVC_MAXLENGTH_VALID": ("fa.xsd.too_long", "wartość jest za długa"),
    "SCHEMAV_CVC_LENGTH_VALID": ("fa.xsd.length", "wartość ma złą długość"),
    "SCHEMAV_CVC_MININCLUSIVE_VALID": ("fa.xsd.too_small", "„{0}” jest poniżej dozwolonych"),
    "SCHEMAV_CVC_MINEXCLUSIVE_VALID": ("fa.xsd.too_small", "„{0}” jest poniżej dozwolonych"),
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": ("fa.xsd.too_big", "„{0}” jest powyżej dozwolonych"),
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": (
        "fa.xsd.fraction_digits",
        "„{0}” ma za dużo miejsc po przecinku (dozwolone: {1})",
    ),
    "SCHEMAV_CVC_TOTALDIGITS_VALID": ("fa.xsd.total_digits", "„{0}” ma za dużo cyfr"),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": ("fa.xsd.type", "„{0}” nie jest wartością tego typu"),
    "SCHEMAV_CVC_COMPLEX_TYPE_4": ("fa.xsd.attribute_missing", "brakuje atrybutu „{0}”"),
    "SCHEMAV_CVC_ATTRIBUTE_1": ("fa.xsd.attribute", "atrybut ma niedozwoloną wartość"),
    "SCHEMAV_CVC_AU": ("fa.xsd.attribute", "atrybut ma inną wartość niż ustalona"),
}


def _explain(kind: str, message: str, place: str) -> tuple[str, str]:
    """Our code and a Polish sentence for one entry of libxml2's log."""
    message = _FACET.sub("", _NAMESPACE.sub("", message))
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        return _explain_content(message, place)
    code, rule = _FACETS.get(kind, ("fa.xsd.other", "wartość jest niezgodna ze schematem"))
    quoted = _QUOTED.findall(message.partition(": ")[2])
    what = rule.format(*quoted, "", "")
    return code, f"Pole {_named(place)}: {what}."


def _explain_content(message: str, place: str) -> tuple[str, str]:
    expected = _EXPECTED.search(message)
    names = [name.strip() for name in expected[1].split(",")] if expected else []
    listed = ", ".join(_named(name) for name in names if name and name != "##other")
    if "Missing child" in message:
        return "fa.xsd.missing", f"W elemencie {_named(place)} brakuje: {listed}."
    wanted = f" Oczekiwano: {listed}." if listed else ""
    return "fa.xsd.unexpected", f"Element {_named(place)} jest tu niedozwolony.{wanted}"


def _named(place: str) -> str:
    """An element with its label: `Fa/P_15 (Należność ogółem)`."""
    element = place.rpartition("/")[2].partition("[")[0]
    label = LABELS.get(element)
    return f"{place} ({label})" if label and label != element else place or "Faktura"
