"""Whether a rule fits a line of a document: every condition that it gives must hold."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain

from obieg.fa.model import Invoice, Line
from obieg.posting.models.rules import Rule
from obieg.posting.suggestion import Case, Part

CODE_SIGNS = str.maketrans("", "", " .-")


def matches(rule: Rule, case: Case, part: Part) -> bool:
    """Whether `rule` speaks of `part`: direction, validity on the day of issue, and conditions.

    What a rule does not give does not limit it. Whose rule it is, and whether the client's chart
    has its account, is the caller's to ask.
    """
    if rule.direction != case.direction or not is_valid_on(rule, case.invoice.issue_date):
        return False
    return all(holds(rule, case, part) for holds in HOLDS)


def is_valid_on(rule: Rule, day: date) -> bool:
    """Whether the rule is in force on `day`; both ends are included."""
    begun = rule.valid_from is None or rule.valid_from <= day
    return begun and (rule.valid_to is None or day <= rule.valid_to)


def _by_seller(rule: Rule, case: Case, _part: Part) -> bool:
    return rule.seller_nip in ("", case.partner)


def _by_kind(rule: Rule, case: Case, _part: Part) -> bool:
    return rule.kind in ("", case.invoice.kind)


def _by_rate(rule: Rule, _case: Case, part: Part) -> bool:
    return rule.vat_rate in ("", part.rate)


def _by_amount(rule: Rule, _case: Case, part: Part) -> bool:
    """The net amount of the line without its sign, in the invoice's currency; ends included."""
    amount: Decimal = abs(part.net)
    if rule.amount_from is not None and amount < rule.amount_from:
        return False
    return rule.amount_to is None or amount <= rule.amount_to


def _by_text(rule: Rule, _case: Case, part: Part) -> bool:
    return not rule.text or rule.text.casefold() in part.description.casefold()


def _by_codes(rule: Rule, case: Case, part: Part) -> bool:
    """Every row of the part carries the codes: GTIN and GTU whole, PKWiU and CN by beginning."""
    wanted = (rule.gtin, rule.gtu, rule.pkwiu, rule.cn)
    if not any(wanted):
        return True
    rows = list(rows_of(case.invoice, part))
    return bool(rows) and all(_carries(rule, row) for row in rows)


def _carries(rule: Rule, row: Line) -> bool:
    whole = ((rule.gtin, row.gtin), (rule.gtu, row.gtu))
    begun = ((rule.pkwiu, row.pkwiu), (rule.cn, row.cn))
    return all(not asked or _bare(asked) == _bare(has) for asked, has in whole) and all(
        _bare(has).startswith(_bare(asked)) for asked, has in begun
    )


def _by_plate(rule: Rule, case: Case, part: Part) -> bool:
    return not rule.plate or is_said(rule.plate, case.invoice, part)


def _by_reference(rule: Rule, case: Case, part: Part) -> bool:
    return not rule.reference or is_said(rule.reference, case.invoice, part)


HOLDS: tuple[Callable[[Rule, Case, Part], bool], ...] = (  # the cheapest first
    _by_seller,
    _by_kind,
    _by_rate,
    _by_amount,
    _by_text,
    _by_codes,
    _by_plate,
    _by_reference,
)


def rows_of(invoice: Invoice, part: Part) -> Iterator[Line]:
    """The rows of the document that `part` is made of."""
    numbers = set(part.source_lines)
    return (row for row in invoice.lines if row.number in numbers)


def texts_about(invoice: Invoice, part: Part) -> Iterator[str]:
    """Everything that the document says about the part: numbers of cars, meters and orders.

    The part's own words, its rows' further descriptions, those of the whole document, contracts,
    orders, deliveries, the footer and the attachment.
    """
    numbers = {0, *part.source_lines}
    facts = (fact for fact in invoice.extra if (fact.line_number or 0) in numbers)
    return chain(
        (part.description, *(row.index for row in rows_of(invoice, part))),
        (text for fact in facts for text in (fact.key, fact.value)),
        invoice.warehouse_documents,
        _of_terms(invoice),
        (note.text for note in invoice.footer.notes),
        _of_attachment(invoice),
    )


def _of_terms(invoice: Invoice) -> Iterator[str]:
    terms = invoice.terms
    yield from (contract.number for contract in terms.contracts)
    yield from (order.number for order in terms.orders)
    yield from terms.lots
    yield from (transport.order_number for transport in terms.transports)


def _of_attachment(invoice: Invoice) -> Iterator[str]:
    for block in invoice.attachment.blocks if invoice.attachment else ():
        yield block.heading
        yield from (fact.value for fact in block.facts)
        yield from block.paragraphs
        for table in block.tables:
            yield table.description
            yield from (fact.value for fact in table.facts)
            yield from (cell for row in table.rows for cell in row.cells)


def is_said(number: str, invoice: Invoice, part: Part) -> bool:
    """Whether `number` stands in a text as a word of its own, however spaces and dashes are."""
    wanted = _letters(number)
    return bool(wanted) and any(_stands_in(wanted, text) for text in texts_about(invoice, part))


def _stands_in(wanted: str, text: str) -> bool:
    """As `WA12345` in `Tankowanie WA 12345`, but not in `EWA123456`."""
    words = [_letters(word) for word in text.split()]
    for start in range(len(words)):
        joined = ""
        for word in words[start:]:
            joined += word
            if joined.strip() == wanted:
                return True
            if len(joined) >= len(wanted):
                break
    return False


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _bare(code: str) -> str:
    return code.translate(CODE_SIGNS).casefold()
