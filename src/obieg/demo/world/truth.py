"""How the office posts each line of a document."""

from hashlib import blake2b

from obieg.demo.world.clients import Client
from obieg.demo.world.documents import Document
from obieg.demo.world.postings import CATEGORIES, SALES, Category, Truth

LUMP_SUM_SALES = "RYCZAŁT"
LUMP_SUM_COST = "ZAKUP-VAT"  # no cost, only the register of VAT
UNTAXED = frozenset({"zw", "np I", "np II"})


def truths_of(document: Document, project: str) -> dict[int, Truth]:
    """The posting of every line by its number."""
    post = sale if document.direction == "sale" else purchase
    return {
        line.number: post(document.client, line.category, line.rate, project)
        for line in document.lines
    }


def purchase(client: Client, category_key: str, rate: str, project: str) -> Truth:
    """A purchase's line; one whose VAT is not deducted enters no register."""
    category = CATEGORIES[category_key]
    deducts = client.deducts and rate not in UNTAXED
    deductible = category.deductible_percent if deducts else 0
    return Truth(
        account=account_of(client, category, LUMP_SUM_COST),
        vat_register=category.register if deductible else "",
        deductible_percent=deductible,
        kpir_column=category.kpir_column if client.form == "kpir" else None,
        cost_centre=cost_centre_of(client, category_key),
        project=project,
    )


def sale(client: Client, category_key: str, rate: str, project: str) -> Truth:
    category = SALES[category_key]
    return Truth(
        account=account_of(client, category, LUMP_SUM_SALES),
        vat_register="WDT/EXP" if rate in {"0 WDT", "0 EX"} else category.register,
        deductible_percent=100,
        kpir_column=category.kpir_column if client.form == "kpir" else None,
        project=project,
    )


def account_of(client: Client, category: Category, lump_sum: str) -> str:
    if client.form == "full_books":
        return category.account
    return category.kpir if client.form == "kpir" else lump_sum


def cost_centre_of(client: Client, category_key: str) -> str:
    """A client's own habit: the same kind of cost always goes to the same place."""
    if not client.trade.cost_centres:
        return ""
    habit = blake2b(f"{client.firm.nip}{category_key}".encode(), digest_size=2).digest()
    return client.trade.cost_centres[habit[0] % len(client.trade.cost_centres)][0]
