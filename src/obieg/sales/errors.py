"""What can go wrong with a sales document, for the person who can mend it."""

from collections.abc import Iterable

from obieg.core.errors import UserFixable
from obieg.core.polish import counted
from obieg.fa.finding import Finding, Severity


class OutsideForm(UserFixable):
    """An invoice holds values that the form's fields cannot; `fields` names them."""

    code = "sales.outside_form"
    message_pl = (
        "Tej faktury nie da się otworzyć w formularzu: nie mieszczą się w nim pola {fields}. "
        "Możesz ją wysłać w postaci XML."
    )


class NotIssuable(UserFixable):
    """The check found errors; nothing was kept, no number was used. `findings` holds all."""

    code = "sales.not_issuable"
    message_pl = "Nie można wystawić: {errors}. Pierwszy: {first}"

    def __init__(self, *, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        found = [one for one in self.findings if one.severity is Severity.ERROR]
        super().__init__(
            findings=self.findings,
            errors=counted(len(found), "błąd", "błędy", "błędów"),
            first=found[0].text if found else "",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_not_issuable, (self.findings,))


def _not_issuable(findings: tuple[Finding, ...]) -> NotIssuable:
    return NotIssuable(findings=findings)


class NeedsConfirmation(UserFixable):
    """Something unusual that a person has to confirm; `codes` go into `confirmed`."""

    code = "sales.needs_confirmation"
    message_pl = "Potwierdź, zanim wystawisz: {texts}"

    def __init__(self, *, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        self.codes = frozenset(one.code for one in self.findings)
        super().__init__(findings=self.findings, texts=" ".join(one.text for one in self.findings))

    def __reduce__(self) -> tuple[object, ...]:
        return (_needs_confirmation, (self.findings,))


def _needs_confirmation(findings: tuple[Finding, ...]) -> NeedsConfirmation:
    return NeedsConfirmation(findings=findings)


class OriginalNotAccepted(UserFixable):
    """A corrected invoice, or a settled advance, of ours has no KSeF number yet."""

    code = "sales.original_not_accepted"
    message_pl = (
        "Faktura {number} nie ma jeszcze numeru KSeF, a ten dokument musi go podać. Zatwierdź go "
        "teraz: wystawi się sam, gdy KSeF przyjmie {number}."
    )


class OriginalMissing(UserFixable):
    """A draft names a document of ours that does not exist, or is another client's."""

    code = "sales.original_missing"
    message_pl = "Dokument, do którego odnosi się ten szkic, już nie istnieje. Wskaż go ponownie."


class NotTheSeller(UserFixable):
    """An XML was issued by another firm, and nothing in it lets the client issue it."""

    code = "sales.not_the_seller"
    message_pl = (
        "Sprzedawcą w pliku jest {seller} (NIP {nip}), a nie {client}. Wybierz właściwego klienta "
        "albo popraw plik; wystawić za kogoś można tylko samofakturowanie i fakturę z rolą "
        "wystawcy."
    )


class UnitNotNamed(UserFixable):
    """An XML of the head does not name the branch in whose context it would be sent."""

    code = "sales.unit_not_named"
    message_pl = (
        "Sprzedawcą w pliku jest centrala, ale plik nie wymienia oddziału {client}: dodaj podmiot "
        "trzeci (Podmiot3) o numerze {context} w roli wystawcy albo wystaw fakturę w centrali. "
        "Inaczej KSeF ją odrzuci."
    )


class WrongPattern(UserFixable):
    """A pattern cannot give distinct numbers."""

    code = "sales.wrong_pattern"
    message_pl = (
        "Wzór numeru „{pattern}” jest błędny: {reason}. Wzór może mieć {{nr}} albo {{nr:4}} oraz "
        "{{mm}}, {{rrrr}} i {{rr}}."
    )


class UnknownSeries(UserFixable):
    """No series of this code."""

    code = "sales.unknown_series"
    message_pl = "Klient nie ma używanej serii numerów o symbolu „{series}”."


class NumberMissing(UserFixable):
    """The client numbers its documents in its own program, and the draft has no number."""

    code = "sales.number_missing"
    message_pl = "Ten klient nadaje numery poza Obiegiem. Wpisz numer dokumentu."


class NumberUsed(UserFixable):
    """Another document of this kind has the number."""

    code = "sales.number_used"
    message_pl = "Numer {number} ma już inny dokument rodzaju {kind}. Podaj inny numer."


class AlreadyEntered(UserFixable):
    """A document with this external id was entered before; `sale_id` says which."""

    code = "sales.already_entered"
    message_pl = "Dokument o identyfikatorze {external_id} został już wprowadzony."


class NumberedDraft(UserFixable):
    """A document that once had a number is not deleted: its number would leave a gap."""

    code = "sales.numbered_draft"
    message_pl = (
        "Dokument {number} był już wystawiony, więc nie można go usunąć: w numeracji zostałaby "
        "luka. Możesz go anulować."
    )


class NotADraft(UserFixable):
    """Only a draft can be changed or deleted."""

    code = "sales.not_a_draft"
    message_pl = "Dokument {number} jest już wystawiony. Cofnij go do szkicu, aby go zmienić."


class ApprovedDraft(UserFixable):
    """An approved draft is not changed by itself: a change takes the approval back."""

    code = "sales.approved_draft"
    message_pl = "Szkic jest zatwierdzony. „Zapisz szkic” zapisze zmiany i cofnie zatwierdzenie."


class AcceptedForGood(UserFixable):
    """What production accepted exists in law: it is corrected, not cancelled."""

    code = "sales.accepted_for_good"
    message_pl = (
        "Fakturę {number} przyjął produkcyjny KSeF (numer {ksef_number}), więc nie można jej "
        "anulować. Wystaw korektę."
    )


class HasCorrections(UserFixable):
    """Another document rests on this one."""

    code = "sales.has_corrections"
    message_pl = "Do dokumentu {number} wystawiono już {other}. Najpierw cofnij tamten dokument."


class SentElsewhere(UserFixable):
    """It has a KSeF number given by hand: its bytes are in KSeF already."""

    code = "sales.sent_elsewhere"
    message_pl = "Dokument {number} ma już numer KSeF {ksef_number}, więc nie można go zmienić."


class AmountTooLarge(UserFixable):
    """An amount beyond what FA(3) and the database hold."""

    code = "sales.amount_too_large"
    message_pl = "Kwota {amount} jest za duża: faktura mieści 16 cyfr przed przecinkiem."


class DocumentMissing(UserFixable):
    """A file of the directory of documents is gone, or cannot be read."""

    code = "sales.document_missing"
    message_pl = "Brakuje pliku {path} w katalogu dokumentów. Przywróć go z kopii zapasowej."


class DocumentAltered(UserFixable):
    """The kept bytes are not those that were kept."""

    code = "sales.document_altered"
    message_pl = "Plik {path} został zmieniony od czasu zapisania. Przywróć go z kopii zapasowej."


class NothingToCorrect(UserFixable):
    """The original has no rows or sums that such a correction could change."""

    code = "sales.nothing_to_correct"
    message_pl = "Faktura {number} nie ma już kwot do skorygowania."


class CorrectTheOriginal(UserFixable):
    """A correction of what is not in the system, or of several invoices, says no state to go on."""

    code = "sales.correct_the_original"
    message_pl = (
        "Dokument {number} jest korektą, a faktury, którą koryguje, nie ma w systemie (albo jest "
        "ich kilka). Wybierz fakturę pierwotną albo wpisz jej numer ręcznie."
    )


class DifferentBuyers(UserFixable):
    """A collective correction is for one buyer (art. 106j(3) VAT Act)."""

    code = "sales.different_buyers"
    message_pl = "Korekta zbiorcza obejmuje faktury jednego nabywcy i jednej waluty. Wybierz je."


class RebateTooLarge(UserFixable):
    """No more can be taken off than was sold."""

    code = "sales.rebate_too_large"
    message_pl = "Rabat ({what}) musi mieścić się między zerem a sprzedażą netto: {base}."


class RebateTwice(UserFixable):
    """The same sale would be lowered by its rate and by its row."""

    code = "sales.rebate_twice"
    message_pl = "Podaj rabat według stawek albo dla wybranych pozycji, nie jedno i drugie."


class WrongBuyerNip(UserFixable):
    """A wrong NIP is not mended by Podmiot2K: zeroing and a new invoice are."""

    code = "sales.wrong_buyer_nip"
    message_pl = (
        "Błędnego NIP nabywcy nie poprawia się zmianą danych. Wystaw korektę do zera i nową "
        "fakturę na właściwego nabywcę."
    )
