"""Generated invoices: any record at all, and models that the official schema accepts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from obieg.fa import model as m
from obieg.fa.codec import AMOUNT, CHOICE, DAY, INTEGER, MARK, MOMENT, RAW_TEXT, TOKEN
from obieg.fa.rates import SUMS
from obieg.fa.shape import INLINE, SUM_ROWS, Field, fields_of

TEXT = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=20)
    .map(lambda text: " ".join(text.replace("\u2028", " ").split(" ")).strip(" "))
    .map(lambda text: " ".join(part for part in text.split(" ") if part))
)
MONEY = st.decimals(-1_000_000, 1_000_000, places=2)
DAYS = st.dates(date(2016, 7, 1), date(2049, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2049, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
LEAVES = {
    TOKEN: TEXT,
    RAW_TEXT: TEXT,
    AMOUNT: st.decimals(-10_000, 10_000, places=4),
    INTEGER: st.integers(0, 10**12),
    DAY: DAYS,
    MOMENT: MOMENTS,
    MARK: st.booleans(),
    CHOICE: st.booleans(),
}


@cache
def any_record(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a record, its fields filled or left out at random."""
    known = fields_of(cls)
    required = {field.name: filled(field) for field in known if field.required}
    optional = {field.name: filled(field) for field in known if not field.required}
    if cls is m.PaymentTerm:
        del optional["text"]  # FA(2) only: the same element holds a group in FA(3)
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: cls(**values))


def filled(field: Field) -> st.SearchStrategy[Any]:
    """Any value that a field of a record may hold."""
    if field.mark is SUM_ROWS:
        return sums(MONEY)
    one = LEAVES[field.codec] if field.codec else any_record(field.record or object)
    if field.codec is TOKEN and (field.required or field.default != ""):
        one = TEXT.filter(bool)
    if field.mark is INLINE:
        one = one.filter(lambda correction: correction != m.Correction())
    return st.lists(one, max_size=3).map(tuple) if field.many else one


def sums(amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[tuple[m.RateSum, ...]]:
    """Some of the groups, each once, in the schema's order."""
    return st.sets(st.sampled_from(range(len(SUMS)))).flatmap(
        lambda chosen: st.tuples(*(_sum(number, amounts) for number in sorted(chosen)))
    )


def _sum(number: int, amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[m.RateSum]:
    fields = SUMS[number]
    return st.builds(
        m.RateSum,
        field=st.just(fields.net),
        net=amounts,
        tax=amounts if fields.tax else st.just(Decimal(0)),
        tax_pln=st.none() | amounts if fields.tax_pln else st.none(),
    )


# what the schema accepts

WORDS = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=30)
NIPS = st.sampled_from(["9990511625", "9992985876", "9999999999"])
RATES = st.sampled_from(["23", "8", "5", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np I", "np II"])
PRICES = st.decimals(0, 99_999, places=2)
ADDRESSES = st.builds(
    m.Address, country=st.sampled_from(["PL", "DE"]), line1=WORDS, line2=st.just("") | WORDS
)
CONTACTS = st.builds(
    m.Contact, email=st.just("") | WORDS.map(lambda w: f"{w}@example.pl"), phone=st.just("123456")
)
SELLERS = st.builds(
    m.Seller,
    nip=NIPS,
    name=WORDS,
    address=ADDRESSES,
    contacts=st.lists(CONTACTS, max_size=3).map(tuple),
    eori=st.just("") | WORDS,
    status=st.sampled_from(["", "1", "4"]),
)
BUYER_IDS = st.one_of(
    st.fixed_dictionaries({"nip": NIPS}),
    st.just({"eu_prefix": "DE", "eu_number": "123456789"}),
    st.just({"id_country": "US", "id_number": "12-3456789"}),
    st.just({"no_id": True}),
)
BUYERS = st.builds(
    lambda ids, name, address, jst: m.Buyer(**ids, name=name, address=address, jst=jst, gv=False),
    BUYER_IDS,
    WORDS,
    st.none() | ADDRESSES,
    st.booleans(),
)
THIRD_PARTIES = st.builds(
    m.ThirdParty,
    nip=NIPS,
    name=WORDS,
    role=st.sampled_from([str(number) for number in range(1, 12)]),
    share=st.none() | st.decimals(0, 100, places=2),
)
LINES = st.builds(
    m.Line,
    number=st.integers(1, 999),
    uuid=st.just("") | WORDS,
    delivery_date=st.none() | DAYS,
    description=WORDS,
    gtin=st.just("") | WORDS.map(lambda w: w[:20]),
    unit=WORDS,
    quantity=st.none() | st.decimals(-999, 999, places=3),
    unit_net=st.none() | st.decimals(0, 999, places=8),
    unit_gross=st.none() | PRICES,
    discount=st.none() | PRICES,
    net=st.none() | MONEY,
    gross=st.none() | MONEY,
    rate=st.just("") | RATES,
    annex15=st.booleans(),
    gtu=st.sampled_from(["", "GTU_01", "GTU_13"]),
    procedure=st.sampled_from(["", "WSTO_EE", "B_SPV"]),
    before=st.booleans(),
)
ORDERS = st.builds(
    m.Order,
    total=MONEY,
    lines=st.lists(
        st.builds(m.OrderLine, number=st.integers(1, 99), description=WORDS, net=MONEY, rate=RATES),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
CORRECTIONS = st.builds(
    m.Correction,
    reason=st.just("") | WORDS,
    effect=st.sampled_from(["", "1", "2", "3"]),
    corrected=st.lists(
        st.builds(m.CorrectedInvoice, issue_date=DAYS, number=WORDS, outside_ksef=st.just(True))
        | st.builds(
            m.CorrectedInvoice,
            issue_date=DAYS,
            number=WORDS,
            in_ksef=st.just(True),
            ksef_number=st.just("9999999999-20260215-8BEF280C8D35-4D"),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    seller_before=st.none() | st.builds(m.Seller, nip=NIPS, name=WORDS, address=ADDRESSES),
    buyers_before=st.lists(st.builds(m.Buyer, nip=NIPS, buyer_key=st.just("") | WORDS)).map(tuple),
    total_before=st.none() | MONEY,
)
ACCOUNTS = st.builds(
    m.BankAccount,
    number=st.just("73111111111111111111111111"),
    swift=st.sampled_from(["", "PKOPPLPW"]),
    bank=st.just("") | WORDS,
)
PAYMENTS = st.builds(
    m.Payment,
    terms=st.lists(
        st.builds(m.PaymentTerm, due=DAYS)
        | st.builds(m.PaymentTerm, count=st.integers(0, 99), unit=WORDS, event=WORDS),
        max_size=4,
    ).map(tuple),
    method=st.sampled_from(["", "1", "6"]),
    accounts=st.lists(ACCOUNTS, max_size=3).map(tuple),
    factor_accounts=st.lists(ACCOUNTS, max_size=1).map(tuple),
    discount=st.none() | st.builds(m.PromptPaymentDiscount, conditions=WORDS, amount=WORDS),
)
SETTLEMENTS = st.builds(
    m.Settlement,
    charges=st.lists(st.builds(m.Charge, amount=PRICES, reason=WORDS), max_size=2).map(tuple),
    charges_total=st.none() | PRICES,
    to_pay=st.none() | PRICES,
)
TABLES = st.builds(
    m.Table,
    description=st.just("") | WORDS,
    columns=st.lists(
        st.builds(m.Column, type=st.sampled_from(["txt", "dec", "date"]), name=WORDS),
        min_size=1,
        max_size=3,
    ).map(tuple),
    rows=st.lists(
        st.builds(m.Row, cells=st.lists(st.just("") | WORDS, min_size=1, max_size=3).map(tuple)),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
ATTACHMENTS = st.builds(
    m.Attachment,
    blocks=st.lists(
        st.builds(
            m.Block,
            heading=st.just("") | WORDS,
            facts=st.lists(
                st.builds(m.BlockFact, key=WORDS, value=WORDS), min_size=1, max_size=2
            ).map(tuple),
            tables=st.lists(TABLES, max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
)
ORDINARY = m.Annotations(
    cash_method=False,
    self_billing=False,
    reverse_charge=False,
    split_payment=False,
    not_exempt=True,
    no_new_vehicles=True,
    triangular=False,
    no_margin=True,
)
ANNOTATIONS = st.sampled_from(
    [
        ORDINARY,
        m.Annotations(
            cash_method=True,
            self_billing=True,
            reverse_charge=True,
            split_payment=True,
            exempt=True,
            exempt_by_act="art. 43 ust. 1 pkt 2",
            no_new_vehicles=True,
            triangular=True,
            margin=True,
            margin_used_goods=True,
        ),
    ]
)


@st.composite
def valid_invoices(draw: st.DrawFn) -> m.Invoice:
    """An invoice of any kind that the FA(3) schema accepts, sensible or not."""
    kind = draw(st.sampled_from(["VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ"]))
    period = draw(st.none() | st.tuples(DAYS, DAYS))
    return m.Invoice(
        created_at=draw(MOMENTS),
        system_info=draw(st.just("") | WORDS),
        seller=draw(SELLERS),
        buyer=draw(BUYERS),
        third_parties=tuple(draw(st.lists(THIRD_PARTIES, max_size=2))),
        currency=draw(st.sampled_from(["PLN", "EUR"])),
        issue_date=draw(DAYS),
        number=draw(WORDS),
        sale_date=None if period else draw(st.none() | DAYS),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        sums=draw(sums(MONEY)),
        total=draw(MONEY),
        annotations=draw(ANNOTATIONS),
        kind=kind,
        correction=draw(CORRECTIONS) if kind.startswith("KOR") else None,
        extra=tuple(
            draw(st.lists(st.builds(m.ExtraDescription, key=WORDS, value=WORDS), max_size=2))
        ),
        lines=tuple(draw(st.lists(LINES, max_size=4))),
        settlement=draw(SETTLEMENTS),
        payment=draw(PAYMENTS),
        order=draw(ORDERS) if kind.endswith("ZAL") else None,
        footer=draw(
            st.builds(
                m.Footer,
                notes=st.lists(st.builds(m.FooterNote, text=WORDS), max_size=2).map(tuple),
            )
        ),
        attachment=draw(st.none() | ATTACHMENTS),
    )
