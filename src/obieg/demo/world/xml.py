"""A document written as FA(3)."""

from collections.abc import Iterator
from decimal import Decimal
from xml.sax.saxutils import escape

from obieg.core.money import to_grosze
from obieg.demo.world.documents import Document, Line
from obieg.demo.world.firms import Firm
from obieg.demo.world.sums import FIELDS, Sums, gross_of, sums_of, sums_of_lines

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"
SPLIT_PAYMENT_FROM = Decimal(15000)  # gross, PLN; art. 108a(1a)
TRANSFER = "6"


def xml_of(document: Document) -> bytes:
    """The document's XML, UTF-8, valid by the schema FA(3) 1-0E."""
    parts = [
        *header(document),
        *seller(document.seller),
        *buyer(document.buyer),
        "<Fa>",
        *invoice(document),
        "</Fa></Faktura>",
    ]
    return "".join(parts).encode()


def header(document: Document) -> Iterator[str]:
    yield f"<?xml version='1.0' encoding='UTF-8'?>\n<Faktura xmlns=\"{NAMESPACE}\"><Naglowek>"
    yield '<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>'
    yield "<WariantFormularza>3</WariantFormularza>"
    yield f"<DataWytworzeniaFa>{document.made_at:%Y-%m-%dT%H:%M:%SZ}</DataWytworzeniaFa>"
    yield f"<SystemInfo>{escape(document.system)}</SystemInfo></Naglowek>"


def seller(firm: Firm) -> Iterator[str]:
    yield f"<Podmiot1><DaneIdentyfikacyjne><NIP>{firm.nip}</NIP>"
    yield f"<Nazwa>{escape(firm.name)}</Nazwa></DaneIdentyfikacyjne>"
    yield from address(firm)
    yield "</Podmiot1>"


def buyer(firm: Firm) -> Iterator[str]:
    yield "<Podmiot2><DaneIdentyfikacyjne>"
    if firm.nip:
        yield f"<NIP>{firm.nip}</NIP>"
    elif firm.vat_ue:
        yield f"<KodUE>{firm.country}</KodUE><NrVatUE>{firm.vat_ue}</NrVatUE>"
    else:
        yield "<BrakID>1</BrakID>"
    yield f"<Nazwa>{escape(firm.name)}</Nazwa></DaneIdentyfikacyjne>"
    yield from address(firm)
    yield "<JST>2</JST><GV>2</GV></Podmiot2>"


def address(firm: Firm) -> Iterator[str]:
    yield f"<Adres><KodKraju>{firm.country}</KodKraju><AdresL1>{escape(firm.street)}</AdresL1>"
    yield f"<AdresL2>{escape(firm.town)}</AdresL2></Adres>"
    if firm.email:
        yield f"<DaneKontaktowe><Email>{firm.email}</Email></DaneKontaktowe>"


def invoice(document: Document) -> Iterator[str]:
    sums = sums_of(document)
    gross = gross_of(sums)
    yield f"<KodWaluty>{document.currency}</KodWaluty><P_1>{document.issued}</P_1>"
    yield f"<P_2>{escape(document.number)}</P_2>"
    yield from dates(document)
    yield from totals(document, sums)
    yield f"<P_15>{gross}</P_15>"
    yield from annotations(document, gross)
    yield f"<RodzajFaktury>{document.kind}</RodzajFaktury>"
    yield from correction(document)
    yield from details(document)
    if document.advance_number:
        number = document.advance_number
        yield f"<FakturaZaliczkowa><NrKSeFFaZaliczkowej>{number}</NrKSeFFaZaliczkowej>"
        yield "</FakturaZaliczkowa>"
    if document.kind != "ZAL":
        for line in document.lines:
            yield invoice_line(document, line)
    yield from settlement(document, gross)
    yield from payment(document)
    if document.kind == "ZAL":
        yield from order(document)


def dates(document: Document) -> Iterator[str]:
    if document.period:
        first, last = document.period
        yield f"<OkresFa><P_6_Od>{first}</P_6_Od><P_6_Do>{last}</P_6_Do></OkresFa>"
    else:
        yield f"<P_6>{document.issued}</P_6>"


def totals(document: Document, sums: Sums) -> Iterator[str]:
    for rate, (net, tax) in sums.items():
        ending = FIELDS[rate]
        yield f"<P_13_{ending}>{net}</P_13_{ending}>"
        if rate.isdigit():
            yield f"<P_14_{ending}>{tax}</P_14_{ending}>"
            if document.currency != "PLN":
                in_pln = to_grosze(tax * document.exchange_rate)
                yield f"<P_14_{ending}W>{in_pln}</P_14_{ending}W>"


def annotations(document: Document, gross: Decimal) -> Iterator[str]:
    reverse = any(line.rate == "oo" for line in document.lines)
    exempt = document.exemption and any(line.rate == "zw" for line in document.lines)
    yield "<Adnotacje><P_16>2</P_16><P_17>2</P_17>"
    yield f"<P_18>{1 if reverse else 2}</P_18>"
    yield f"<P_18A>{1 if split_payment(document, gross) else 2}</P_18A><Zwolnienie>"
    yield f"<P_19>1</P_19><P_19A>{document.exemption}</P_19A>" if exempt else "<P_19N>1</P_19N>"
    yield "</Zwolnienie><NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu>"
    yield "<P_23>2</P_23><PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje>"


def split_payment(document: Document, gross: Decimal) -> bool:
    """Whether the law obliges to pay in two: over 15,000 PLN with goods of annex 15."""
    named = any(line.annex_15 for line in document.lines)
    return named and gross * document.exchange_rate > SPLIT_PAYMENT_FROM


def correction(document: Document) -> Iterator[str]:
    if corrected := document.corrected:
        yield f"<PrzyczynaKorekty>{escape(corrected.reason)}</PrzyczynaKorekty>"
        yield f"<TypKorekty>{corrected.effect}</TypKorekty><DaneFaKorygowanej>"
        yield f"<DataWystFaKorygowanej>{corrected.issued}</DataWystFaKorygowanej>"
        yield f"<NrFaKorygowanej>{escape(corrected.number)}</NrFaKorygowanej><NrKSeF>1</NrKSeF>"
        yield f"<NrKSeFFaKorygowanej>{corrected.ksef_number}</NrKSeFFaKorygowanej>"
        yield "</DaneFaKorygowanej>"


def details(document: Document) -> Iterator[str]:
    for key, value in document.details:
        yield f"<DodatkowyOpis><Klucz>{escape(key)}</Klucz><Wartosc>{escape(value)}</Wartosc>"
        yield "</DodatkowyOpis>"


def invoice_line(document: Document, line: Line) -> str:
    price, amount = ("P_9B", "P_11A") if document.gross_priced else ("P_9A", "P_11")
    return "".join(
        (
            f"<FaWiersz><NrWierszaFa>{line.number}</NrWierszaFa><P_7>{escape(line.text)}</P_7>",
            f"<P_8A>{line.unit}</P_8A><P_8B>{line.quantity}</P_8B><{price}>{line.price}</{price}>",
            f"<P_10>{line.discount}</P_10>" if line.discount else "",
            f"<{amount}>{line.amount}</{amount}><P_12>{line.rate}</P_12>",
            f"<GTU>{line.gtu}</GTU>" if line.gtu else "",
            ""
            if document.currency == "PLN"
            else f"<KursWaluty>{document.exchange_rate}</KursWaluty>",
            "<StanPrzed>1</StanPrzed>" if line.before else "",
            "</FaWiersz>",
        )
    )


def settlement(document: Document, gross: Decimal) -> Iterator[str]:
    if balance := document.balance:
        name, total = ("Odliczenia", "Odliczen") if balance.deducted else ("Obciazenia", "Obciazen")
        to_pay = gross - balance.amount if balance.deducted else gross + balance.amount
        yield f"<Rozliczenie><{name}><Kwota>{balance.amount}</Kwota>"
        yield f"<Powod>{escape(balance.reason)}</Powod></{name}>"
        yield f"<Suma{total}>{balance.amount}</Suma{total}>"
        yield f"<DoZaplaty>{to_pay}</DoZaplaty></Rozliczenie>"


def payment(document: Document) -> Iterator[str]:
    yield "<Platnosc>"
    if document.paid:
        yield f"<Zaplacono>1</Zaplacono><DataZaplaty>{document.issued}</DataZaplaty>"
    elif document.due:
        yield f"<TerminPlatnosci><Termin>{document.due}</Termin></TerminPlatnosci>"
    yield f"<FormaPlatnosci>{document.payment}</FormaPlatnosci>"
    if document.payment == TRANSFER:
        yield f"<RachunekBankowy><NrRB>{document.seller.account}</NrRB></RachunekBankowy>"
    yield "</Platnosc>"


def order(document: Document) -> Iterator[str]:
    """What an advance is paid towards; the order's value is gross."""
    sums = sums_of_lines(document.lines, gross_priced=False)
    yield f"<Zamowienie><WartoscZamowienia>{gross_of(sums)}</WartoscZamowienia>"
    for line in document.lines:
        tax = sums_of_lines([line], gross_priced=False)[line.rate][1]
        yield f"<ZamowienieWiersz><NrWierszaZam>{line.number}</NrWierszaZam>"
        yield f"<P_7Z>{escape(line.text)}</P_7Z><P_8AZ>{line.unit}</P_8AZ>"
        yield f"<P_8BZ>{line.quantity}</P_8BZ><P_9AZ>{line.price}</P_9AZ>"
        yield f"<P_11NettoZ>{line.amount}</P_11NettoZ><P_11VatZ>{tax}</P_11VatZ>"
        yield f"<P_12Z>{line.rate}</P_12Z></ZamowienieWiersz>"
    yield "</Zamowienie>"
