"""UPO 4.3, the Ministry's official receipt for invoices, as one immutable record."""

from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from obieg.core.errors import UserFixable
from obieg.fa.codec import read_date, read_moment, read_token
from obieg.fa.document import read_xml
from obieg.fa.errors import UnreadableInvoice

NAMESPACE = "http://upo.schematy.mf.gov.pl/KSeF/v4-3"
MAX_BYTES = 20_000_000  # 10,000 entries of the longest values that the schema allows, and room

_CONTEXTS = ("Nip", "IdWewnetrzny", "IdZlozonyVatUE", "IdDostawcyUslugPeppol")

Element = etree._Element  # noqa: SLF001 -- lxml gives its elements' type no public name


class UnreadableUpo(UserFixable):
    """The bytes are not a receipt of version 4.3; `reason` says in Polish what is wrong."""

    code = "fa.upo_unreadable"
    message_pl = "Nie można odczytać UPO: {reason}"


@dataclass(frozen=True, slots=True)
class UpoEntry:
    """Dokument: one invoice that KSeF accepted; moments are aware."""

    seller_nip: str  # NipSprzedawcy
    ksef_number: str  # NumerKSeFDokumentu
    number: str  # NumerFaktury
    issue_date: date  # DataWystawieniaFaktury
    sent_at: datetime  # DataPrzeslaniaDokumentu
    accepted_at: datetime  # DataNadaniaNumeruKSeF: the moment of receipt by the buyer
    digest: str  # SkrotDokumentu: SHA-256 of the XML, Base64
    mode: str  # TrybWysylki: Online or Offline


@dataclass(frozen=True, slots=True)
class UpoPart:
    """OpisPotwierdzenia: which part of a long receipt this is; documents from, up to before."""

    page: int  # Strona
    pages: int  # LiczbaStron
    first: int  # ZakresDokumentowOd
    end: int  # ZakresDokumentowDo, exclusive
    documents: int  # CalkowitaLiczbaDokumentow


@dataclass(frozen=True, slots=True)
class Upo:
    """Potwierdzenie."""

    issuer: str  # NazwaPodmiotuPrzyjmujacego; names the environment where it is not production
    session: str  # NumerReferencyjnySesji
    context_type: str  # the element's name: Nip, IdWewnetrzny, IdZlozonyVatUE, ...
    context: str
    token: str  # NumerReferencyjnyTokenaKSeF, or empty
    authentication_digest: str  # SkrotDokumentuUwierzytelniajacego, or empty
    part: UpoPart | None
    structure: str  # NazwaStrukturyLogicznej
    form: str  # KodFormularza
    schema_version: str  # wersjaSchemy, or empty
    entries: tuple[UpoEntry, ...]


def read_upo(xml: bytes) -> Upo:
    """The receipt that `xml` holds, whether its signature is there or not; or UnreadableUpo."""
    try:
        root = read_xml(xml, limit=MAX_BYTES)
    except UnreadableInvoice as error:
        raise UnreadableUpo(reason=str(error)) from error
    if root.tag != f"{{{NAMESPACE}}}Potwierdzenie":
        name = etree.QName(root).localname
        raise UnreadableUpo(
            reason=f"głównym elementem pliku jest „{name}”, a nie „Potwierdzenie” w wersji 4.3."
        )
    entries = tuple(_entry(element) for element in root.iterfind(f"{{{NAMESPACE}}}Dokument"))
    if not entries:
        raise UnreadableUpo(reason="nie wymienia żadnego dokumentu.")
    context_type, context = _context(root)
    return Upo(
        issuer=_text(root, "NazwaPodmiotuPrzyjmujacego"),
        session=_text(root, "NumerReferencyjnySesji"),
        context_type=context_type,
        context=context,
        token=_optional(root, "Uwierzytelnienie/NumerReferencyjnyTokenaKSeF"),
        authentication_digest=_optional(root, "Uwierzytelnienie/SkrotDokumentuUwierzytelniajacego"),
        part=_part(root),
        structure=_text(root, "NazwaStrukturyLogicznej"),
        form=_text(root, "KodFormularza"),
        schema_version=root.get("wersjaSchemy", ""),
        entries=entries,
    )


def _context(root: Element) -> tuple[str, str]:
    for name in _CONTEXTS:
        if value := _optional(root, f"Uwierzytelnienie/IdKontekstu/{name}"):
            return name, value
    raise _missing("IdKontekstu")


def _part(root: Element) -> UpoPart | None:
    element = root.find(f"{{{NAMESPACE}}}OpisPotwierdzenia")
    if element is None:
        return None
    names = (
        *("Strona", "LiczbaStron", "ZakresDokumentowOd", "ZakresDokumentowDo"),
        "CalkowitaLiczbaDokumentow",
    )
    return UpoPart(*(_number(element, name) for name in names))


def _entry(element: Element) -> UpoEntry:
    return UpoEntry(
        seller_nip=_text(element, "NipSprzedawcy"),
        ksef_number=_text(element, "NumerKSeFDokumentu"),
        number=_text(element, "NumerFaktury"),
        issue_date=_day(element, "DataWystawieniaFaktury"),
        sent_at=_moment(element, "DataPrzeslaniaDokumentu"),
        accepted_at=_moment(element, "DataNadaniaNumeruKSeF"),
        digest=_text(element, "SkrotDokumentu"),
        mode=_text(element, "TrybWysylki"),
    )


def _number(element: Element, name: str) -> int:
    text = _text(element, name)
    if not (text.isascii() and text.isdigit()):
        raise _wrong(name, text, "liczba całkowita")
    return int(text)


def _day(element: Element, name: str) -> date:
    text = _text(element, name)
    try:
        return read_date(text)
    except ValueError:
        raise _wrong(name, text, "data RRRR-MM-DD") from None


def _moment(element: Element, name: str) -> datetime:
    text = _text(element, name)
    try:
        return read_moment(text)
    except ValueError:
        raise _wrong(name, text, "data i godzina") from None


def _text(element: Element, name: str) -> str:
    text = _optional(element, name)
    if not text:
        raise _missing(name)
    return text


def _optional(element: Element, path: str) -> str:
    steps = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return read_token(element.findtext(steps) or "")


def _missing(name: str) -> UnreadableUpo:
    return UnreadableUpo(reason=f"brakuje pola {name}.")


def _wrong(name: str, value: str, expected: str) -> UnreadableUpo:
    return UnreadableUpo(
        reason=f"pole {name} zawiera „{value[:100]}”, a powinno zawierać: {expected}."
    )
