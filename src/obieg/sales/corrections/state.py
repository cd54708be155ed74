"""How an invoice stands after all its corrections: rows, sums, parties."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from obieg.fa.model import Invoice as Document
from obieg.fa.parse import parse
from obieg.inbox.models import Direction, Invoice
from obieg.inbox.queries import xml_of as received_xml
from obieg.office.models import Client
from obieg.sales.amounts import value_of
from obieg.sales.columns import tax_id_of
from obieg.sales.compose import content_of
from obieg.sales.composing.rows import numbers_of
from obieg.sales.content import CorrectedContent, LineContent, SaleContent
from obieg.sales.corrections.rows import combined
from obieg.sales.drafts import content_of_sale
from obieg.sales.errors import CorrectTheOriginal, OriginalMissing
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

    Raises OriginalMissing for a draft: it is changed, not corrected. Raises CorrectTheOriginal for
    a correction of several invoices, or of one that is not in the system.
    """
    root = root_of(original)
    standing = _first(root)
    for content, document in corrections_of(root, standing, apart_from=apart_from):
        standing = _after(standing, content, document)
    return standing


def root_of(original: Original) -> Original:
    """The invoice at the beginning of a chain of corrections."""
    while isinstance(original, Sale) and original.corrects is not None:
        original = original.corrects
    document = _document(original)
    if not document.is_correction:
        return original
    corrected = document.correction.corrected if document.correction else ()
    known = _known(original, corrected[0].ksef_number) if len(corrected) == 1 else None
    if known is None or known == original:
        raise CorrectTheOriginal(number=document.number)
    return root_of(known)


def _known(original: Original, ksef_number: str) -> Sale | Invoice | None:
    if not ksef_number:
        return None
    own = Sale.objects.of_client(original.client.pk).filter(ksef_number=ksef_number).first()
    received = Invoice.objects.of_client(original.client.pk).filter(ksef_number=ksef_number)
    return own or received.first()


def _first(original: Original) -> Standing:
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


def corrections_of(
    root: Original, standing: Standing, *, apart_from: Sale | None = None
) -> list[tuple[SaleContent, Document]]:
    """The issued corrections of an invoice, ours and those of other programs, by day of issue."""
    own = [sale for sale in _own(root) if sale.pk != (apart_from and apart_from.pk)]
    found = [(content_of_sale(sale), parse(xml_of(sale))) for sale in own]
    found += [(content_of(document), document) for document in _received(root, standing)]
    return sorted(found, key=lambda pair: pair[1].issue_date)


def _own(root: Original) -> list[Sale]:
    rows = Sale.objects.of_client(root.client.pk).exclude(state__in=_NOT_COUNTED)
    if isinstance(root, Sale):
        found = rows.filter(corrects=root.pk)
    elif root.ksef_number:
        named = [{"ksef_number": root.ksef_number}]
        found = rows.filter(content__correction__corrected__contains=named)
    else:
        return []
    return list(found.order_by("issued_at", "pk"))


def _received(root: Original, standing: Standing) -> Iterator[Document]:
    """Corrections that KSeF brought and Obieg did not issue: read among those for the buyer."""
    client, number = root.client.pk, root.ksef_number
    if not number:
        return
    ours = Sale.objects.of_client(client).exclude(ksef_number="").values("ksef_number")
    rows = Invoice.objects.of_client(client).filter(
        direction=Direction.SALE,
        kind__startswith="KOR",
        buyer_nip=tax_id_of(standing.content.buyer),
        issue_date__gte=issued_on(standing),
    )
    for row in rows.exclude(ksef_number__in=ours).order_by("issue_date", "pk"):
        document = parse(received_xml(row))
        corrected = document.correction.corrected if document.correction else ()
        if [one.ksef_number for one in corrected] == [number]:
            yield document


def _after(standing: Standing, content: SaleContent, document: Document) -> Standing:
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
