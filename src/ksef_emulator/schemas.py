"""Schemas of invoices: found on disk, compiled once, imports resolved to local files."""

import importlib.util
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree


@dataclass(frozen=True)
class Form:
    """A form of invoice that KSeF takes (`formCode`)."""

    system_code: str
    schema_version: str
    value: str
    namespace: str
    root: str
    file: str  # below the folder of schemas

    def as_json(self) -> dict[str, str]:
        """The specification's FormCode."""
        return {
            "systemCode": self.system_code,
            "schemaVersion": self.schema_version,
            "value": self.value,
        }


FA3_NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"
FA2_NAMESPACE = "http://crd.gov.pl/wzor/2023/06/29/12648/"
RR_NAMESPACE = "http://crd.gov.pl/wzor/2026/03/06/14189/"
UBL_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

FORMS = (
    Form("FA (3)", "1-0E", "FA", FA3_NAMESPACE, "Faktura", "FA/schemat_FA(3)_v1-0E.xsd"),
    Form("FA (2)", "1-0E", "FA", FA2_NAMESPACE, "Faktura", "FA/schemat_FA(2)_v1-0E.xsd"),
    Form("PEF (3)", "2-1", "PEF", UBL_INVOICE, "Invoice", "PEF/Schemat_PEF(3)_v2-1.xsd"),
    Form(
        "PEF_KOR (3)",
        "2-1",
        "PEF",
        UBL_CREDIT_NOTE,
        "CreditNote",
        "PEF/Schemat_PEF_KOR(3)_v2-1.xsd",
    ),
    Form("FA_RR (1)", "1-1E", "FA_RR", RR_NAMESPACE, "Faktura", "RR/schemat_FA_RR(1)_v1-1E.xsd"),
)


class SchemaMissing(Exception):
    """The schema of a form is not on this machine; the message says where it was sought."""


class Schemas:
    """Compiled schemas by form."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._compiled: dict[str, etree.XMLSchema] = {}
        self._lock = threading.Lock()

    def errors(self, form: Form, document: etree._Element, limit: int = 5) -> list[str]:
        """What the schema finds wrong, at most `limit` sentences; raises SchemaMissing."""
        schema = self._schema(form)
        with self._lock:  # an XMLSchema keeps its last errors
            if schema.validate(document):
                return []
            log: Any = schema.error_log
            return [f"Wiersz {entry.line}: {entry.message}" for entry in list(log)[:limit]]

    def _schema(self, form: Form) -> etree.XMLSchema:
        if form.system_code not in self._compiled:
            self._compiled[form.system_code] = compile_schema(self._find(form))
        return self._compiled[form.system_code]

    def _find(self, form: Form) -> Path:
        name = Path(form.file).name
        places = [self._folder / form.file, self._folder / name] if self._folder else []
        packaged = _packaged_fa3()
        if packaged is not None:
            places.append(packaged / name)
        for place in places:
            if place.is_file():
                return place
        sought = ", ".join(str(place) for place in places) or "nigdzie"
        raise SchemaMissing(
            f"Emulator nie ma schemy {form.system_code}: wskaż jej folder opcją --schemas"
            f" (szukano: {sought})."
        )


def _packaged_fa3() -> Path | None:
    """The folder of FA(3) schemas inside the installed ksef-client, without importing it."""
    spec = importlib.util.find_spec("ksef_client")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "documents" / "fa3" / "schemas"


class _LocalFiles(etree.Resolver):
    """Resolves `http://crd.gov.pl/...` to the file of the same name beside the schema."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._files = {path.name: path for path in root.rglob("*.xsd")}
        self._files |= {path.name: path for path in root.parent.rglob("bazowe/*.xsd")} | self._files

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        """The local file, or None to let the parser go on."""
        del public_id
        local = self._files.get(Path(system_url).name)
        found: Any = self  # lxml-stubs do not know the method
        return found.resolve_filename(str(local), context) if local else None


def compile_schema(path: Path) -> etree.XMLSchema:
    """The schema in `path` with its imports taken from the folder around it."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_LocalFiles(path.parent))
    return etree.XMLSchema(etree.parse(str(path), parser))
