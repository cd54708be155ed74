"""Payment and settlement: terms, accounts, what is paid, charges and deductions."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from obieg.core.money import ZERO
from obieg.fa.dates import dates_in
from obieg.fa.shape import record


@record
class PartialPayment:
    """ZaplataCzesciowa."""

    amount: Annotated[Decimal, "KwotaZaplatyCzesciowej"] = ZERO
    paid_on: Annotated[date | None, "DataZaplatyCzesciowej"] = None
    method: Annotated[str, "FormaPlatnosci"] = ""
    other_method: Annotated[bool, "PlatnoscInna"] = False
    method_text: Annotated[str, "OpisPlatnosci"] = ""


@record
class PaymentTerm:
    """TerminPlatnosci: a date, or a number of units counted from an event; FA(2) has free text."""

    due: Annotated[date | None, "Termin"] = None
    text: Annotated[str, "TerminOpis"] = ""  # FA(2)
    count: Annotated[int | None, "TerminOpis/Ilosc"] = None
    unit: Annotated[str, "TerminOpis/Jednostka"] = ""
    event: Annotated[str, "TerminOpis/ZdarzeniePoczatkowe"] = ""

    @property
    def described(self) -> str:
        """The term in words: FA(2)'s text, or `30 Dzień od: Otrzymanie faktury`."""
        if self.count is None:
            return self.text
        return f"{self.count} {self.unit} od: {self.event}"


@record
class BankAccount:
    """RachunekBankowy or RachunekBankowyFaktora."""

    number: Annotated[str, "NrRB"] = ""
    swift: Annotated[str, "SWIFT"] = ""
    own_account: Annotated[str, "RachunekWlasnyBanku"] = ""
    bank: Annotated[str, "NazwaBanku"] = ""
    description: Annotated[str, "OpisRachunku"] = ""


@record
class PromptPaymentDiscount:
    """Skonto."""

    conditions: Annotated[str, "WarunkiSkonta"] = ""
    amount: Annotated[str, "WysokoscSkonta"] = ""  # free text in the schema


@record
class Payment:
    """Platnosc."""

    paid: Annotated[bool, "Zaplacono"] = False
    paid_on: Annotated[date | None, "DataZaplaty"] = None
    partial_mark: Annotated[str, "ZnacznikZaplatyCzesciowej"] = ""  # 1 in part, 2 in full
    partial: Annotated[tuple[PartialPayment, ...], "ZaplataCzesciowa"] = ()
    terms: Annotated[tuple[PaymentTerm, ...], "TerminPlatnosci"] = ()
    method: Annotated[str, "FormaPlatnosci"] = ""
    other_method: Annotated[bool, "PlatnoscInna"] = False
    method_text: Annotated[str, "OpisPlatnosci"] = ""
    accounts: Annotated[tuple[BankAccount, ...], "RachunekBankowy"] = ()
    factor_accounts: Annotated[tuple[BankAccount, ...], "RachunekBankowyFaktora"] = ()
    discount: Annotated[PromptPaymentDiscount | None, "Skonto"] = None
    link: Annotated[str, "LinkDoPlatnosci"] = ""
    ipksef: Annotated[str, "IPKSeF"] = ""

    @property
    def is_paid(self) -> bool:
        """Whether the issuer says that everything is paid."""
        return self.paid or self.partial_mark == "2"

    @property
    def due_dates(self) -> tuple[date, ...]:
        """The dates of the terms and those written in their descriptions, in order, once each."""
        found = {term.due for term in self.terms if term.due}
        found.update(day for term in self.terms for day in dates_in(term.text))
        return tuple(sorted(found))


@record
class Charge:
    """Obciazenia or Odliczenia: an amount with its reason."""

    amount: Annotated[Decimal, "Kwota"] = ZERO
    reason: Annotated[str, "Powod"] = ""


@record
class Settlement:
    """Rozliczenie: what is added to P_15 and taken off it before payment."""

    charges: Annotated[tuple[Charge, ...], "Obciazenia"] = ()
    charges_total: Annotated[Decimal | None, "SumaObciazen"] = None
    deductions: Annotated[tuple[Charge, ...], "Odliczenia"] = ()
    deductions_total: Annotated[Decimal | None, "SumaOdliczen"] = None
    to_pay: Annotated[Decimal | None, "DoZaplaty"] = None
    to_settle: Annotated[Decimal | None, "DoRozliczenia"] = None  # overpaid, comes back

    def amount_due(self, total: Decimal) -> Decimal:
        """What is to be paid of `total` (P_15); negative where the seller gives money back."""
        if self.to_pay is not None:
            return self.to_pay
        if self.to_settle is not None:
            return ZERO - self.to_settle
        return (
            total
            + self._sum(self.charges, self.charges_total)
            - self._sum(self.deductions, self.deductions_total)
        )

    @staticmethod
    def _sum(charges: tuple[Charge, ...], given: Decimal | None) -> Decimal:
        return sum((c.amount for c in charges), ZERO) if given is None else given
