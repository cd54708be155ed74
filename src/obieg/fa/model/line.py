"""Rows of the invoice and of the order, and the amounts that follow from them."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from obieg.core.money import ZERO, to_grosze
from obieg.fa.rates import percent_of, tax_in, tax_on
from obieg.fa.shape import record


@record
class Line:
    """FaWiersz. Amounts are in the invoice's currency; net_amount and its like always exist."""

    number: Annotated[int, "NrWierszaFa"] = 0
    uuid: Annotated[str, "UU_ID"] = ""
    delivery_date: Annotated[date | None, "P_6A"] = None
    description: Annotated[str, "P_7"] = ""
    index: Annotated[str, "Indeks"] = ""
    gtin: Annotated[str, "GTIN"] = ""
    pkwiu: Annotated[str, "PKWiU"] = ""
    cn: Annotated[str, "CN"] = ""
    pkob: Annotated[str, "PKOB"] = ""
    unit: Annotated[str, "P_8A"] = ""
    quantity: Annotated[Decimal | None, "P_8B"] = None
    unit_net: Annotated[Decimal | None, "P_9A"] = None
    unit_gross: Annotated[Decimal | None, "P_9B"] = None
    discount: Annotated[Decimal | None, "P_10"] = None
    net: Annotated[Decimal | None, "P_11"] = None
    gross: Annotated[Decimal | None, "P_11A"] = None
    tax: Annotated[Decimal | None, "P_11Vat"] = None
    rate: Annotated[str, "P_12"] = ""
    rate_oss: Annotated[Decimal | None, "P_12_XII"] = None  # percent
    annex15: Annotated[bool, "P_12_Zal_15"] = False
    excise: Annotated[Decimal | None, "KwotaAkcyzy"] = None
    gtu: Annotated[str, "GTU"] = ""
    procedure: Annotated[str, "Procedura"] = ""
    exchange_rate: Annotated[Decimal | None, "KursWaluty"] = None
    before: Annotated[bool, "StanPrzed"] = False

    @property
    def percent(self) -> Decimal:
        """The rate as a percentage; 0 for zw, oo, np, 0 % and where no rate is given."""
        return percent_of(self.rate, self.rate_oss)

    @property
    def is_priced(self) -> bool:
        """Whether the row says its value at all (a simplified invoice's rows may not)."""
        given = (self.net, self.gross)
        prices = (self.unit_net, self.unit_gross)
        return given != (None, None) or (self.quantity is not None and prices != (None, None))

    @property
    def net_amount(self) -> Decimal:
        """P_11, else computed from P_11A, from (P_9A - P_10) x P_8B or from (P_9B - P_10) x P_8B.

        0 where nothing is known. Computed values are rounded to grosze once, halves up; a tax
        within a gross value is gross x rate / (100 + rate) (art. 106e(7) and (8) VAT Act).
        """
        if self.net is not None:
            return self.net
        if self.gross is None and self.unit_net is not None:
            return to_grosze(self._times_quantity(self.unit_net))
        gross = self._gross_given
        return gross - self._tax_within(gross)

    @property
    def tax_amount(self) -> Decimal:
        """P_11Vat; else the difference of P_11A and P_11, or computed from what there is."""
        if self.tax is not None:
            return self.tax
        if self.gross is not None and self.net is not None:
            return self.gross - self.net
        if self.net is not None or (self.gross is None and self.unit_net is not None):
            return tax_on(self.net_amount, self.percent)
        return self._tax_within(self._gross_given)

    @property
    def gross_amount(self) -> Decimal:
        """P_11A, else the net amount and the tax."""
        return self.gross if self.gross is not None else self.net_amount + self.tax_amount

    @property
    def _gross_given(self) -> Decimal:
        if self.gross is not None:
            return self.gross
        return ZERO if self.unit_gross is None else to_grosze(self._times_quantity(self.unit_gross))

    def _tax_within(self, gross: Decimal) -> Decimal:
        return self.tax if self.tax is not None else tax_in(gross, self.percent)

    def _times_quantity(self, price: Decimal) -> Decimal:
        """P_10 is an amount off the unit price, as in the Ministry's example 4 of FA(3)."""
        return (price - (self.discount or ZERO)) * (self.quantity or ZERO)


@record
class OrderLine:
    """ZamowienieWiersz."""

    number: Annotated[int, "NrWierszaZam"] = 0
    uuid: Annotated[str, "UU_IDZ"] = ""
    description: Annotated[str, "P_7Z"] = ""
    index: Annotated[str, "IndeksZ"] = ""
    gtin: Annotated[str, "GTINZ"] = ""
    pkwiu: Annotated[str, "PKWiUZ"] = ""
    cn: Annotated[str, "CNZ"] = ""
    pkob: Annotated[str, "PKOBZ"] = ""
    unit: Annotated[str, "P_8AZ"] = ""
    quantity: Annotated[Decimal | None, "P_8BZ"] = None
    unit_net: Annotated[Decimal | None, "P_9AZ"] = None
    net: Annotated[Decimal | None, "P_11NettoZ"] = None
    tax: Annotated[Decimal | None, "P_11VatZ"] = None
    rate: Annotated[str, "P_12Z"] = ""
    rate_oss: Annotated[Decimal | None, "P_12Z_XII"] = None  # percent
    annex15: Annotated[bool, "P_12Z_Zal_15"] = False
    gtu: Annotated[str, "GTUZ"] = ""
    procedure: Annotated[str, "ProceduraZ"] = ""
    excise: Annotated[Decimal | None, "KwotaAkcyzyZ"] = None
    before: Annotated[bool, "StanPrzedZ"] = False

    @property
    def net_amount(self) -> Decimal:
        """P_11NettoZ; else P_9AZ x P_8BZ rounded to grosze; 0 where nothing is known."""
        if self.net is not None:
            return self.net
        return to_grosze((self.unit_net or ZERO) * (self.quantity or ZERO))

    @property
    def tax_amount(self) -> Decimal:
        """P_11VatZ, else the rate's share of the net amount."""
        if self.tax is not None:
            return self.tax
        return tax_on(self.net_amount, percent_of(self.rate, self.rate_oss))

    @property
    def gross_amount(self) -> Decimal:
        return self.net_amount + self.tax_amount


@record
class Order:
    """Zamowienie: what an advance invoice is an advance for."""

    total: Annotated[Decimal, "WartoscZamowienia"] = ZERO  # gross
    lines: Annotated[tuple[OrderLine, ...], "ZamowienieWiersz"] = ()
