"""What may be chosen in the form of an invoice; the codes are those of FA(3)."""

from obieg.fa.rates import RATES
from obieg.fa.view.codes import CODES, KINDS

NONE = ("", "–")
OSS = "OSS"  # in the list of rates: the rate of another country, P_12_XII
UNITS = (
    "szt.",
    "usł.",
    "godz.",
    "kpl.",
    "kg",
    "t",
    "l",
    "m",
    "m2",
    "m3",
    "km",
    "opak.",
    "dzień",
    "m-c",
)


def _short(rate: str) -> str:
    if rate.isdecimal():
        return f"{rate}%"
    return rate.replace("0 ", "0% ") if rate.startswith("0 ") else rate


KIND_CHOICES = [(code, f"{code} – {name.lower()}") for code, name in KINDS.items()]
RATE_CHOICES = [NONE, *((rate, _short(rate)) for rate in RATES), (OSS, "OSS")]
SUM_RATE_CHOICES = [*RATE_CHOICES[:-1], ("oss", "OSS"), ("margin", "marża")]
GTU_CHOICES = [NONE, *((code, f"{code[4:]} {name}") for code, name in CODES["GTU"].items())]
PROCEDURE_CHOICES = [
    NONE,
    *((code, f"{code}: {name}") for code, name in CODES["Procedura"].items()),
]
METHOD_CHOICES = [NONE, *CODES["FormaPlatnosci"].items()]
ROLE_CHOICES = [NONE, *((code, f"{code} – {name}") for code, name in CODES["Rola"].items())]
EFFECT_CHOICES = [NONE, *CODES["TypKorekty"].items()]
PRICES_CHOICES = [("net", "netto"), ("gross", "brutto")]
EXEMPT_CHOICES = [
    NONE,
    ("act", "ustawa lub rozporządzenie"),
    ("directive", "dyrektywa 2006/112/WE"),
    ("other", "inna podstawa"),
]
MARGIN_CHOICES = [
    NONE,
    ("tourism", "biura podróży"),
    ("used_goods", "towary używane"),
    ("art", "dzieła sztuki"),
    ("antiques", "przedmioty kolekcjonerskie i antyki"),
]
BEFORE_CHOICES = [("", "po"), ("1", "przed")]
