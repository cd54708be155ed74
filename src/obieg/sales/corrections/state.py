"""How an invoice stands after all its corrections: rows, sums, parties."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from obieg.fa.model import Invoice as Document
from obieg.fa.parse import parse
from obieg.inbox.models import Invoice
from obieg.inbox.queries import xml_of as received_xml
from obieg.office.models import Client
from obieg.sales.amounts import value_of
from obieg.sales.compose import content_of
from obieg.sales.composing.rows import numbers_of
from obieg.sales.content import CorrectedContent, LineContent, SaleContent
from obieg.sales.corrections.rows import combined
from obieg.sales.drafts import content_of_sale
from obieg.sales.errors import OriginalMissing
from obieg.sales.kinds import divided
from obieg.sales.models import Sale
from obieg.sales.states import SaleState
from obieg.sales.storage import xml_of
from obieg.sales.sums import Groups, added, groups_of

_NOT_COUNTED = frozenset({SaleState.DRAFT, SaleState.CANCELLED, SaleState.REJECTED})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An invoice that is not in the system; without a KSeF number it never had one."""

    client: Client
    document: Document
    ksef_number: str = ""


Original = Sale | Invoice | Elsewhere


@dataclass(frozen=True, slots=True)
class Standing:
    """An original with everything that its corrections have changed."""

    client: Client
    corrected: CorrectedContent  # how a correction names it
    content: SaleContent  # rows numbered as they are now
    sums: Groups
    total: Decimal  # P_15

    @property
    def by_order(self) -> bool:
        """Whether the rows that count are those of the order."""
        return self.content.kind == "ZAL" and bool(self.content.order_lines)

    @property
    def rows(self) -> tuple[LineContent, ...]:
        return self.content.order_lines if self.by_order else self.content.lines


def standing_of(original: Original, *, apart_from: Sale | None = None) -> Standing:
    """`original` (of a correction: what it corrects) after every issued correction but one.

    Raises OriginalMissing for a draft: it is changed, not corrected.
    """
    first = _first(original)
    later = [one for one in _later(root_of(original)) if one.pk != (apart_from and apart_from.pk)]
    for correction in later:
        first = _after(first, correction)
    return first


def root_of(original: Original) -> Original:
    """The invoice at the beginning of a chain of corrections."""
    while isinstance(original, Sale) and original.corrects is not None:
        original = original.corrects
    return original


def _first(original: Original) -> Standing:
    original = root_of(original)
    document = _document(original)
    held = isinstance(original, Sale) and original.content is not None
    content = content_of_sale(original) if held else content_of(document)  # type: ignore[arg-type] # a sale is held
    corrected = CorrectedContent(
        number=document.number,
        issue_date=document.issue_date,
        ksef_number=original.ksef_number,
        sale_id=original.pk if isinstance(original, Sale) else None,
    )
    lines, order = _numbered(content.lines), _numbered(content.order_lines)
    content = content.model_copy(update={"lines": lines, "order_lines": order})
    return Standing(original.client, corrected, content, groups_of(document.sums), document.total)


def _document(original: Original) -> Document:
    if isinstance(original, Elsewhere):
        return original.document
    if isinstance(original, Invoice):
        return parse(received_xml(original))
    if not original.sha256:
        raise OriginalMissing
    return parse(xml_of(original))


def _later(root: Original) -> list[Sale]:
    """The issued corrections of an invoice, in the order they were issued."""
    rows = Sale.objects.of_client(root.client.pk).exclude(state__in=_NOT_COUNTED)
    if isinstance(root, Sale):
        found = rows.filter(corrects=root.pk)
    elif root.ksef_number:
        named = [{"ksef_number": root.ksef_number}]
        found = rows.filter(content__correction__corrected__contains=named)
    else:
        return []
    return list(found.order_by("issued_at", "pk"))


def _after(standing: Standing, correction: Sale) -> Standing:
    content, document = content_of_sale(correction), parse(xml_of(correction))
    name = "order_lines" if standing.by_order else "lines"
    rows = _changed(standing.rows, getattr(content, name))
    changes: dict[str, object] = {name: rows}
    said = content.correction
    if said and said.buyer_before:
        changes["buyer"] = content.buyer
    return replace(
        standing,
        content=standing.content.model_copy(update=changes),
        sums=added(standing.sums, groups_of(document.sums)),
        total=standing.total + document.total,
    )


def _changed(
    rows: tuple[LineContent, ...], lines: tuple[LineContent, ...]
) -> tuple[LineContent, ...]:
    """Rows after a correction that shows states, or differences."""
    kept = {row.number or 0: row for row in rows}
    before, after = divided(_numbered(lines))
    for line in before:
        kept.pop(line.number or 0, None)
    for line in after:
        former = None if before else kept.get(line.number or 0)
        kept[line.number or 0] = combined(former, line) if former else line
    return tuple(kept[number] for number in sorted(kept))


def _numbered(lines: tuple[LineContent, ...]) -> tuple[LineContent, ...]:
    pairs = zip(lines, numbers_of(lines), strict=True)
    return tuple(line.model_copy(update={"number": number}) for line, number in pairs)


def rows_out_of_date(original: Sale, content: SaleContent, *, before: Sale) -> Iterator[int]:
    """Numbers of rows whose state before, in a correction, is not how `original` stands."""
    if not original.sha256:
        return
    standing = standing_of(original, apart_from=before)
    now = {row.number: _facts(row) for row in standing.rows}
    lines = content.order_lines if standing.by_order else content.lines
    for line in _numbered(lines):
        if line.before and now.get(line.number) != _facts(line):
            yield line.number or 0


def _facts(line: LineContent) -> tuple[object, ...]:
    return line.quantity, value_of(line), line.rate, line.rate_oss


def issued_on(standing: Standing) -> date:
    """The day of the original's issue."""
    day = standing.corrected.issue_date
    if day is None:
        raise OriginalMissing
    return day
