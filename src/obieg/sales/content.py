"""What a person decides about a sales invoice; the rest is computed. Also the API's format.

Everything may be missing in a draft. Amounts are Decimal in the invoice's currency (strings in
JSON), dates ISO; the names of FA(3) stand beside ours.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=2)]
Price = Annotated[Decimal, Field(max_digits=22, decimal_places=8)]
Quantity = Annotated[Decimal, Field(max_digits=22, decimal_places=6)]
Rate = Annotated[Decimal, Field(max_digits=22, decimal_places=6, gt=0)]
Kind = Literal["VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ"]


class Part(BaseModel):
    """Unknown fields are refused: a misspelt name must not be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class AddressContent(Part):
    country: Annotated[str, Field(max_length=2)] = "PL"  # KodKraju
    line1: Annotated[str, Field(max_length=512)] = ""  # AdresL1
    line2: Annotated[str, Field(max_length=512)] = ""  # AdresL2
    gln: Annotated[str, Field(max_length=13)] = ""


class PartyContent(Part):
    """One identifier at most; none means BrakID (a consumer)."""

    name: Annotated[str, Field(max_length=512)] = ""
    nip: Annotated[str, Field(max_length=10)] = ""
    eu_prefix: Annotated[str, Field(max_length=2)] = ""  # KodUE
    eu_number: Annotated[str, Field(max_length=12)] = ""  # NrVatUE
    id_country: Annotated[str, Field(max_length=2)] = ""  # KodKraju of NrID
    id_number: Annotated[str, Field(max_length=50)] = ""  # NrID
    internal_id: Annotated[str, Field(max_length=20)] = ""  # IDWew (third parties)
    eori: str = ""
    address: AddressContent = AddressContent()
    postal_address: AddressContent | None = None  # AdresKoresp
    email: str = ""
    phone: str = ""
    customer_number: str = ""  # NrKlienta


class BuyerContent(PartyContent):
    jst: bool = False  # a unit of local government: needs a third party of role 8
    gv: bool = False  # a member of a VAT group: needs a third party of role 10


class ThirdPartyContent(PartyContent):
    role: str = ""  # Rola 1-11
    role_text: str = ""  # OpisRoli, instead of role
    share: Decimal | None = None  # Udzial, per cent


class LineContent(Part):
    """FaWiersz or ZamowienieWiersz; the amount is quantity x (price - discount), or `amount`."""

    description: Annotated[str, Field(max_length=512)] = ""  # P_7
    quantity: Quantity | None = None  # P_8B
    unit: Annotated[str, Field(max_length=256)] = ""  # P_8A
    price: Price | None = None  # P_9A, or P_9B where prices are gross
    discount: Price | None = None  # P_10, off the unit price
    discount_percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None  # instead of discount
    amount: Amount | None = None  # P_11 or P_11A given outright, without a price
    tax: Amount | None = None  # P_11Vat, where it is to be other than computed
    rate: str = ""  # P_12
    rate_oss: Annotated[Decimal, Field(ge=0, le=100)] | None = None  # P_12_XII, instead of rate
    delivery_date: date | None = None  # P_6A
    index: str = ""  # Indeks
    gtin: str = ""
    pkwiu: str = ""
    cn: str = ""
    pkob: str = ""
    gtu: str = ""  # GTU_01 ... GTU_13
    procedure: str = ""  # Procedura
    annex15: bool = False  # P_12_Zal_15
    excise: Amount | None = None  # KwotaAkcyzy
    lot: str = ""  # goes into NrPartiiTowaru
    attributes: tuple["AttributeContent", ...] = ()  # DodatkowyOpis of the row
    before: bool = False  # StanPrzed: a correction's row as it was
    number: Annotated[int, Field(ge=1)] | None = None  # NrWierszaFa where not the next one
    uuid: Annotated[str, Field(max_length=50)] = ""  # UU_ID: kept through corrections


class AttributeContent(Part):
    """DodatkowyOpis: only attributes marked for KSeF are written into the invoice."""

    key: Annotated[str, Field(max_length=256)]
    value: Annotated[str, Field(max_length=256)]
    in_ksef: bool = True


class AnnotationsContent(Part):
    """Adnotacje; the „no” marks are written where nothing else is said."""

    cash_method: bool = False  # P_16
    self_billing: bool = False  # P_17
    reverse_charge: bool = False  # P_18
    split_payment: bool = False  # P_18A
    exempt_by: Literal["", "act", "directive", "other"] = ""  # P_19A, P_19B, P_19C
    exempt_basis: str = ""
    triangular: bool = False  # P_23
    margin: Literal["", "tourism", "used_goods", "art", "antiques"] = ""  # P_PMarzy_...


class AccountContent(Part):
    number: str  # NrRB
    swift: str = ""
    bank: str = ""
    description: str = ""
    factor: bool = False  # RachunekBankowyFaktora
    own_account: Literal["", "1", "2", "3"] = ""  # RachunekWlasnyBanku


class TermContent(Part):
    """TerminPlatnosci: a date, or a count from an event."""

    due: date | None = None
    count: int | None = None
    unit: str = ""
    event: str = ""


class PaidContent(Part):
    """ZaplataCzesciowa."""

    amount: Amount
    paid_on: date
    method: str = ""  # FormaPlatnosci 1-7
    method_text: str = ""  # OpisPlatnosci, instead of method


class PaymentContent(Part):
    method: str = (
        ""  # FormaPlatnosci: 1 cash, 2 card, 3 voucher, 4 cheque, 5 credit, 6 transfer, 7 mobile
    )
    method_text: str = ""  # OpisPlatnosci, instead of method
    terms: tuple[TermContent, ...] = ()
    accounts: tuple[AccountContent, ...] = ()
    paid: bool = False
    paid_on: date | None = None
    partial: tuple[PaidContent, ...] = ()
    discount_conditions: str = ""  # Skonto
    discount_amount: str = ""
    link: str = ""
    ipksef: str = ""  # IPKSeF, which `link` carries too


class ChargeContent(Part):
    amount: Amount
    reason: str


class CorrectedContent(Part):
    """DaneFaKorygowanej; without a KSeF number the original had none (NrKSeFN)."""

    number: str = ""
    issue_date: date | None = None
    ksef_number: str = ""
    sale_id: int | None = None  # our own document, whose number is not known yet


class CorrectionContent(Part):
    reason: str = ""
    effect: Literal["", "1", "2", "3"] = ""  # TypKorekty
    corrected: tuple[CorrectedContent, ...] = ()
    period: str = ""  # OkresFaKorygowanej
    right_number: str = ""  # NrFaKorygowany
    seller_before: PartyContent | None = None  # Podmiot1K
    buyer_before: BuyerContent | None = None  # Podmiot2K
    total_before: Amount | None = None  # P_15ZK
    exchange_rate_before: Rate | None = None  # KursWalutyZK
    sums: tuple["SumContent", ...] = ()  # differences said outright, instead of the rows'


class SumContent(Part):
    """P_13_x and P_14_x of one rate, where the rows do not say them."""

    rate: str  # P_12; "oss" is P_13_5, "margin" is P_13_11
    net: Amount
    tax: Amount | None = None  # computed from `net` where missing
    tax_pln: Amount | None = None  # P_14_xW; computed by the exchange rate where missing


class AdvanceContent(Part):
    """FakturaZaliczkowa: an advance that this invoice settles."""

    ksef_number: str = ""
    number: str = ""  # of an advance outside KSeF
    sale_id: int | None = None
    gross: Amount | None = None  # what it took off the order
    sums: tuple[SumContent, ...] = ()  # the same by rate; else `gross` is spread over the rows


class AdvancePaymentContent(Part):
    """ZaliczkaCzesciowa."""

    received_on: date
    amount: Amount
    exchange_rate: Rate | None = None


class SaleContent(Part):
    """The whole draft."""

    kind: Kind = "VAT"  # RodzajFaktury
    number: Annotated[str, Field(max_length=256)] = ""  # P_2, where it is not from our series
    series: str = ""  # code of the client's series; empty: the one for this kind
    currency: Annotated[str, Field(min_length=3, max_length=3)] = "PLN"
    exchange_rate: Rate | None = None  # PLN for one unit of the currency
    issue_date: date | None = None  # P_1; empty: the day of issuing
    place: str = ""  # P_1M
    sale_date: date | None = None  # P_6; written only where it differs from P_1
    period_from: date | None = None  # OkresFa
    period_to: date | None = None
    prices: Literal["net", "gross"] = "net"
    buyer: BuyerContent = BuyerContent()
    contractor: int | None = None  # id of the client's contractor that the buyer was taken from
    seller: PartyContent | None = None  # self-billing: the supplier; the client is the buyer
    third_parties: tuple[ThirdPartyContent, ...] = ()
    lines: tuple[LineContent, ...] = ()
    annotations: AnnotationsContent = AnnotationsContent()
    to_receipt: bool = False  # FP
    related_parties: bool = False  # TP
    payment: PaymentContent = PaymentContent()
    charges: tuple[ChargeContent, ...] = ()  # Obciazenia
    deductions: tuple[ChargeContent, ...] = ()  # Odliczenia
    correction: CorrectionContent | None = None
    order_lines: tuple[LineContent, ...] = ()  # ZAL: Zamowienie
    advance_payments: tuple[AdvancePaymentContent, ...] = ()  # ZAL: what was received
    advances: tuple[AdvanceContent, ...] = ()  # ROZ
    attributes: tuple[AttributeContent, ...] = ()  # DodatkowyOpis of the header
    warehouse_documents: tuple[str, ...] = ()  # WZ
    contracts: tuple["ReferenceContent", ...] = ()  # Umowy
    orders: tuple["ReferenceContent", ...] = ()  # Zamowienia
    delivery_terms: str = ""  # WarunkiDostawy
    lots: tuple[str, ...] = ()  # NrPartiiTowaru, besides those of the lines
    sums: tuple[SumContent, ...] = ()  # UPR: amounts by rate where the rows have none
    total: Amount | None = None  # P_15 where sums given outright (or none, UPR) do not make it
    footer: str = ""  # StopkaFaktury


class ReferenceContent(Part):
    """A contract or an order with its day."""

    number: str = ""
    day: date | None = None


SaleContent.model_rebuild()
