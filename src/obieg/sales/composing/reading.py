"""From the FA(3) record to a draft's content: for copies, corrections and a file in the form."""

from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError

from obieg.fa.model import AdvancePayment, Annotations, BankAccount, Invoice, Payment
from obieg.sales.composing.parties import buyer_content, party_content, third_party_content
from obieg.sales.composing.reading_rows import has_gross_prices, line_contents, order_contents
from obieg.sales.content import (
    AccountContent,
    AdvanceContent,
    AdvancePaymentContent,
    AnnotationsContent,
    AttributeContent,
    ChargeContent,
    CorrectedContent,
    CorrectionContent,
    Kind,
    PaidContent,
    PaymentContent,
    ReferenceContent,
    SaleContent,
    TermContent,
)
from obieg.sales.errors import OutsideForm
from obieg.sales.kinds import divided, exchange_rate, rate_before
from obieg.sales.sums import (
    added,
    as_content,
    gross_of,
    groups_of,
    in_zlote,
    less,
    shares_of,
    spread,
    sums_of_rows,
)

_BY_ADVANCE = frozenset({"ZAL", "KOR_ZAL"})
_BY_REMAINDER = frozenset({"ROZ", "KOR_ROZ"})
_MARGINS = ("tourism", "used_goods", "art", "antiques")


def content_of(invoice: Invoice) -> SaleContent:
    """What a person would have typed to get `invoice`.

    Number and seller are left out (a self-billed invoice keeps its seller). What has no place in
    the content is named by `lost_by_form`. A kind that FA(3) does not know becomes VAT. Raises
    `OutsideForm` where a value breaks the schema so that no field could hold it.
    """
    try:
        return SaleContent.model_validate(_content(invoice).model_dump())  # copies go unchecked
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise OutsideForm(fields=fields) from error


def _content(invoice: Invoice) -> SaleContent:
    lines, unplaced = line_contents(invoice)
    kind: Any = invoice.kind if invoice.kind in get_args(Kind) else "VAT"
    content = SaleContent(
        kind=kind,
        currency=invoice.currency,
        exchange_rate=_exchange_rate(invoice),
        place=invoice.place,
        issue_date=invoice.issue_date,
        sale_date=None if _paid_at_once(invoice) else invoice.sale_date,
        period_from=invoice.period_from,
        period_to=invoice.period_to,
        prices="gross" if has_gross_prices(invoice) else "net",
        buyer=buyer_content(invoice.buyer),
        seller=party_content(invoice.seller) if invoice.annotations.self_billing else None,
        third_parties=tuple(third_party_content(party) for party in invoice.third_parties),
        lines=lines,
        annotations=_annotations(invoice.annotations),
        to_receipt=invoice.to_receipt,
        related_parties=invoice.related_parties,
        payment=_payment(invoice.payment),
        charges=_charges(invoice.settlement.charges),
        deductions=_charges(invoice.settlement.deductions),
        correction=_correction(invoice),
        order_lines=order_contents(invoice),
        advance_payments=_advance_payments(invoice),
        advances=tuple(
            AdvanceContent(ksef_number=one.ksef_number, number=one.number)
            for one in invoice.advances
        ),
        attributes=tuple(AttributeContent(key=one.key, value=one.value) for one in unplaced),
        warehouse_documents=invoice.warehouse_documents,
        contracts=tuple(
            ReferenceContent(number=one.number, day=one.signed_on)
            for one in invoice.terms.contracts
        ),
        orders=tuple(
            ReferenceContent(number=one.number, day=one.ordered_on) for one in invoice.terms.orders
        ),
        lots=invoice.terms.lots,
        delivery_terms=invoice.terms.delivery,
        footer=invoice.footer.text,
    )
    return _with_sums(content, invoice)


def _exchange_rate(invoice: Invoice) -> Decimal | None:
    """The rate of the rows (as they are now), or of the header."""
    if invoice.currency == "PLN":
        return None
    rates = [line.exchange_rate for line in invoice.lines if line.exchange_rate and not line.before]
    return invoice.exchange_rate or (rates[0] if rates else None) or _rate_before(invoice)


def _rate_before(invoice: Invoice) -> Decimal | None:
    if invoice.correction and invoice.correction.exchange_rate_before:
        return invoice.correction.exchange_rate_before
    rates = (line.exchange_rate for line in invoice.lines if line.exchange_rate and line.before)
    return next(rates, None)


def _other_rate_before(invoice: Invoice) -> Decimal | None:
    said = invoice.correction and invoice.correction.exchange_rate_before
    rate = _rate_before(invoice)
    return rate if said or rate != _exchange_rate(invoice) else None


def _paid_at_once(invoice: Invoice) -> bool:
    """An advance of one payment: its day stands in P_6, its amount in P_15."""
    return invoice.kind in _BY_ADVANCE and not invoice.advance_payments


def _annotations(marks: Annotations) -> AnnotationsContent:
    bases = {
        "act": marks.exempt_by_act,
        "directive": marks.exempt_by_directive,
        "other": marks.exempt_by_other,
    }
    by: Any = next((kind for kind, basis in bases.items() if basis), "")
    margin: Any = next((one for one in _MARGINS if getattr(marks, f"margin_{one}")), "")
    return AnnotationsContent(
        cash_method=bool(marks.cash_method),
        self_billing=bool(marks.self_billing),
        reverse_charge=bool(marks.reverse_charge),
        split_payment=bool(marks.split_payment),
        exempt_by=by,
        exempt_basis=bases.get(by, ""),
        triangular=bool(marks.triangular),
        margin=margin,
    )


def _payment(payment: Payment) -> PaymentContent:
    accounts = (
        *((one, False) for one in payment.accounts),
        *((one, True) for one in payment.factor_accounts),
    )
    return PaymentContent(
        method=payment.method,
        method_text=payment.method_text,
        terms=tuple(
            TermContent(due=one.due, count=one.count, unit=one.unit, event=one.event)
            for one in payment.terms
        ),
        accounts=tuple(_account(one, factor=factor) for one, factor in accounts),
        paid=payment.is_paid,
        paid_on=payment.paid_on,
        partial=tuple(
            PaidContent(
                amount=one.amount,
                paid_on=one.paid_on,
                method=one.method,
                method_text=one.method_text,
            )
            for one in payment.partial
            if one.paid_on
        ),
        discount_conditions=payment.discount.conditions if payment.discount else "",
        discount_amount=payment.discount.amount if payment.discount else "",
        link=payment.link,
        ipksef=payment.ipksef,
    )


def _account(account: BankAccount, *, factor: bool) -> AccountContent:
    own: Any = account.own_account
    return AccountContent(
        number=account.number,
        swift=account.swift,
        bank=account.bank,
        description=account.description,
        own_account=own,
        factor=factor,
    )


def _charges(charges: Any) -> tuple[ChargeContent, ...]:
    return tuple(ChargeContent(amount=one.amount, reason=one.reason) for one in charges)


def _correction(invoice: Invoice) -> CorrectionContent | None:
    said = invoice.correction
    if said is None:
        return None
    effect: Any = said.effect if said.effect in ("1", "2", "3") else ""
    buyers = said.buyers_before
    return CorrectionContent(
        reason=said.reason,
        effect=effect,
        corrected=tuple(
            CorrectedContent(
                number=one.number, issue_date=one.issue_date, ksef_number=one.ksef_number
            )
            for one in said.corrected
        ),
        period=said.period,
        right_number=said.right_number,
        seller_before=party_content(said.seller_before) if said.seller_before else None,
        buyer_before=buyer_content(buyers[0]) if buyers else None,
        total_before=said.total_before,
        exchange_rate_before=_other_rate_before(invoice),
    )


def _advance_payments(invoice: Invoice) -> tuple[AdvancePaymentContent, ...]:
    payments = invoice.advance_payments
    if _paid_at_once(invoice):
        day = invoice.sale_date or invoice.issue_date
        payments = (AdvancePayment(received_on=day, amount=invoice.total),)
    return tuple(
        AdvancePaymentContent(
            received_on=one.received_on, amount=one.amount, exchange_rate=one.exchange_rate
        )
        for one in payments
        if one.received_on
    )


def _with_sums(content: SaleContent, invoice: Invoice) -> SaleContent:
    """What the rows do not say: sums of rows without amounts, and what advances took off."""
    if content.kind in _BY_REMAINDER and content.advances:
        return _with_advances(content, invoice)
    if any(line.is_priced for line in invoice.lines) or content.order_lines:
        return content
    said = as_content(groups_of(invoice.sums))
    if content.kind == "UPR":
        total = None if said else invoice.total
        return content.model_copy(update={"sums": said, "total": total})
    if content.correction and said:
        correction = content.correction.model_copy(update={"sums": said})
        return content.model_copy(update={"correction": correction})
    return content


def _with_advances(content: SaleContent, invoice: Invoice) -> SaleContent:
    """An invoice names its advances without amounts: all of them stand at the first."""
    before, after = divided(content.lines)
    remainder = content.correction.total_before if content.correction else None
    if content.kind == "KOR_ROZ" and (not before or remainder is None):
        return content
    left = groups_of(invoice.sums)
    if remainder is not None:
        former = in_zlote(spread(remainder, shares_of(before, content)), rate_before(content))
        left = added(left, former)
    whole = in_zlote(sums_of_rows(after, content), exchange_rate(content))
    taken = less(whole, left)
    first = content.advances[0].model_copy(
        update={"gross": gross_of(taken), "sums": as_content(taken)}
    )
    return content.model_copy(update={"advances": (first, *content.advances[1:])})
