"""Generated drafts: every kind, rate, currency and way of pricing, complete enough to issue."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from obieg.sales import content as c
from tests.sales.factories import ACCOUNT, a_ksef_number

WORDS = st.text(
    st.characters(categories=["Lu", "Ll", "Nd"], include_characters=" -/."), min_size=1, max_size=24
).filter(lambda text: text.strip() == text and text)
PRICES = st.decimals("0.01", 9_999, places=2) | st.decimals("0.01", 99, places=4)
QUANTITIES = st.integers(1, 500).map(Decimal) | st.decimals("0.001", 99, places=3)
AMOUNTS = st.decimals("0.01", 99_999, places=2)
DAYS = st.dates(date(2026, 1, 1), date(2026, 11, 20))
ISSUED = date(2026, 11, 20)
RATES = ["23", "22", "8", "7", "5", "4", "3", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np I", "np II"]
KSEF_NUMBER = a_ksef_number()
FLAGS = st.booleans()

ATTRIBUTES = st.lists(
    st.builds(c.AttributeContent, key=WORDS, value=WORDS, in_ksef=FLAGS), max_size=2
).map(tuple)
ADDRESSES = st.builds(
    c.AddressContent,
    country=st.sampled_from(["PL", "DE"]),
    line1=WORDS,
    line2=st.just("") | WORDS,
    gln=st.sampled_from(["", "5901234123457"]),
)
IDENTIFIERS = st.sampled_from(
    [
        {"nip": "9992985876"},
        {"eu_prefix": "DE", "eu_number": "123456789"},
        {"id_country": "US", "id_number": "12-3456789"},
        {},
    ]
)


@st.composite
def buyers(draw: st.DrawFn, *, in_union: bool = False) -> c.BuyerContent:
    known = {"eu_prefix": "DE", "eu_number": "123456789"} if in_union else draw(IDENTIFIERS)
    return c.BuyerContent(
        **known,
        name=draw(WORDS),
        address=draw(ADDRESSES | st.just(c.AddressContent())),
        postal_address=draw(st.none() | ADDRESSES),
        email=draw(st.sampled_from(["", "biuro@example.pl"])),
        phone=draw(st.sampled_from(["", "222 333 444"])),
        customer_number=draw(st.just("") | WORDS),
    )


@st.composite
def lines(draw: st.DrawFn, rates: list[str]) -> c.LineContent:
    rate = draw(st.sampled_from(rates))
    price, amount = draw(
        st.tuples(PRICES, st.none()) | st.tuples(st.none(), AMOUNTS) | st.tuples(PRICES, AMOUNTS)
    )
    off = draw(st.sampled_from(["", "", "amount", "percent"])) if price else ""
    return c.LineContent(
        description=draw(WORDS),
        quantity=draw(QUANTITIES),
        unit=draw(st.sampled_from(["szt.", "kg", "godz."])),
        price=price,
        discount=draw(st.decimals(0, price, places=2)) if off == "amount" else None,
        discount_percent=draw(st.integers(0, 100).map(Decimal)) if off == "percent" else None,
        amount=None if off else amount,
        rate="" if rate in ("oss", "margin") else rate,
        rate_oss=Decimal(19) if rate == "oss" else None,
        delivery_date=draw(st.none() | st.sampled_from([date(2026, 11, 2), ISSUED])),
        index=draw(st.just("") | WORDS),
        gtin=draw(st.sampled_from(["", "5901234123457"])),
        pkwiu=draw(st.just("") | WORDS),
        gtu=draw(st.sampled_from(["", "GTU_01", "GTU_13"])),
        procedure=draw(st.sampled_from(["", "WSTO_EE", "B_SPV"])),
        excise=draw(st.none() | AMOUNTS),
        lot=draw(st.sampled_from(["", "L1", "L2"])),
        attributes=draw(ATTRIBUTES),
        uuid=draw(st.just("") | WORDS),
    )


PAYMENTS = st.builds(
    c.PaymentContent,
    method=st.sampled_from(["", "1", "6"]),
    method_text=st.just("") | WORDS,
    terms=st.lists(
        st.builds(c.TermContent, due=st.dates(ISSUED, date(2027, 3, 1)))
        | st.builds(c.TermContent, count=st.integers(1, 90), unit=WORDS, event=WORDS),
        max_size=3,
    ).map(tuple),
    accounts=st.lists(
        st.builds(
            c.AccountContent,
            number=st.sampled_from([ACCOUNT, f"{ACCOUNT[:2]} {ACCOUNT[2:]}"]),
            swift=st.sampled_from(["", "PKOPPLPW"]),
            bank=st.just("") | WORDS,
            own_account=st.sampled_from(["", "1"]),
            factor=FLAGS,
        ),
        max_size=3,
    ).map(tuple),
    paid=FLAGS,
    paid_on=st.none() | DAYS,
    discount_conditions=st.just("7 dni"),
    discount_amount=st.just("2%"),
)
THIRD_PARTIES = st.builds(
    c.ThirdPartyContent,
    nip=st.just("9990511625"),
    name=WORDS,
    role=st.sampled_from([str(number) for number in range(1, 12)]),
    share=st.none() | st.decimals(0, 40, places=2),
) | st.builds(c.ThirdPartyContent, name=WORDS, nip=st.just("9990511625"), role_text=WORDS)
CHARGES = st.lists(st.builds(c.ChargeContent, amount=AMOUNTS, reason=WORDS), max_size=2).map(tuple)
REFERENCES = st.lists(
    st.builds(c.ReferenceContent, number=WORDS, day=st.none() | DAYS), max_size=2
).map(tuple)
CORRECTED = st.lists(
    st.builds(c.CorrectedContent, number=WORDS, issue_date=DAYS)
    | st.builds(
        c.CorrectedContent, number=WORDS, issue_date=DAYS, ksef_number=st.just(KSEF_NUMBER)
    ),
    min_size=1,
    max_size=2,
).map(tuple)


@st.composite
def contents(draw: st.DrawFn) -> c.SaleContent:
    """A draft of any kind that has everything its kind needs."""
    kind = draw(st.sampled_from(["VAT", "UPR", "ZAL", "ROZ", "KOR", "KOR_ZAL", "KOR_ROZ"]))
    margin = draw(st.sampled_from(["", "", "", "used_goods", "tourism"]))
    rates = [*draw(st.sampled_from([["23"], ["23", "8"], RATES])), *(["margin"] if margin else [])]
    rates += ["oss"] if draw(st.integers(0, 4)) == 0 else []
    rows = tuple(draw(st.lists(lines(rates), min_size=1, max_size=4)))
    currency, rate = draw(st.sampled_from([("PLN", None), ("EUR", Decimal("4.2817"))]))
    period = draw(st.none() | st.just((date(2026, 10, 1), date(2026, 10, 31))))
    used = {line.rate for line in rows}
    plain = c.SaleContent(
        kind=kind,
        currency=currency,
        exchange_rate=rate,
        place=draw(st.just("") | WORDS),
        sale_date=draw(st.none() | DAYS),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        prices=draw(st.sampled_from(["net", "gross"])),
        buyer=draw(buyers(in_union="0 WDT" in used)),
        third_parties=tuple(draw(st.lists(THIRD_PARTIES, max_size=2))),
        annotations=c.AnnotationsContent(
            cash_method=draw(FLAGS),
            reverse_charge=draw(FLAGS),
            split_payment=draw(FLAGS),
            exempt_by="act" if "zw" in used else "",
            exempt_basis="art. 43 ust. 1 pkt 19 ustawy" if "zw" in used else "",
            triangular=draw(FLAGS),
            margin=margin,
        ),
        to_receipt=draw(FLAGS),
        related_parties=draw(FLAGS),
        payment=draw(PAYMENTS),
        charges=draw(CHARGES),
        deductions=draw(CHARGES),
        attributes=draw(ATTRIBUTES),
        warehouse_documents=tuple(draw(st.lists(WORDS, max_size=2))),
        contracts=draw(REFERENCES),
        orders=draw(REFERENCES),
        delivery_terms=draw(st.sampled_from(["", "CIP"])),
        footer=draw(st.sampled_from(["", "Dziękujemy.\nZapraszamy."])),
    )
    return draw(_of_kind(plain, rows))


def _of_kind(
    plain: c.SaleContent, rows: tuple[c.LineContent, ...]
) -> st.SearchStrategy[c.SaleContent]:
    pairs = tuple(state for row in rows for state in (row.model_copy(update={"before": True}), row))
    changed = st.lists(AMOUNTS, min_size=len(rows), max_size=len(rows)).map(
        lambda prices: tuple(
            one.model_copy(update={} if one.before else {"amount": price, "attributes": ()})
            for one, price in zip(
                pairs, (p for price in prices for p in (price, price)), strict=True
            )
        )
    )
    match plain.kind:
        case "ZAL":
            return AVANCED.map(lambda paid: _with(plain, order_lines=rows, advance_payments=paid))
        case "ROZ":
            return ADVANCES.map(lambda settled: _with(plain, lines=rows, advances=settled))
        case "KOR":
            return st.tuples(CORRECTIONS, changed).map(
                lambda both: _with(plain, correction=both[0], lines=both[1])
            )
        case "KOR_ZAL":
            return st.tuples(CORRECTIONS, changed, AVANCED).map(
                lambda three: _with(
                    plain, correction=three[0], order_lines=three[1], advance_payments=three[2]
                )
            )
        case "KOR_ROZ":
            return st.tuples(CORRECTIONS, changed, ADVANCES).map(
                lambda three: _with(plain, correction=three[0], lines=three[1], advances=three[2])
            )
    return st.just(_with(plain, lines=rows))


def _with(content: c.SaleContent, **changes: object) -> c.SaleContent:
    return content.model_copy(update=changes)


AVANCED = st.lists(
    st.builds(
        c.AdvancePaymentContent,
        received_on=DAYS,
        amount=AMOUNTS,
        exchange_rate=st.none() | st.just(Decimal("4.3")),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
ADVANCES = st.lists(
    st.builds(c.AdvanceContent, ksef_number=st.just(KSEF_NUMBER), gross=st.none() | AMOUNTS)
    | st.builds(
        c.AdvanceContent,
        number=WORDS,
        sums=st.just((c.SumContent(rate="5", net=Decimal(100), tax=Decimal(5)),)),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
CORRECTIONS = st.builds(
    c.CorrectionContent,
    reason=WORDS,
    effect=st.sampled_from(["", "1", "2", "3"]),
    corrected=CORRECTED,
    total_before=AMOUNTS,
    exchange_rate_before=st.none() | st.just(Decimal("4.5")),
)
