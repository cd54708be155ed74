"""The exchange rate that an invoice states."""

from decimal import Decimal

from obieg.fa.model import Invoice


def rate_of(invoice: Invoice) -> Decimal | None:
    """PLN for one unit of the currency: KursWalutyZ, or KursWaluty where all rows agree.

    None for an invoice in PLN, and where the document does not say or says several.
    """
    if invoice.currency == "PLN":
        return None
    rates = {line.exchange_rate for line in invoice.lines if line.exchange_rate}
    rates |= {
        payment.exchange_rate for payment in invoice.advance_payments if payment.exchange_rate
    }
    if invoice.exchange_rate:
        rates = {invoice.exchange_rate}
    return rates.pop() if len(rates) == 1 else None


def stated_tax(invoice: Invoice) -> Decimal | None:
    """The tax in PLN of an invoice in a foreign currency (P_14_xW); None where it states none."""
    stated = [group.tax_pln for group in invoice.sums if group.tax_pln is not None]
    if invoice.currency == "PLN" or not stated:
        return None
    return sum(stated, Decimal(0))
