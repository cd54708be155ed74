"""Zalacznik and Stopka: what stands below the invoice."""

from typing import Annotated

from obieg.fa.shape import RAW, record


@record
class BlockFact:
    """MetaDane of a block."""

    key: Annotated[str, "ZKlucz"] = ""
    value: Annotated[str, "ZWartosc"] = ""


@record
class TableFact:
    """TMetaDane of a table."""

    key: Annotated[str, "TKlucz"] = ""
    value: Annotated[str, "TWartosc"] = ""


@record
class Column:
    """Kol: its heading and the type of its cells (date, datetime, dec, int, time, txt)."""

    type: Annotated[str, "@Typ"] = ""
    name: Annotated[str, "NKom"] = ""


@record
class Row:
    """Wiersz: cells as written, empty ones kept."""

    cells: Annotated[tuple[str, ...], "WKom"] = ()


@record
class Table:
    """Tabela."""

    facts: Annotated[tuple[TableFact, ...], "TMetaDane"] = ()
    description: Annotated[str, "Opis"] = ""
    columns: Annotated[tuple[Column, ...], "TNaglowek/Kol"] = ()
    rows: Annotated[tuple[Row, ...], "Wiersz"] = ()
    totals: Annotated[tuple[str, ...], "Suma/SKom"] = ()


@record
class Block:
    """BlokDanych."""

    heading: Annotated[str, "ZNaglowek"] = ""
    facts: Annotated[tuple[BlockFact, ...], "MetaDane"] = ()
    paragraphs: Annotated[tuple[str, ...], "Tekst/Akapit"] = ()
    tables: Annotated[tuple[Table, ...], "Tabela"] = ()


@record
class Attachment:
    """Zalacznik."""

    blocks: Annotated[tuple[Block, ...], "BlokDanych"] = ()


@record
class FooterNote:
    """Informacje."""

    text: Annotated[str, "StopkaFaktury", RAW] = ""


@record
class RegisterEntry:
    """Rejestry."""

    full_name: Annotated[str, "PelnaNazwa"] = ""
    krs: Annotated[str, "KRS"] = ""
    regon: Annotated[str, "REGON"] = ""
    bdo: Annotated[str, "BDO"] = ""


@record
class Footer:
    """Stopka."""

    notes: Annotated[tuple[FooterNote, ...], "Informacje"] = ()
    registers: Annotated[tuple[RegisterEntry, ...], "Rejestry"] = ()

    @property
    def text(self) -> str:
        return "\n".join(note.text for note in self.notes if note.text)
