"""The whole FA(3) record of a draft."""

from datetime import date, datetime

from obieg.fa.codec import read_token
from obieg.fa.model import (
    AdvanceInvoice,
    AdvancePayment,
    Annotations,
    CorrectedInvoice,
    Correction,
    Footer,
    FooterNote,
    Invoice,
    Seller,
    ThirdParty,
)
from obieg.sales.composing.parties import (
    buyer_before,
    buyer_of,
    seller_before,
    supplier_of,
    third_party_of,
    with_unit,
)
from obieg.sales.composing.payment import payment_of, settlement_of, terms_of
from obieg.sales.composing.rows import days_of, descriptions_of, lines_of, order_of
from obieg.sales.content import AdvanceContent, AnnotationsContent, CorrectedContent, SaleContent
from obieg.sales.kinds import header_rate
from obieg.sales.totals import totals

SYSTEM = "Obieg"
_BY_ADVANCE = frozenset({"ZAL", "KOR_ZAL"})


def compose(
    content: SaleContent,
    *,
    seller: Seller,
    number: str,
    issue_date: date,
    created_at: datetime,
    footer: Footer | None = None,
    unit: ThirdParty | None = None,
) -> Invoice:
    """The FA(3) record of `content` as `number`, issued by `seller` on `issue_date`.

    `footer` holds the seller's own notes and registers, `unit` is the seller's branch that issues.
    What `content` lacks is left out: whether the record is a right invoice is for `build`, the
    schema and `check` to say.
    """
    amounts = totals(content)
    sale_date, days = days_of(content, issue_date)
    return Invoice(
        created_at=created_at.replace(microsecond=0),
        system_info=SYSTEM,
        seller=supplier_of(content.seller) if content.seller else seller,
        buyer=buyer_of(content),
        third_parties=_third_parties(content, unit),
        currency=content.currency,
        issue_date=issue_date,
        place=read_token(content.place),
        number=read_token(number),
        warehouse_documents=tuple(read_token(one) for one in content.warehouse_documents),
        sale_date=sale_date,
        period_from=content.period_from,
        period_to=content.period_to,
        sums=amounts.rates,
        total=amounts.gross,
        exchange_rate=header_rate(content) if content.kind in _BY_ADVANCE else None,
        annotations=_annotations(content),
        kind=content.kind,
        correction=_correction(content),
        advance_payments=_advance_payments(content),
        to_receipt=content.to_receipt,
        related_parties=content.related_parties,
        extra=descriptions_of(content),
        advances=tuple(_advance(one) for one in content.advances),
        lines=lines_of(content, days),
        settlement=settlement_of(content, amounts.amount_due),
        payment=payment_of(content.payment, due=amounts.amount_due, issued=issue_date),
        terms=terms_of(content),
        order=order_of(content),
        footer=_footer(content, footer or Footer()),
    )


def _third_parties(content: SaleContent, unit: ThirdParty | None) -> tuple[ThirdParty, ...]:
    said = tuple(third_party_of(party) for party in content.third_parties)
    return said if content.seller else with_unit(said, unit)


def _annotations(content: SaleContent) -> Annotations:
    """Adnotacje: each mark, or the mark that there is no such thing.

    Rows with the rate "oo" mark the reverse charge (P_18) by themselves.
    """
    said = content.annotations
    return Annotations(
        cash_method=said.cash_method,
        self_billing=said.self_billing or content.seller is not None,
        reverse_charge=said.reverse_charge or any(line.rate == "oo" for line in content.lines),
        split_payment=said.split_payment,
        exempt=bool(said.exempt_by),
        exempt_by_act=_basis(said, "act"),
        exempt_by_directive=_basis(said, "directive"),
        exempt_by_other=_basis(said, "other"),
        not_exempt=not said.exempt_by,
        no_new_vehicles=True,
        triangular=said.triangular,
        margin=bool(said.margin),
        margin_tourism=said.margin == "tourism",
        margin_used_goods=said.margin == "used_goods",
        margin_art=said.margin == "art",
        margin_antiques=said.margin == "antiques",
        no_margin=not said.margin,
    )


def _basis(said: AnnotationsContent, kind: str) -> str:
    return read_token(said.exempt_basis) if said.exempt_by == kind else ""


def _correction(content: SaleContent) -> Correction | None:
    said = content.correction
    if said is None or not content.kind.startswith("KOR"):
        return None
    found = Correction(
        reason=read_token(said.reason),
        effect=said.effect,
        corrected=tuple(_corrected(one) for one in said.corrected),
        period=read_token(said.period),
        right_number=read_token(said.right_number),
        seller_before=seller_before(said.seller_before) if said.seller_before else None,
        buyers_before=(buyer_before(said.buyer_before),) if said.buyer_before else (),
        total_before=said.total_before,
        exchange_rate_before=said.exchange_rate_before if said.total_before is not None else None,
    )
    return found if found != Correction() else None


def _corrected(one: CorrectedContent) -> CorrectedInvoice:
    return CorrectedInvoice(
        issue_date=one.issue_date,
        number=read_token(one.number),
        in_ksef=bool(one.ksef_number),
        ksef_number=one.ksef_number,
        outside_ksef=not one.ksef_number,
    )


def _advance(one: AdvanceContent) -> AdvanceInvoice:
    if one.ksef_number:
        return AdvanceInvoice(ksef_number=one.ksef_number)
    return AdvanceInvoice(outside_ksef=True, number=read_token(one.number))


def _advance_payments(content: SaleContent) -> tuple[AdvancePayment, ...]:
    """ZaliczkaCzesciowa; the only payment of an advance says it by P_6 and P_15 instead."""
    payments = content.advance_payments
    if content.kind in _BY_ADVANCE and len(payments) == 1:
        return ()
    return tuple(
        AdvancePayment(
            received_on=one.received_on, amount=one.amount, exchange_rate=one.exchange_rate
        )
        for one in payments
    )


def _footer(content: SaleContent, own: Footer) -> Footer:
    """The draft's note before the seller's own; the same one is not repeated."""
    note = FooterNote(text=content.footer.replace("\r\n", "\n"))
    others = tuple(one for one in own.notes if one.text not in content.footer)
    notes = (note, *others) if content.footer else others
    return Footer(notes=notes, registers=own.registers)
