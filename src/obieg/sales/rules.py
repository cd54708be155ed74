"""What is checked of a draft beyond its document: what only the client's books can tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from obieg.core.nip import is_nip
from obieg.fa.finding import Finding, error, warning
from obieg.fa.model import Invoice, Line, OrderLine
from obieg.office.models import Client
from obieg.sales.amounts import value_of
from obieg.sales.content import LineContent, SaleContent
from obieg.sales.corrections.state import rows_out_of_date
from obieg.sales.models import Sale
from obieg.sales.originals import waited_for
from obieg.sales.papers import UNKNOWN_NUMBER
from obieg.sales.technical import changed_content, refused_by_ksef
from obieg.sales.units import same_seller

TECHNICAL_CONTENT = "sales.check.technical_content"  # asks before issuing
_NEEDS_VALUES = frozenset({"VAT", "ROZ", "ZAL"})


@dataclass(frozen=True, slots=True)
class Case:
    """A draft with the document that it would become."""

    sale: Sale
    client: Client
    content: SaleContent | None
    invoice: Invoice


Rule = Callable[[Case], Iterator[Finding]]


def findings_by_books(case: Case) -> tuple[Finding, ...]:
    return tuple(finding for rule in RULES for finding in rule(case))


def number_is_free(case: Case) -> Iterator[Finding]:
    """KSeF refuses a second document of the same seller, kind and number (code 440)."""
    invoice = case.invoice
    if invoice.number == UNKNOWN_NUMBER:
        text = "Dokument nie ma numeru, a klient nadaje numery poza Obiegiem. Wpisz numer."
        yield error("sales.check.number_missing", "Fa/P_2", text)
        return
    others = Sale.objects.across_clients().filter(
        client__in=same_seller(case.client), kind=invoice.kind, number=invoice.number
    )
    if others.exclude(pk=case.sale.pk).exists():
        text = f"Numer {invoice.number} ma już inny dokument rodzaju {invoice.kind}."
        yield error("sales.check.number_used", "Fa/P_2", text)


def seller_has_address(case: Case) -> Iterator[Finding]:
    if case.content and not case.content.seller and not case.invoice.seller.address:
        text = "Brakuje adresu sprzedawcy. Uzupełnij go w ustawieniach sprzedaży klienta."
        yield error("sales.check.seller_address", "Podmiot1/Adres", text)


def buyer_is_known(case: Case) -> Iterator[Finding]:
    """An invoice without the buyer's number does not reach its account in KSeF."""
    buyer, place = case.invoice.buyer, "Podmiot2/DaneIdentyfikacyjne"
    retail = case.sale.contractor and case.sale.contractor.retail
    if not buyer.name and case.invoice.kind != "UPR":
        yield error("sales.check.buyer_name", f"{place}/Nazwa", "Podaj nazwę nabywcy.")
    if buyer.no_id and not retail:
        text = "Nabywca nie ma NIP ani innego numeru: w KSeF nie zobaczy tej faktury."
        yield warning("sales.check.buyer_without_id", place, text)
    if buyer.nip and not is_nip(buyer.nip):
        return
    if buyer.nip and buyer.nip == case.invoice.seller.nip:
        text = "Nabywca ma ten sam NIP co sprzedawca."
        yield warning("sales.check.same_party", f"{place}/NIP", text)


def self_billing_is_ours(case: Case) -> Iterator[Finding]:
    invoice = case.invoice
    if case.content and case.content.seller and invoice.buyer.nip != case.client.nip:
        text = "W samofakturowaniu nabywcą jest klient, który wystawia fakturę."
        yield error("sales.check.self_billing", "Podmiot2/DaneIdentyfikacyjne/NIP", text)


def rows_have_rate_and_value(case: Case) -> Iterator[Finding]:
    """What FA(3) lets be missing for special cases, our own document must say."""
    invoice = case.invoice
    if case.content is None or invoice.kind not in _NEEDS_VALUES:
        return
    rows: tuple[Line | OrderLine, ...] = invoice.lines or invoice.order_lines
    said = case.content.lines or case.content.order_lines
    element = "Fa/FaWiersz" if invoice.lines else "Fa/Zamowienie/ZamowienieWiersz"
    for place, (row, line) in enumerate(zip(rows, said, strict=True), 1):
        path = f"{element}[{place}]" if len(rows) > 1 else element
        yield from _of_row(path, row, line, margin=invoice.annotations.margin)


def _of_row(
    path: str, row: Line | OrderLine, line: LineContent, *, margin: bool
) -> Iterator[Finding]:
    if not row.rate and row.rate_oss is None and not margin:
        text = f"Pozycja {row.number} nie ma stawki VAT."
        yield error("sales.check.line_rate", f"{path}/P_12", text)
    if value_of(line) is None:
        text = f"Pozycja {row.number} nie ma ceny i ilości albo wartości."
        yield error("sales.check.line_value", f"{path}/P_11", text)


def exemption_names_its_basis(case: Case) -> Iterator[Finding]:
    """Art. 106e(1)(19): our own document must name the provision."""
    exempt = any(group.field == "P_13_7" and group.net for group in case.invoice.sums)
    if case.content and exempt and not case.invoice.annotations.exempt:
        text = "Są pozycje zwolnione z VAT: podaj podstawę prawną zwolnienia (P_19A–P_19C)."
        yield error("sales.check.exempt_basis", "Fa/Adnotacje/Zwolnienie", text)


def advance_was_received(case: Case) -> Iterator[Finding]:
    content = case.content
    if content and content.kind == "ZAL" and not content.advance_payments and not content.lines:
        text = "Podaj, jaką zaliczkę i kiedy otrzymano."
        yield error("sales.check.no_payment", "Fa/P_15", text)


def original_is_told_right(case: Case) -> Iterator[Finding]:
    """A corrected document of ours that is in KSeF must be named by its KSeF number."""
    corrected = case.invoice.correction.corrected if case.invoice.correction else ()
    missing = [one.number for one in corrected if not one.ksef_number]
    own = Sale.objects.of_client(case.client).filter(number__in=missing).exclude(ksef_number="")
    for sale in own.only("number", "ksef_number") if missing else ():
        text = f"Faktura {sale.number} ma numer KSeF {sale.ksef_number}. Podaj go w korekcie."
        yield error("sales.check.original_in_ksef", "Fa/DaneFaKorygowanej", text)


def earlier_corrections_count(case: Case) -> Iterator[Finding]:
    """A later correction starts from the state that the earlier ones left."""
    if case.content is None or case.sale.corrects is None:
        return
    for number in rows_out_of_date(case.sale.corrects, case.content, before=case.sale):
        text = (
            f"Wiersz {number}: stan przed korektą jest inny niż po wcześniejszych korektach "
            f"faktury {case.sale.corrects.number}."
        )
        yield warning("sales.check.stale_before", "Fa/FaWiersz", text)


def original_awaits_its_number(case: Case) -> Iterator[Finding]:
    """What `issue` will refuse for now: shown as a warning, because time mends it."""
    content = case.content
    if content is None:
        return
    for sale in waited_for(content, case.client):
        text = f"Faktura {sale.number or 'w szkicu'} nie ma jeszcze numeru KSeF: dokument zaczeka."
        yield warning("sales.check.awaits_original", "Fa/DaneFaKorygowanej", text)


def technical_correction_keeps_its_content(case: Case) -> Iterator[Finding]:
    """The buyer holds the refused document: its content is corrected by a KOR, not in silence."""
    refused = refused_by_ksef(case.sale)
    changed = list(changed_content(refused, case.invoice)) if refused else []
    if not changed:
        return
    text = (
        "Korekta techniczna nie może zmieniać treści faktury, którą ma już nabywca, a zmieniły "
        f"się: {', '.join(map(str, changed))}. Przywróć poprzednie dane; pomyłkę poprawia się "
        "fakturą korygującą, gdy KSeF przyjmie tę."
    )
    yield warning(TECHNICAL_CONTENT, "", text)


RULES: tuple[Rule, ...] = (
    number_is_free,
    seller_has_address,
    buyer_is_known,
    self_billing_is_ours,
    rows_have_rate_and_value,
    exemption_names_its_basis,
    advance_was_received,
    original_is_told_right,
    earlier_corrections_count,
    original_awaits_its_number,
    technical_correction_keeps_its_content,
)
