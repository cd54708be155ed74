"""What becomes of every table when a client is erased; a test finds tables that are missing."""

from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from obieg.office.models import Client

Table = type[models.Model]


class Fate(StrEnum):
    """What becomes of the rows of a client."""

    AT_END = "usuwane od razu po zakończeniu współpracy"
    AFTER_PERIODS = "usuwane po upływie okresów"
    EMPTIED = "zostaje pusty wiersz z numerem, bo wskazuje na niego ślad"
    OWN_PERIOD = "usuwane po swoim okresie, niezależnie od klienta"
    TRAIL = "zostaje bez treści (rozliczalność)"
    PROTOCOL = "zostaje jako dowód usunięcia; nie zawiera danych"


FATES: dict[str, Fate] = {
    "office.Client": Fate.EMPTIED,
    "office.Assignment": Fate.AT_END,
    "office.Event": Fate.TRAIL,
    "vault.Credential": Fate.EMPTIED,
    "vault.WayChoice": Fate.AT_END,
    "vault.Enrolment": Fate.AFTER_PERIODS,
    "vault.TokenRequest": Fate.AFTER_PERIODS,
    "vault.CredentialUse": Fate.OWN_PERIOD,
    "vault.AccessGrant": Fate.AT_END,
    "vault.Move": Fate.AFTER_PERIODS,
    "calls.KsefCall": Fate.OWN_PERIOD,
    "calls.Ending": Fate.AFTER_PERIODS,
    "calls.EndingLine": Fate.AFTER_PERIODS,
    "calls.Revocation": Fate.AFTER_PERIODS,
    "permissions.Reading": Fate.AT_END,
    "permissions.Grant": Fate.AT_END,
    "permissions.Acquaintance": Fate.AT_END,
    "permissions.Change": Fate.AT_END,
    "permissions.Order": Fate.AT_END,
    "inbox.Channel": Fate.AFTER_PERIODS,
    "inbox.Package": Fate.AFTER_PERIODS,
    "inbox.Invoice": Fate.AFTER_PERIODS,
    "inbox.InvoiceXml": Fate.AFTER_PERIODS,
    "inbox.Quarantined": Fate.AFTER_PERIODS,  # it may be an invoice
    "posting.Profile": Fate.AFTER_PERIODS,
    "posting.Account": Fate.AFTER_PERIODS,
    "posting.Dimension": Fate.AFTER_PERIODS,
    "posting.Vehicle": Fate.AFTER_PERIODS,
    "posting.Rule": Fate.AT_END,
    "posting.DismissedOffer": Fate.AT_END,
    "posting.Lesson": Fate.AT_END,
    "posting.Link": Fate.AFTER_PERIODS,
    "posting.SellerAccount": Fate.AT_END,
    "posting.OutsidePurchase": Fate.AFTER_PERIODS,
    "posting.Dekret": Fate.AFTER_PERIODS,
    "posting.DekretLine": Fate.AFTER_PERIODS,
    "posting.Voucher": Fate.AFTER_PERIODS,
    "posting.JournalEntry": Fate.AFTER_PERIODS,
    "posting.RegisterEntry": Fate.AFTER_PERIODS,
    "posting.BookEntry": Fate.AFTER_PERIODS,
    "posting.ClosedPeriod": Fate.AFTER_PERIODS,
    "exports.Export": Fate.AFTER_PERIODS,
    "exports.ExportContent": Fate.AT_END,
    "exports.ExportedDekret": Fate.AFTER_PERIODS,
    "mail.Letter": Fate.AFTER_PERIODS,
    "mail.Attachment": Fate.AFTER_PERIODS,
    "sales.SellerProfile": Fate.AFTER_PERIODS,
    "sales.KindPolicy": Fate.AT_END,
    "sales.BankAccount": Fate.AFTER_PERIODS,
    "sales.Contractor": Fate.AT_END,
    "sales.Series": Fate.AFTER_PERIODS,
    "sales.SeriesCounter": Fate.AFTER_PERIODS,
    "sales.KsefSession": Fate.AFTER_PERIODS,
    "sales.Upo": Fate.AFTER_PERIODS,
    "sales.Sale": Fate.AFTER_PERIODS,
    "sales.SaleXml": Fate.AFTER_PERIODS,
    "sales.SaleCodes": Fate.AFTER_PERIODS,
    "sales.ApiToken": Fate.AT_END,
    "watch.Alert": Fate.AT_END,
    "watch.Comparison": Fate.AT_END,
    "watch.Tally": Fate.AT_END,
    "retention.Hold": Fate.AFTER_PERIODS,
    "retention.Handover": Fate.AFTER_PERIODS,
    "retention.HandoverPiece": Fate.AFTER_PERIODS,
    "retention.Erasure": Fate.PROTOCOL,
}
# Tables without a client: the office's own settings, accounts and records.
OFFICE_WIDE = frozenset(
    {
        "audit.Pruning",
        "audit.Redaction",
        "audit.Seal",
        "calls.AddressSlot",
        "calls.Embargo",  # by context; overwritten, and gone with its time
        "calls.RenewalSettings",
        "calls.ToldRates",
        "logins.BrowserSession",
        "logins.Pace",
        "logins.RecoveryCode",
        "logins.SecondFactor",
        "logins.Tries",
        "mail.MailServer",
        "office.Cover",
        "office.Operator",
        "permissions.OfficeFirm",
        "posting.OfficeBooks",
        "retention.Departure",
        "retention.Period",
        "sales.Outage",
        "vault.Rotation",
        "watch.Post",
        "watch.WatchSettings",
        "watch.WebhookSecret",
    }
)


def tables() -> list[Table]:
    """Every table of the product."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("obieg.")
        for model in config.get_models()
    ]


def client_path(table: Table) -> str:
    """The way from a row of the table to its client."""
    return getattr(table, "client_path", "client")


def rows_of(table: Table, client: Client) -> "models.QuerySet[Any]":
    """The rows of a client; the caller has checked who asks."""
    return table._base_manager.filter(**{client_path(table): client.pk})


def tables_with(*fates: Fate) -> list[Table]:
    """The tables of these fates, what points before what it points at."""
    meant = {label for label, fate in FATES.items() if fate in fates}
    return in_order([table for table in tables() if table._meta.label in meant])


def in_order(chosen: list[Table]) -> list[Table]:
    """The same tables, each before every other table that its rows point at."""
    left, ordered = list(chosen), list[Table]()
    while left:
        pointed_at = {target for table in left for target in targets(table) if target is not table}
        free = [table for table in left if table not in pointed_at]
        if not free:
            raise ValueError(f"tables point at each other: {left}")
        ordered += free
        left = [table for table in left if table not in free]
    return ordered


def targets(table: Table) -> list[Table]:
    """The tables that the rows of this one point at and cannot be without."""
    return [
        field.related_model
        for field in table._meta.get_fields()
        if isinstance(field, models.ForeignKey) and not field.null
    ]


def targets_loosely(table: Table, going: list[Table]) -> list["models.ForeignKey[Any, Any]"]:
    """The fields by which rows of a table that stays may point at tables that go."""
    return [
        field
        for field in table._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.null and field.related_model in going
    ]
