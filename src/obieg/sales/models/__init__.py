"""The rows of sales."""

from obieg.sales.models.outage import Outage, SaleCodes
from obieg.sales.models.sale import Sale, SaleXml
from obieg.sales.models.seller import (
    BankAccount,
    Contractor,
    KindPolicy,
    SellerProfile,
    Sending,
    Series,
    SeriesCounter,
)
from obieg.sales.models.session import KsefSession, Upo
from obieg.sales.models.token import ApiToken

__all__ = [
    "ApiToken",
    "BankAccount",
    "Contractor",
    "KindPolicy",
    "KsefSession",
    "Outage",
    "Sale",
    "SaleCodes",
    "SaleXml",
    "SellerProfile",
    "Sending",
    "Series",
    "SeriesCounter",
    "Upo",
]
