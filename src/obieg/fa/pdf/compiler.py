"""The typesetter: typst with our templates and fonts, one compiler for each thread."""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from obieg.fa.pdf.letters import SUBSTITUTED, WHOLE_IN_XML, legible

TEMPLATES = Path(str(files("obieg.fa.pdf") / "templates"))
STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
UNDATED: "list[typst.PDFStandard]" = ["ua-1"]  # PDF/A asks for a date

Data = Mapping[str, Any]


class _Own(threading.local):
    """A compiler refuses a second thread while it works; each thread has its own, fonts shared."""

    def __init__(self) -> None:
        self.compiler = typst.Compiler(
            TEMPLATES / "invoice.typ",
            root=TEMPLATES,
            font_paths=fonts(),
            ignore_system_fonts=True,
        )


@cache
def fonts() -> typst.Fonts:
    """Lato, and typst's own for the letters that Lato lacks; never the machine's."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(files("font_lato") / "files")],
    )


_own = _Own()


def typeset(
    template: str, data: Data, *, at: datetime | None, xml: bytes | None, logo: str = ""
) -> bytes:
    """PDF/A-3a of `data` by `template`, with `xml` attached; the same input gives the same bytes.

    All that users wrote travels as data, never as markup. `at` (aware) is the document's date,
    without which it is no PDF/A; `logo` a JSON array of bytes. Letters that no font has are
    replaced by a visible sign, and the document says so: a PDF/A without the glyphs of its text is
    not valid.
    """
    inputs = {"xml": "" if xml is None else xml.decode(), "logo": logo}
    try:
        return _compile(template, inputs | {"data": _json(data)}, at)
    except typst.TypstError:
        said = {"substituted": SUBSTITUTED if xml is None else f"{SUBSTITUTED} {WHOLE_IN_XML}"}
        replaced = legible(data) | said
        if replaced == {**data, **said}:
            raise
        return _compile(template, inputs | {"data": _json(replaced)}, at)


def draws(logo: str) -> None:
    """Raises typst's error unless `logo` (a JSON array of bytes) is a picture it can draw."""
    _compile("logo.typ", {"logo": logo}, datetime.fromtimestamp(0, UTC))


def _compile(template: str, inputs: dict[str, str], at: datetime | None) -> bytes:
    pdf = _own.compiler.compile(
        TEMPLATES / template,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=STANDARDS if at else UNDATED,
        timestamp=int(at.timestamp()) if at else 0,
    )
    assert isinstance(pdf, bytes)  # noqa: S101 -- a list only for pictures of several pages
    return pdf


def _json(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
