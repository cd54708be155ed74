"""A new client's books: the chart of its form of accounting, its profile, its first rules."""

from django.db import transaction

from obieg.inbox.models import Direction
from obieg.office.models import AccountingForm, Client, Operator, VatPeriod
from obieg.posting.chart_templates import FULL_BOOKS, KPIR, RYCZALT, Template
from obieg.posting.models import Account, Profile, Rule
from obieg.posting.rules import add_defaults

CHARTS = {
    AccountingForm.FULL_BOOKS: FULL_BOOKS,
    AccountingForm.KPIR: KPIR,
    AccountingForm.RYCZALT: RYCZALT,
}
SALES_ACCOUNTS = {
    AccountingForm.FULL_BOOKS: "702",
    AccountingForm.KPIR: "SPRZEDAŻ",
    AccountingForm.RYCZALT: "RYCZAŁT",
}
SALES_RULE = "Sprzedaż – konto zwykłe"
FUEL_DEDUCTION = 50  # per cent: cars of mixed use, art. 86a(1) VAT Act; change the rule if not
COMMON_TEXTS = (  # name, text, account in full books, category of the KPiR, deduction
    ("Olej napędowy", "olej napędowy", "401-04", "PALIWO", FUEL_DEDUCTION),
    ("Benzyna", "benzyna", "401-04", "PALIWO", FUEL_DEDUCTION),
    ("Energia elektryczna", "energia elektryczna", "401-01", "KOSZTY", 100),
    ("Przesyłki kurierskie", "przesyłka kurierska", "402-02", "KOSZTY", 100),
    ("Usługi księgowe", "usługi księgowe", "402-07", "KOSZTY", 100),
)


@transaction.atomic
def apply_template(client: Client) -> Profile:
    """Give `client` the chart, the profile and the first rules of its form of accounting.

    What is there already stays: calling it again adds only what is missing.
    """
    form = AccountingForm(client.accounting_form)
    Account.objects.bulk_create(
        (_account(client, template) for template in CHARTS[form]),
        ignore_conflicts=True,
    )
    profile, _ = Profile.objects.of_client(client).get_or_create(
        client=client, defaults=_registers(client)
    )
    add_defaults([_sales_rule(client, SALES_ACCOUNTS[form]), *_office_rules()])
    return profile


@transaction.atomic
def copy_chart(source: Client, client: Client, *, operator: Operator) -> int:
    """Give `client` the accounts of `source` that it lacks; how many.

    Raises Client.DoesNotExist where one of them is not the operator's.
    """
    visible = Client.objects.visible_to(operator)
    for one in (source, client):
        visible.get(pk=one.pk)
    own = Account.objects.of_client(client)
    missing = list(
        Account.objects.of_client(source)
        .filter(active=True)
        .exclude(number__in=own.values("number"))
    )
    for account in missing:
        account.pk, account.client = None, client
    Account.objects.bulk_create(missing)
    return len(missing)


def _account(client: Client, template: Template) -> Account:
    return Account(
        client=client,
        number=template.number,
        name=template.name,
        kpir_column=template.kpir_column,
        ryczalt_rate=template.ryczalt_rate,
        cost_percent=template.cost_percent,
    )


def _registers(client: Client) -> dict[str, str]:
    """A client exempt from VAT deducts nothing and keeps no register of purchases."""
    return {"purchase_register": ""} if client.vat_period == VatPeriod.EXEMPT else {}


def _sales_rule(client: Client, account: str) -> Rule:
    return Rule(client=client, name=SALES_RULE, direction=Direction.SALE, account=account)


def _office_rules() -> list[Rule]:
    """One rule for each chart: it applies where the client's chart has the account."""
    return [
        Rule(
            name=name,
            direction=Direction.PURCHASE,
            text=text,
            account=account,
            deductible_percent=deduction,
        )
        for name, text, *accounts, deduction in COMMON_TEXTS
        for account in accounts
    ]
