"""VAT rates of P_12 and the sums P_13_x, P_14_x, P_14_xW that belong to them."""

from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import ZERO, to_grosze

HUNDRED = Decimal(100)

RATES = {  # P_12: its name on the screen
    "23": "23%",
    "22": "22%",
    "8": "8%",
    "7": "7%",
    "5": "5%",
    "4": "4%",
    "3": "3%",
    "0 KR": "0% (kraj)",
    "0 WDT": "0% (WDT)",
    "0 EX": "0% (eksport)",
    "zw": "zwolnione",
    "oo": "odwrotne obciążenie",
    "np I": "niepodlegające (poza krajem)",
    "np II": "niepodlegające (art. 100 ust. 1 pkt 4)",
}


@dataclass(frozen=True, slots=True)
class SumFields:
    """The elements of one group of sums, in the schema's order, and the rates it gathers."""

    net: str
    tax: str
    tax_pln: str
    label: str
    rates: tuple[str, ...]


SUMS = (
    SumFields("P_13_1", "P_14_1", "P_14_1W", "23% lub 22%", ("23", "22")),
    SumFields("P_13_2", "P_14_2", "P_14_2W", "8% lub 7%", ("8", "7")),
    SumFields("P_13_3", "P_14_3", "P_14_3W", "5%", ("5",)),
    SumFields("P_13_4", "P_14_4", "P_14_4W", "ryczałt taksówek (4% lub 3%)", ("4", "3")),
    SumFields("P_13_5", "P_14_5", "", "procedura OSS", ()),
    SumFields("P_13_6_1", "", "", "0% (kraj)", ("0 KR",)),
    SumFields("P_13_6_2", "", "", "0% (WDT)", ("0 WDT",)),
    SumFields("P_13_6_3", "", "", "0% (eksport)", ("0 EX",)),
    SumFields("P_13_7", "", "", "zwolnione", ("zw",)),
    SumFields("P_13_8", "", "", "niepodlegające (poza krajem)", ("np I",)),
    SumFields("P_13_9", "", "", "niepodlegające (art. 100 ust. 1 pkt 4)", ("np II",)),
    SumFields("P_13_10", "", "", "odwrotne obciążenie", ("oo",)),
    SumFields("P_13_11", "", "", "procedura marży", ()),
)
SUM_BY_FIELD = {fields.net: fields for fields in SUMS}
SUM_BY_RATE = {rate: fields for fields in SUMS for rate in fields.rates}

_PERCENT = {rate: Decimal(rate) for rate in RATES if rate.isdigit()}


def percent_of(rate: str, rate_oss: Decimal | None = None) -> Decimal:
    """The percentage of a P_12 code, else P_12_XII, else 0."""
    return _PERCENT.get(rate) or rate_oss or ZERO


def tax_on(net: Decimal, percent: Decimal) -> Decimal:
    """The tax on a net amount, in grosze."""
    return to_grosze(net * percent / HUNDRED)


def tax_in(gross: Decimal, percent: Decimal) -> Decimal:
    """The tax within a gross amount, in grosze (art. 106e(7) VAT Act)."""
    return to_grosze(gross * percent / (HUNDRED + percent))
