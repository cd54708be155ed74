"""The documents that a draft rests on: the invoices it corrects, the advances it settles."""

from collections.abc import Iterator

from obieg.office.models import Client
from obieg.sales.content import AdvanceContent, CorrectedContent, SaleContent
from obieg.sales.errors import OriginalMissing, OriginalNotAccepted
from obieg.sales.models import Sale
from obieg.sales.states import SaleState

_NEVER_IN_KSEF = frozenset({SaleState.OUTSIDE})


def resolved(content: SaleContent, client: Client, *, strict: bool = True) -> SaleContent:
    """`content` with the numbers that our own originals have by now.

    Raises OriginalMissing, and with `strict` OriginalNotAccepted where one waits for its KSeF
    number; else such a one is left as an invoice without it.
    """
    if not any(_ids(content)):
        return content
    sales = _sales(content, client)
    changes: dict[str, object] = {}
    if content.correction:
        corrected = tuple(_corrected(one, sales, strict) for one in content.correction.corrected)
        changes["correction"] = content.correction.model_copy(update={"corrected": corrected})
    changes["advances"] = tuple(_advance(one, sales, strict) for one in content.advances)
    return content.model_copy(update=changes)


def waited_for(content: SaleContent, client: Client) -> list[Sale]:
    """Our own originals that have no KSeF number yet."""
    if not any(_ids(content)):
        return []
    sales = _sales(content, client).values()
    return [one for one in sales if not one.ksef_number and one.state not in _NEVER_IN_KSEF]


def sale_corrected_by(content: SaleContent, client: Client) -> Sale | None:
    """Our own original, where the draft corrects exactly one."""
    corrected = content.correction.corrected if content.correction else ()
    if len(corrected) != 1 or corrected[0].sale_id is None:
        return None
    return _sales(content, client)[corrected[0].sale_id]


def _ids(content: SaleContent) -> Iterator[int]:
    corrected = content.correction.corrected if content.correction else ()
    ids = (*(one.sale_id for one in corrected), *(one.sale_id for one in content.advances))
    yield from (one for one in ids if one is not None)


def _sales(content: SaleContent, client: Client) -> dict[int, Sale]:
    wanted = set(_ids(content))
    found = Sale.objects.of_client(client).in_bulk(wanted)
    if found.keys() != wanted:
        raise OriginalMissing
    return found


def _corrected(one: CorrectedContent, sales: dict[int, Sale], strict: bool) -> CorrectedContent:
    if one.sale_id is None:
        return one
    sale = _settled(sales[one.sale_id], strict)
    return one.model_copy(
        update={
            "number": sale.number,
            "issue_date": sale.issue_date,
            "ksef_number": sale.ksef_number,
        }
    )


def _advance(one: AdvanceContent, sales: dict[int, Sale], strict: bool) -> AdvanceContent:
    if one.sale_id is None:
        return one
    sale = _settled(sales[one.sale_id], strict)
    return one.model_copy(update={"number": sale.number, "ksef_number": sale.ksef_number})


def _settled(sale: Sale, strict: bool) -> Sale:
    """A document that has its KSeF number, or never will."""
    if strict and not sale.ksef_number and sale.state not in _NEVER_IN_KSEF:
        raise OriginalNotAccepted(number=sale.number or "oryginał (szkic)")
    return sale
