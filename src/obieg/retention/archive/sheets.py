"""The tables of the file: each a CSV whose headings say in Polish what stands below."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from obieg.exports.models import Export
from obieg.inbox.models import Invoice, Quarantined
from obieg.mail.models import Letter
from obieg.office.models import Event
from obieg.posting import models as posting
from obieg.sales import models as sales
from obieg.vault.models import Credential

Labels = dict[Any, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV: where it lies, its table, and its columns: heading -> field, or a way to one."""

    path: str
    about: str  # Polish, for the README
    table: type[models.Model]
    columns: dict[str, str]

    def labels(self) -> list[Labels]:
        """For each column what its codes are called in Polish; nothing where it has no codes."""
        return [_labels(self.table, way) for way in self.columns.values()]


def _labels(table: Any, way: str) -> Labels:
    *relations, name = way.split("__")
    for relation in relations:
        table = table._meta.get_field(relation).related_model
    return {} if name == "pk" else dict(getattr(table._meta.get_field(name), "flatchoices", ()))


_AMOUNTS = {"Netto": "net", "VAT": "tax", "Brutto": "gross", "Do zapłaty": "amount_due"}
_OF_VOUCHER = {"Okres": "voucher__period", "Pozycja dziennika": "voucher__number"}
_POSTED = {
    "Rejestr VAT": "vat_register",
    "Odliczenie VAT %": "deductible_percent",
    "Kolumna KPiR": "kpir_column",
    "MPK": "cost_centre",
    "Projekt": "project",
}

SHEETS = (
    Sheet(
        "dokumenty.csv",
        "faktury pobrane z KSeF; pliki XML są w katalogu faktury",
        Invoice,
        {
            "Numer KSeF": "ksef_number",
            "Rodzaj": "direction",
            "Rodzaj faktury": "kind",
            "Numer": "number",
            "Data wystawienia": "issue_date",
            "Data sprzedaży": "sale_date",
            "Termin płatności": "due_date",
            "NIP sprzedawcy": "seller_nip",
            "Sprzedawca": "seller_name",
            "NIP nabywcy": "buyer_nip",
            "Nabywca": "buyer_name",
            "Waluta": "currency",
            **_AMOUNTS,
            "Przyjęta w KSeF": "acquired_at",
            "SHA-256 pliku XML (Base64)": "sha256",
        },
    ),
    Sheet(
        "sprzedaz.csv",
        "dokumenty sprzedaży wystawione w Obiegu",
        sales.Sale,
        {
            "Nr w Obiegu": "pk",
            "Stan": "state",
            "Rodzaj faktury": "kind",
            "Numer": "number",
            "Data wystawienia": "issue_date",
            "Data sprzedaży": "sale_date",
            "Termin płatności": "due_date",
            "Nabywca": "buyer_name",
            "NIP nabywcy": "buyer_nip",
            "Waluta": "currency",
            **_AMOUNTS,
            "Numer KSeF": "ksef_number",
            "Wysłana": "sent_at",
            "Status KSeF": "ksef_code",
            "Odpowiedź KSeF": "ksef_text",
            "UPO": "upo__reference",
            "Koryguje (nr w Obiegu)": "corrects",
            "Treść szkicu (JSON)": "content",
            "Uwaga": "note",
        },
    ),
    Sheet(
        "dekrety.csv",
        "jak każdy dokument zaksięgowano",
        posting.Dekret,
        {
            "Nr dekretu": "pk",
            "Numer KSeF": "invoice__ksef_number",
            "Numer": "invoice__number",
            "Stan": "state",
            "Okres": "period",
            "Okres VAT, jeśli inny": "vat_month",
            "Dlaczego ten okres": "period_reason",
            "Kurs": "exchange_rate",
            "VAT w PLN": "tax_pln",
            "Zdecydowano": "decided_at",
            "Uwaga": "note",
        },
    ),
    Sheet(
        "dekrety-pozycje.csv",
        "pozycje zatwierdzonych dekretów",
        posting.DekretLine,
        {
            "Nr dekretu": "dekret",
            "Pozycja": "position",
            "Opis": "description",
            "Konto": "account",
            "Stawka": "vat_rate",
            "Netto": "net",
            "VAT": "vat",
            "Brutto": "gross",
            **_POSTED,
        },
    ),
    Sheet(
        "dziennik.csv",
        "zapisy na kontach (Wn/Ma), w PLN",
        posting.JournalEntry,
        {
            **_OF_VOUCHER,
            "Nr dekretu": "voucher__dekret",
            "Zapisano": "voucher__made_at",
            "Konto": "account",
            "Strona": "side",
            "Kwota": "amount",
            "Treść": "description",
            "MPK": "cost_centre",
            "Projekt": "project",
        },
    ),
    Sheet(
        "ewidencja-vat.csv",
        "rejestry VAT, w PLN",
        posting.RegisterEntry,
        {
            **_OF_VOUCHER,
            "Numer KSeF": "voucher__dekret__invoice__ksef_number",
            "Rejestr": "register",
            "Rodzaj": "direction",
            "Stawka": "vat_rate",
            "Netto": "net",
            "VAT": "vat",
            "VAT do odliczenia": "deducted",
        },
    ),
    Sheet(
        "kpir.csv",
        "kolumny KPiR i stawki ryczałtu, w PLN",
        posting.BookEntry,
        {
            **_OF_VOUCHER,
            "Numer KSeF": "voucher__dekret__invoice__ksef_number",
            "Kolumna KPiR": "kpir_column",
            "Stawka ryczałtu": "ryczalt_rate",
            "Kwota": "amount",
            "Opis zdarzenia": "description",
        },
    ),
    Sheet(
        "zamkniete-miesiace.csv",
        "miesiące zamknięte",
        posting.ClosedPeriod,
        {"Okres": "period", "Zamknięto": "closed_at"},
    ),
    Sheet(
        "plan-kont.csv",
        "plan kont albo kategorie",
        posting.Account,
        {
            "Konto": "number",
            "Nazwa": "name",
            "Kolumna KPiR": "kpir_column",
            "Stawka ryczałtu": "ryczalt_rate",
            "Używane": "active",
        },
    ),
    Sheet(
        "mpk-projekty.csv",
        "miejsca powstawania kosztów i projekty",
        posting.Dimension,
        {
            "Rodzaj": "kind",
            "Kod": "code",
            "Nazwa": "name",
            "Od": "valid_from",
            "Do": "valid_to",
        },
    ),
    Sheet(
        "pojazdy.csv",
        "pojazdy i ich odliczenia",
        posting.Vehicle,
        {
            "Numer rejestracyjny": "plate",
            "Nazwa": "name",
            "VAT %": "vat_percent",
            "Od": "valid_from",
            "Do": "valid_to",
        },
    ),
    Sheet(
        "reguly.csv",
        "reguły księgowania klienta",
        posting.Rule,
        {
            "Nazwa": "name",
            "Dotyczy": "direction",
            "NIP sprzedawcy": "seller_nip",
            "Tekst pozycji": "text",
            "Konto": "account",
            **_POSTED,
            "Włączona": "active",
            "Dlaczego": "why",
        },
    ),
    Sheet(
        "zakupy-spoza-ksef.csv",
        "zakupy wpisane ręcznie",
        posting.OutsidePurchase,
        {
            "Numer": "number",
            "NIP sprzedawcy": "seller_nip",
            "Sprzedawca": "seller_name",
            "Data wystawienia": "issue_date",
            "Brutto": "gross",
            "Numer KSeF": "invoice__ksef_number",
            "Uwaga": "note",
        },
    ),
    Sheet(
        "rachunki-dostawcow.csv",
        "rachunki bankowe z faktur zakupu",
        posting.SellerAccount,
        {"NIP sprzedawcy": "seller_nip", "Rachunek": "account"},
    ),
    Sheet(
        "kontrahenci.csv",
        "nabywcy, których Obieg podpowiada na fakturach",
        sales.Contractor,
        {
            "Nazwa": "name",
            "E-mail": "email",
            "Konsument": "retail",
            "OSS": "oss",
            "Wysyłka": "sending",
            "Termin płatności (dni)": "payment_days",
            "Dane na fakturę (JSON)": "content",
        },
    ),
    Sheet(
        "rachunki-bankowe.csv",
        "rachunki klienta na fakturach",
        sales.BankAccount,
        {
            "Rachunek": "number",
            "SWIFT": "swift",
            "Bank": "bank",
            "Waluta": "currency",
            "Faktora": "factor",
            "Domyślny": "usual",
        },
    ),
    Sheet(
        "serie-numerow.csv",
        "serie numerów sprzedaży i ostatnie numery",
        sales.SeriesCounter,
        {
            "Symbol": "series__code",
            "Wzór": "series__pattern",
            "Okres": "period",
            "Ostatni numer": "last",
        },
    ),
    Sheet(
        "sesje-ksef.csv",
        "sesje wysyłki do KSeF",
        sales.KsefSession,
        {
            "Numer referencyjny": "reference",
            "Rodzaj": "kind",
            "Stan": "state",
            "Otwarta": "claimed_at",
            "Zamknięta": "closed_at",
            "Przyjętych": "accepted",
            "Odrzuconych": "rejected",
        },
    ),
    Sheet(
        "nieczytelne.csv",
        "pliki z KSeF, których nie odczytano; leżą w katalogu nieczytelne",
        Quarantined,
        {
            "Plik": "name",
            "Numer KSeF": "ksef_number",
            "Kiedy": "at",
            "Dlaczego": "error_text",
            "Odczytano": "resolved_at",
        },
    ),
    Sheet(
        "eksporty.csv",
        "pliki zrobione dla programu księgowego",
        Export,
        {
            "Okres": "period",
            "Plik": "file_name",
            "Dokumentów": "documents",
            "Zrobiono": "created_at",
            "SHA-256": "sha256",
        },
    ),
    Sheet(
        "listy.csv",
        "listy elektroniczne dotyczące klienta",
        Letter,
        {
            "Do": "recipients",
            "Temat": "subject",
            "Treść": "text",
            "Stan": "state",
            "Utworzono": "created_at",
            "Wysłano": "sent_at",
        },
    ),
    Sheet(
        "poswiadczenia.csv",
        "poświadczenia, bez sekretów",
        Credential,
        {
            "Nazwa": "label",
            "Rodzaj": "kind",
            "Przeznaczenie": "usage",
            "Środowisko": "environment",
            "Odcisk SHA-256": "fingerprint",
            "Numer w KSeF": "reference",
            "Ważne od": "valid_from",
            "Ważne do": "valid_to",
            "Używane": "active",
            "Unieważnione w KSeF": "revoked_at",
            "Zniszczone": "shredded_at",
        },
    ),
    Sheet(
        "slad.csv",
        "kto, kiedy i co zrobił",
        Event,
        {
            "Nr": "pk",
            "Kiedy": "at",
            "Kto": "actor__name",
            "Co": "thing",
            "Nr rzeczy": "thing_id",
            "Czyn": "kind",
            "Przed": "before",
            "Po": "after",
        },
    ),
)
# One row each: who the client is, and what it set.
CARDS: dict[str, type[models.Model]] = {
    "sprzedawca": sales.SellerProfile,
    "ksiegowanie": posting.Profile,
}
NOT_TOLD = frozenset({"sort key"})


def fields_of(row: Any) -> dict[str, Any]:
    """The plain columns of a row by their Polish names, without keys and bytes."""
    return {
        str(field.verbose_name): getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.is_relation
        and not isinstance(field, models.BinaryField)
        and not field.primary_key
    }
