"""What of an invoice the form cannot hold, so that nobody loses it unawares."""

from collections.abc import Iterator

from obieg.fa.model import Identified, Invoice, RateSum, Settlement
from obieg.sales.composing.reading import content_of
from obieg.sales.composing.reading_rows import has_gross_prices
from obieg.sales.kinds import received
from obieg.sales.totals import totals


def lost_by_form(invoice: Invoice) -> tuple[str, ...]:
    """Polish names of what `content_of` leaves out or would count anew; empty: nothing is lost.

    The seller's own data (address, registers) come from the client's profile and are not meant.
    """
    content = content_of(invoice)
    amounts = totals(content)
    names = [*_parts(invoice), *_details(invoice)]
    if _shown(amounts.rates) != _shown(invoice.sums):
        names.append("sumy według stawek, zaokrąglone inaczej niż z pozycji")
    if amounts.gross != invoice.total:
        names.append("należność ogółem inna niż suma netto i VAT")
    if invoice.kind in ("ZAL", "KOR_ZAL") and received(content) != invoice.total:
        names.append("płatności zaliczkowe inne niż należność ogółem")
    return tuple(names)


def _parts(invoice: Invoice) -> Iterator[str]:
    """Whole parts of the document."""
    terms, marks = invoice.terms, invoice.annotations
    yield from _named(
        ("załącznik", invoice.attachment),
        ("transport", terms.transports),
        ("kurs umowny", terms.agreed_rate or terms.agreed_currency),
        ("dostawa przez podmiot pośredniczący", terms.intermediary),
        ("nowe środki transportu", marks.new_vehicles_supply or marks.new_vehicles),
        ("zwrot akcyzy", invoice.excise_refund),
        ("podmiot upoważniony", invoice.authorized),
        ("dane spoza wzoru faktury", invoice.rest),
    )


def _details(invoice: Invoice) -> Iterator[str]:
    """What has one place where the document may have more, or another shape."""
    rates = {line.exchange_rate for line in invoice.lines if not line.before}
    parties = (invoice.seller, invoice.buyer, *invoice.third_parties)
    before = invoice.correction.buyers_before if invoice.correction else ()
    shown = has_gross_prices(invoice)
    yield from _named(
        ("kolejne dane kontaktowe strony", any(len(party.contacts) > 1 for party in parties)),
        ("drugi identyfikator strony", any(_many_ids(party) for party in parties)),
        ("dane kilku nabywców przed korektą", len(before) > 1),
        ("klucz nabywcy (IDNabywcy)", _loose_key(invoice)),
        ("różne kursy waluty w wierszach", len(rates) > 1),
        ("kurs waluty w fakturze w złotych", invoice.currency == "PLN" and rates - {None}),
        ("termin płatności opisany tekstem", any(term.text for term in invoice.payment.terms)),
        ("zapłata częściowa bez daty", any(not one.paid_on for one in invoice.payment.partial)),
        ("kwota do zapłaty inna niż z obciążeń i odliczeń", _odd(invoice.settlement, invoice)),
        ("ceny brutto w fakturze od cen netto", not shown and _has_gross(invoice)),
    )


def _named(*pairs: tuple[str, object]) -> Iterator[str]:
    return (name for name, present in pairs if present)


def _many_ids(party: Identified) -> bool:
    ids = (party.nip, party.internal_id, party.eu_number, party.id_number)
    return sum(1 for one in ids if one) > 1


def _loose_key(invoice: Invoice) -> bool:
    """A key that ties nothing that a new document would tie."""
    keys = [invoice.buyer.buyer_key, *(party.buyer_key for party in invoice.third_parties)]
    tied = invoice.correction and invoice.correction.buyers_before
    return any(keys[1:]) or (bool(keys[0]) and not tied)


def _odd(settlement: Settlement, invoice: Invoice) -> bool:
    if settlement == Settlement():
        return False
    due = invoice.amount_due
    parts = sum((one.amount for one in settlement.charges), invoice.total)
    parts -= sum((one.amount for one in settlement.deductions), 0 * invoice.total)
    return due != parts or not (settlement.charges or settlement.deductions)


def _has_gross(invoice: Invoice) -> bool:
    return any(line.unit_gross is not None and line.unit_net is not None for line in invoice.lines)


def _shown(sums: tuple[RateSum, ...]) -> list[RateSum]:
    return [one for one in sums if one.net or one.tax or one.tax_pln]
