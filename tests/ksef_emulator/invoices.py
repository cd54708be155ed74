"""Invented FA(3) invoices, valid by schema."""

import datetime as dt
import random
from decimal import Decimal

SELLER = "9990000012"
BUYER = "9990000029"


def nip(number: int) -> str:
    """An invented NIP with a valid check digit: prefix 999, then `number`."""
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    while True:
        digits = f"999{number:06d}"
        check = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        number += 100_000


def fa3(
    number: str,
    *,
    seller: str,
    buyer: str,
    net: Decimal = Decimal("100.00"),
    issued: dt.date | None = None,
    extra_parties: str = "",
    self_invoicing: bool = False,
    kind: str = "VAT",
    lines: int = 1,
) -> bytes:
    vat = (net * Decimal("0.23")).quantize(Decimal("0.01"))
    rows = "".join(
        f"<FaWiersz><NrWierszaFa>{place}</NrWierszaFa><P_7>Usługa {place}</P_7><P_8A>szt.</P_8A>"
        f"<P_8B>1</P_8B><P_9A>{net}</P_9A><P_11>{net}</P_11><P_12>23</P_12></FaWiersz>"
        for place in range(1, lines + 1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek>
<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
<WariantFormularza>3</WariantFormularza><DataWytworzeniaFa>2026-02-01T00:00:00Z</DataWytworzeniaFa>
<SystemInfo>Próba</SystemInfo></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>{seller}</NIP><Nazwa>Sprzedawca {seller}</Nazwa>
</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>ul. Próbna 1</AdresL1></Adres>
</Podmiot1>
<Podmiot2><DaneIdentyfikacyjne><NIP>{buyer}</NIP><Nazwa>Nabywca {buyer}</Nazwa>
</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>ul. Próbna 2</AdresL1></Adres>
<JST>2</JST><GV>2</GV></Podmiot2>{extra_parties}
<Fa><KodWaluty>PLN</KodWaluty><P_1>{issued or dt.date(2026, 2, 1)}</P_1><P_2>{number}</P_2>
<P_13_1>{net}</P_13_1><P_14_1>{vat}</P_14_1><P_15>{net + vat}</P_15>
<Adnotacje><P_16>2</P_16><P_17>{1 if self_invoicing else 2}</P_17><P_18>2</P_18><P_18A>2</P_18A>
<Zwolnienie><P_19N>1</P_19N></Zwolnienie><NoweSrodkiTransportu><P_22N>1</P_22N>
</NoweSrodkiTransportu><P_23>2</P_23><PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje>
<RodzajFaktury>{kind}</RodzajFaktury>{rows}</Fa></Faktura>""".encode()


def third_party(value: str, *, tag: str = "NIP", role: int = 4) -> str:
    return (
        f"<Podmiot3><DaneIdentyfikacyjne><{tag}>{value}</{tag}><Nazwa>Podmiot trzeci</Nazwa>"
        f"</DaneIdentyfikacyjne><Rola>{role}</Rola></Podmiot3>"
    )


def many(count: int, *, sellers: list[str], buyers: list[str], lines: int = 8) -> dict[str, bytes]:
    """Files of invoices between the given firms, always the same."""
    chance = random.Random(7)
    return {
        f"{place:06d}.xml": fa3(
            f"FV/{place}",
            seller=chance.choice(sellers),
            buyer=chance.choice(buyers),
            net=Decimal(chance.randrange(1, 10_000_00)) / 100,
            lines=lines,
        )
        for place in range(count)
    }
