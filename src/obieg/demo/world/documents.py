"""An invoice before it is written: parties, dates, lines, and everything that its XML says."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.demo.world.clients import Client
from obieg.demo.world.firms import Firm
from obieg.demo.world.postings import Truth


@dataclass(slots=True)
class Line:
    """A line; `amount` is its net, or in an invoice priced gross its gross (P_11, P_11A)."""

    number: int  # NrWierszaFa
    text: str  # P_7
    unit: str  # P_8A
    quantity: Decimal  # P_8B
    price: Decimal  # P_9A or P_9B
    discount: Decimal  # P_10, off the whole line
    amount: Decimal
    rate: str  # P_12
    category: str
    gtu: str = ""
    annex_15: bool = False
    before: bool = False  # StanPrzed


@dataclass(frozen=True, slots=True)
class Corrected:
    """The invoice that a correction corrects, and why."""

    issued: date
    number: str
    ksef_number: str
    reason: str
    effect: str  # TypKorekty


@dataclass(frozen=True, slots=True)
class Balance:
    """An amount beside the invoice's own: a charge (Obciazenia) or a deduction (Odliczenia)."""

    amount: Decimal
    reason: str
    deducted: bool


@dataclass(slots=True)
class Document:
    """One invoice; `client` is the side that the office serves."""

    client: Client
    direction: str  # purchase or sale
    seller: Firm
    buyer: Firm
    kind: str  # RodzajFaktury
    number: str  # P_2
    issued: date  # P_1
    made_at: datetime  # DataWytworzeniaFa, UTC
    lines: list[Line]
    gross_priced: bool = False
    period: tuple[date, date] | None = None  # OkresFa
    currency: str = "PLN"
    exchange_rate: Decimal = Decimal(1)  # PLN for one unit
    exemption: str = ""  # P_19A
    payment: str = "6"  # FormaPlatnosci
    due: date | None = None
    paid: bool = False
    details: list[tuple[str, str]] = field(default_factory=list)  # DodatkowyOpis
    balance: Balance | None = None
    corrected: Corrected | None = None
    advance: Decimal = ZERO  # gross of a ZAL; of a ROZ the gross paid before
    advance_number: str = ""  # KSeF number of the advance that a ROZ settles
    system: str = "Fakturnik 3"
    truth: dict[int, Truth] = field(default_factory=dict)  # by NrWierszaFa
