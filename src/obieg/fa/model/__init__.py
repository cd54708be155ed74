"""The immutable model of FA(3) and FA(2); each field is annotated with its element's name."""

from obieg.fa.model.annotations import Annotations, NewVehicle
from obieg.fa.model.attachment import (
    Attachment,
    Block,
    BlockFact,
    Column,
    Footer,
    FooterNote,
    RegisterEntry,
    Row,
    Table,
    TableFact,
)
from obieg.fa.model.correction import AdvanceInvoice, AdvancePayment, CorrectedInvoice, Correction
from obieg.fa.model.invoice import ExtraDescription, Invoice, RateSum
from obieg.fa.model.line import Line, Order, OrderLine
from obieg.fa.model.party import (
    Address,
    AuthorizedContact,
    AuthorizedParty,
    Buyer,
    Carrier,
    Contact,
    Identified,
    Party,
    Seller,
    ThirdParty,
)
from obieg.fa.model.payment import (
    BankAccount,
    Charge,
    PartialPayment,
    Payment,
    PaymentTerm,
    PromptPaymentDiscount,
    Settlement,
)
from obieg.fa.model.terms import Contract, PurchaseOrder, Terms, Transport
from obieg.fa.shape import Leaf

__all__ = [
    "Address",
    "AdvanceInvoice",
    "AdvancePayment",
    "Annotations",
    "Attachment",
    "AuthorizedContact",
    "AuthorizedParty",
    "BankAccount",
    "Block",
    "BlockFact",
    "Buyer",
    "Carrier",
    "Charge",
    "Column",
    "Contact",
    "Contract",
    "CorrectedInvoice",
    "Correction",
    "ExtraDescription",
    "Footer",
    "FooterNote",
    "Identified",
    "Invoice",
    "Leaf",
    "Line",
    "NewVehicle",
    "Order",
    "OrderLine",
    "PartialPayment",
    "Party",
    "Payment",
    "PaymentTerm",
    "PromptPaymentDiscount",
    "PurchaseOrder",
    "RateSum",
    "RegisterEntry",
    "Row",
    "Seller",
    "Settlement",
    "Table",
    "TableFact",
    "Terms",
    "ThirdParty",
    "Transport",
]
