"""What posting stores, split by noun."""

from obieg.posting.models.books import (
    Account,
    Dimension,
    OfficeBooks,
    Profile,
    Vehicle,
    usual_registers,
)
from obieg.posting.models.dekrets import Dekret, DekretLine, Posting
from obieg.posting.models.journal import (
    BookEntry,
    ClosedPeriod,
    JournalEntry,
    RegisterEntry,
    Voucher,
)
from obieg.posting.models.lessons import Lesson
from obieg.posting.models.links import Link, SellerAccount
from obieg.posting.models.outside import OutsidePurchase
from obieg.posting.models.rules import DismissedOffer, Rule

__all__ = [
    "Account",
    "BookEntry",
    "ClosedPeriod",
    "Dekret",
    "DekretLine",
    "Dimension",
    "DismissedOffer",
    "JournalEntry",
    "Lesson",
    "Link",
    "OfficeBooks",
    "OutsidePurchase",
    "Posting",
    "Profile",
    "RegisterEntry",
    "Rule",
    "SellerAccount",
    "Vehicle",
    "Voucher",
    "usual_registers",
]
