"""What a correcting, advance or settling invoice says about the other invoices."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from obieg.core.money import ZERO
from obieg.fa.model.party import Buyer, Seller
from obieg.fa.shape import record


@record
class CorrectedInvoice:
    """DaneFaKorygowanej."""

    issue_date: Annotated[date | None, "DataWystFaKorygowanej"] = None
    number: Annotated[str, "NrFaKorygowanej"] = ""
    in_ksef: Annotated[bool, "NrKSeF"] = False
    ksef_number: Annotated[str, "NrKSeFFaKorygowanej"] = ""
    outside_ksef: Annotated[bool, "NrKSeFN"] = False


@record
class Correction:
    """The group of Fa that a correcting invoice has."""

    reason: Annotated[str, "PrzyczynaKorekty"] = ""
    effect: Annotated[str, "TypKorekty"] = ""  # 1 original period, 2 period of this one, 3 other
    corrected: Annotated[tuple[CorrectedInvoice, ...], "DaneFaKorygowanej"] = ()
    period: Annotated[str, "OkresFaKorygowanej"] = ""  # collective correction, art. 106j(3)
    right_number: Annotated[str, "NrFaKorygowany"] = ""
    seller_before: Annotated[Seller | None, "Podmiot1K"] = None
    buyers_before: Annotated[tuple[Buyer, ...], "Podmiot2K"] = ()
    total_before: Annotated[Decimal | None, "P_15ZK"] = None
    exchange_rate_before: Annotated[Decimal | None, "KursWalutyZK"] = None


@record
class AdvancePayment:
    """ZaliczkaCzesciowa: one of several payments that an advance invoice documents."""

    received_on: Annotated[date | None, "P_6Z"] = None
    amount: Annotated[Decimal, "P_15Z"] = ZERO
    exchange_rate: Annotated[Decimal | None, "KursWalutyZW"] = None


@record
class AdvanceInvoice:
    """FakturaZaliczkowa: an earlier advance invoice that this one settles."""

    outside_ksef: Annotated[bool, "NrKSeFZN"] = False
    number: Annotated[str, "NrFaZaliczkowej"] = ""
    ksef_number: Annotated[str, "NrKSeFFaZaliczkowej"] = ""
