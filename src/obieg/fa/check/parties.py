"""Rules about the parties: numbers that add up, units that will see their invoice, shares."""

from collections.abc import Iterator

from obieg.core.money import ZERO
from obieg.core.nip import is_nip
from obieg.fa.check.context import Context, Rule, at
from obieg.fa.finding import Finding, Severity, error
from obieg.fa.model import Identified, Invoice

_FULL_SHARE = 100


def parties_of(invoice: Invoice) -> Iterator[tuple[str, Identified]]:
    """Every party that KSeF checks, with its path."""
    yield "Podmiot1", invoice.seller
    yield "Podmiot2", invoice.buyer
    count = len(invoice.third_parties)
    for number, party in enumerate(invoice.third_parties, 1):
        yield at("Podmiot3", number, count), party
    if invoice.authorized:
        yield "PodmiotUpowazniony", invoice.authorized


def nip_adds_up(invoice: Invoice, context: Context) -> Iterator[Finding]:
    severity = Severity.ERROR if context.production else Severity.WARNING
    for path, party in parties_of(invoice):
        if party.nip and not is_nip(party.nip):
            place = f"{path}/DaneIdentyfikacyjne/NIP"
            text = f"NIP {party.nip} ma złą cyfrę kontrolną. Sprawdź numer."
            yield Finding("fa.check.nip", severity, place, text)
        if party.internal_id and not is_nip(party.internal_id[:10]):
            place = f"{path}/DaneIdentyfikacyjne/IDWew"
            text = f"Identyfikator {party.internal_id} zaczyna się błędnym numerem NIP."
            yield Finding("fa.check.internal_id", severity, place, text)


def polish_buyer_has_nip(invoice: Invoice, _: Context) -> Iterator[Finding]:
    for path, party in parties_of(invoice):
        if party.eu_prefix == "PL":
            yield error(
                "fa.check.polish_vat_ue",
                f"{path}/DaneIdentyfikacyjne/KodUE",
                f"Polski numer {party.eu_number} podano jako VAT-UE; w KSeF faktura nie trafi do "
                "tej firmy. Wpisz go w polu NIP.",
            )


def unit_is_named(invoice: Invoice, _: Context) -> Iterator[Finding]:
    roles = {party.role for party in invoice.third_parties}
    if invoice.buyer.jst and "8" not in roles:
        yield error(
            "fa.check.jst_without_party",
            "Podmiot2/JST",
            "Zaznaczono jednostkę podrzędną JST, ale brakuje podmiotu trzeciego w roli 8 (JST, "
            "odbiorca). Dodaj go albo odznacz JST.",
        )
    if invoice.buyer.gv and "10" not in roles:
        yield error(
            "fa.check.gv_without_party",
            "Podmiot2/GV",
            "Zaznaczono członka grupy VAT, ale brakuje podmiotu trzeciego w roli 10 (członek grupy "
            "VAT, odbiorca). Dodaj go albo odznacz GV.",
        )


def shares_fit(invoice: Invoice, _: Context) -> Iterator[Finding]:
    shares = sum((party.share or ZERO for party in invoice.third_parties), ZERO)
    if shares > _FULL_SHARE:
        text = f"Udziały dodatkowych nabywców dają razem {shares}%, czyli ponad 100%."
        yield error("fa.check.shares", "Podmiot3", text)


PARTY_RULES: tuple[Rule, ...] = (nip_adds_up, polish_buyer_has_nip, unit_is_named, shares_fit)
