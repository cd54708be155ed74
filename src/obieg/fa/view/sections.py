"""The sections of an invoice's view, in the order in which an accountant reads."""

from collections.abc import Iterator
from dataclasses import replace

from obieg.core.money import ZERO, format_amount
from obieg.fa.lines import effective_lines
from obieg.fa.model import Invoice, Party, RateSum
from obieg.fa.rates import SUM_BY_FIELD
from obieg.fa.view.attachment import attachment_section
from obieg.fa.view.labels import label_of
from obieg.fa.view.page import Heading, Item, Section, Table, Value
from obieg.fa.view.records import item_of, section_of, slots_of, table_of

_FIRST = ("P_2", "RodzajFaktury", "P_1", "P_1M", "P_6", "P_6_Od", "P_6_Do", "KodWaluty", "P_15")
_MARKS_NO = ("P_19N", "P_22N", "P_PMarzyN")  # present where something does not occur


def sections_of(invoice: Invoice, ksef_number: str) -> tuple[Section, ...]:
    """Every section that has something to say."""
    built = (
        _document(invoice, ksef_number),
        *_parties(invoice),
        *_correction(invoice),
        _lines(invoice),
        _sums(invoice),
        _order(invoice),
        _advances(invoice),
        section_of(
            "rozliczenie", "Rozliczenie", invoice.settlement, "Fa/Rozliczenie", invoice.currency
        ),
        section_of("platnosc", "Płatność", invoice.payment, "Fa/Platnosc", invoice.currency),
        _annotations(invoice),
        section_of("warunki", "Warunki transakcji", invoice.terms, "Fa/WarunkiTransakcji"),
        _extra(invoice),
        attachment_section(invoice.attachment),
        section_of("stopka", "Stopka", invoice.footer, "Stopka"),
        _technical(invoice),
        _rest(invoice),
    )
    return tuple(section for section in built if section)


def _document(invoice: Invoice, ksef_number: str) -> Section:
    """The leaves of Fa, with the KSeF number before them and the amount due after."""
    slots = [slot for slot in slots_of(invoice, "") if slot.field.codec and slot.path[:3] == "Fa/"]
    slots.sort(key=lambda slot: _FIRST.index(slot.element) if slot.element in _FIRST else 99)
    items = [Item("Numer KSeF", (Value(ksef_number),))] if ksef_number else []
    items += (item_of(slot, invoice.currency) for slot in slots)
    due = Item("Do zapłaty", (Value(format_amount(invoice.amount_due, invoice.currency)),))
    return Section("dokument", "Dokument", (*items, due))


def _parties(invoice: Invoice) -> Iterator[Section]:
    yield _party("sprzedawca", "Sprzedawca", invoice.seller, "Podmiot1")
    yield _party("nabywca", "Nabywca", invoice.buyer, "Podmiot2")
    several = len(invoice.third_parties) > 1
    for number, party in enumerate(invoice.third_parties, 1):
        path = f"Podmiot3[{number}]" if several else "Podmiot3"
        title = f"Podmiot trzeci {number}" if several else "Podmiot trzeci"
        yield _party("podmiot-trzeci", title, party, path)
    if invoice.authorized:
        title = "Podmiot upoważniony"
        yield _party("podmiot-upowazniony", title, invoice.authorized, "PodmiotUpowazniony")


def _party(key: str, title: str, party: Party, path: str) -> Section:
    """A party with its name first."""
    section = section_of(key, title, party, path)
    items = sorted(section.items, key=lambda item: item.label != "Nazwa")
    return replace(section, items=tuple(items))


def _correction(invoice: Invoice) -> Iterator[Section]:
    if invoice.correction:
        yield section_of("korekta", "Dane korekty", invoice.correction, "Fa", invoice.currency)


def _lines(invoice: Invoice) -> Section:
    section = _table_section("pozycje", "Pozycje", invoice, "lines")
    if any(line.before for line in invoice.lines):
        return replace(section, tables=(*section.tables, _differences(invoice)))
    return section


def _differences(invoice: Invoice) -> Table:
    """What a correction by states before and after changes, row by row."""
    names = ("Netto", "VAT", "Brutto")
    headings = (Heading("Lp."), Heading("Nazwa towaru lub usługi"), Heading("Stawka"))
    rows = tuple(
        (
            Value(str(line.number)),
            Value(line.description),
            Value(f"{line.rate}%" if line.rate.isdigit() else line.rate),
            *(Value(format_amount(amount)) for amount in (line.net, line.tax, line.gross)),
        )
        for line in effective_lines(invoice)
    )
    columns = (*headings, *(Heading(name, numeric=True) for name in names))
    return Table("Różnice po korekcie", columns, rows)


def _extra(invoice: Invoice) -> Section:
    return _table_section("dodatkowe-opisy", "Dodatkowe opisy", invoice, "extra")


def _table_section(key: str, title: str, invoice: Invoice, field_name: str) -> Section:
    slot = next((s for s in slots_of(invoice, "") if s.field.name == field_name), None)
    return Section(key, title, tables=(table_of("", slot.entries),) if slot else ())


def _sums(invoice: Invoice) -> Section:
    if not invoice.sums:
        return Section("podsumowanie", "Podsumowanie stawek")
    names = ("Netto", "VAT", "Brutto", "VAT w złotych")
    columns = (Heading("Stawka"), *(Heading(name, numeric=True) for name in names))
    table = Table("", columns, tuple(map(_sum_row, invoice.sums)), _sum_totals(invoice))
    return Section("podsumowanie", "Podsumowanie stawek", tables=(table.without_empty_columns(),))


def _sum_row(group: RateSum) -> tuple[Value | None, ...]:
    fields = SUM_BY_FIELD[group.field]
    return (
        Value(group.label),
        Value(format_amount(group.net), f"Fa/{fields.net}"),
        Value(format_amount(group.tax), f"Fa/{fields.tax}") if fields.tax else None,
        Value(format_amount(group.gross)),
        Value(format_amount(group.tax_pln), f"Fa/{fields.tax_pln}")
        if group.tax_pln is not None
        else None,
    )


def _sum_totals(invoice: Invoice) -> tuple[Value | None, ...]:
    net, tax = invoice.net_total, invoice.tax_total
    in_pln = sum((group.tax_pln or ZERO for group in invoice.sums), ZERO)
    return (
        Value("Razem"),
        *(Value(format_amount(total)) for total in (net, tax, net + tax, in_pln)),
    )


def _order(invoice: Invoice) -> Section:
    return section_of("zamowienie", "Zamówienie", invoice.order, "Fa/Zamowienie", invoice.currency)


def _advances(invoice: Invoice) -> Section:
    wanted = ("advance_payments", "advances")
    slots = [slot for slot in slots_of(invoice, "") if slot.field.name in wanted]
    tables = tuple(table_of(slot.label, slot.entries) for slot in slots)
    return Section("zaliczki", "Zaliczki", tables=tables)


def _lower_first(label: str) -> str:
    return label if label[1].isupper() else label[0].lower() + label[1:]


def _annotations(invoice: Invoice) -> Section:
    """What applies as items; what does not, gathered in one."""
    section = section_of("adnotacje", "Adnotacje", invoice.annotations, "Fa/Adnotacje")
    applies, absent = [], []
    for item in section.items:
        path = item.values[0].path
        if item.value == "nie" or path.endswith(_MARKS_NO):
            absent.append(Value(_lower_first(item.label), path))
        else:
            applies.append(item)
    if absent:
        applies.append(Item("Nie dotyczy", tuple(absent)))
    return Section(section.key, section.title, tuple(applies), section.tables, section.parts)


def _technical(invoice: Invoice) -> Section:
    slots = (slot for slot in slots_of(invoice, "") if slot.field.path[0] == "Naglowek")
    return Section("techniczne", "Dane techniczne", tuple(item_of(slot, "") for slot in slots))


def _rest(invoice: Invoice) -> Section:
    """What the schema does not know: labelled by the element's own name."""
    items = (
        Item(label_of(leaf.path.rpartition("/")[2]), (Value(leaf.text, leaf.path),))
        for leaf in invoice.rest
    )
    return Section("pozostale", "Pozostałe dane", tuple(items))
