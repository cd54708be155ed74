"""FA(3) documents for tests, as few elements as reading needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"
SUMS = {"23": ("P_13_1", "P_14_1"), "8": ("P_13_2", "P_14_2"), "5": ("P_13_3", "P_14_3")}
UNTAXED_SUMS = {"zw": "P_13_7", "0 WDT": "P_13_6_2", "np I": "P_13_8"}


@dataclass(frozen=True)
class Row:
    """One FaWiersz; `before` marks a correction's state before."""

    text: str
    net: Decimal
    rate: str = "23"
    number: int = 0
    before: bool = False
    exchange_rate: Decimal | None = None

    @property
    def tax(self) -> Decimal:
        if not self.rate.isdigit():
            return Decimal(0)
        return (self.net * int(self.rate) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Paper:
    """A document; its sums follow from its rows unless given."""

    rows: Sequence[Row] = (Row("Papier ksero A4", Decimal("100.00")),)
    seller: str = "9990000018"
    seller_name: str = "Orlik sp. z o.o."
    buyer: str = "9990000024"
    buyer_name: str = "Bór sp. z o.o."
    number: str = "FV/1/2026"
    kind: str = "VAT"
    currency: str = "PLN"
    issued: date = date(2026, 11, 3)
    sold: date | None = None
    total: Decimal | None = None
    to_pay: Decimal | None = None
    sums: dict[str, Decimal] = field(
        default_factory=dict
    )  # element -> amount; instead of the rows'

    def but(self, **changes: object) -> "Paper":
        return replace(self, **changes)

    def xml(self) -> bytes:
        sums = self.sums or self._sums()
        total = sum(v for k, v in sums.items() if not k.endswith("W"))
        parts = [
            f"<KodWaluty>{self.currency}</KodWaluty><P_1>{self.issued}</P_1>",
            f"<P_2>{escape(self.number)}</P_2>",
            f"<P_6>{self.sold}</P_6>" if self.sold else "",
            *(f"<{name}>{amount}</{name}>" for name, amount in sums.items()),
            f"<P_15>{total if self.total is None else self.total}</P_15>",
            f"<RodzajFaktury>{self.kind}</RodzajFaktury>",
            *(self._row(place, row) for place, row in enumerate(self.rows, 1)),
            f"<Rozliczenie><DoZaplaty>{self.to_pay}</DoZaplaty></Rozliczenie>"
            if self.to_pay
            else "",
        ]
        head = (
            '<Naglowek><KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>'
            "<WariantFormularza>3</WariantFormularza></Naglowek>"
        )
        seller = self._party("Podmiot1", self.seller, self.seller_name)
        buyer = self._party("Podmiot2", self.buyer, self.buyer_name)
        body = f"{head}{seller}{buyer}<Fa>{''.join(parts)}</Fa>"
        return f'<Faktura xmlns="{NAMESPACE}">{body}</Faktura>'.encode()

    def _sums(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for row in self.rows:
            sign = -1 if row.before else 1
            if row.rate in SUMS:
                net, tax = SUMS[row.rate]
                sums[tax] = sums.get(tax, Decimal(0)) + sign * row.tax
            else:
                net = UNTAXED_SUMS[row.rate]
            sums[net] = sums.get(net, Decimal(0)) + sign * row.net
        return dict(sorted(sums.items()))

    def _row(self, place: int, row: Row) -> str:
        return (
            f"<FaWiersz><NrWierszaFa>{row.number or place}</NrWierszaFa>"
            f"<P_7>{escape(row.text)}</P_7><P_8B>1</P_8B><P_9A>{row.net}</P_9A><P_11>{row.net}</P_11><P_12>{row.rate}</P_12>"
            + (f"<KursWaluty>{row.exchange_rate}</KursWaluty>" if row.exchange_rate else "")
            + ("<StanPrzed>1</StanPrzed>" if row.before else "")
            + "</FaWiersz>"
        )

    @staticmethod
    def _party(element: str, nip: str, name: str) -> str:
        return (
            f"<{element}><DaneIdentyfikacyjne><NIP>{nip}</NIP><Nazwa>{escape(name)}</Nazwa>"
            f"</DaneIdentyfikacyjne></{element}>"
        )
