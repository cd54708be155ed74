"""What the API answers with."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from ninja import Field, Schema

from obieg.fa.finding import Finding
from obieg.office.models import Client
from obieg.sales.content import SaleContent
from obieg.sales.models import Sale
from obieg.sales.states import OfflineMode


class ClientShape(Schema):
    nip: str = Field(description="the head's, for a branch with an internal identifier")
    internal_id: str = Field(description="IDWew of a branch: its address in place of {nip}")
    name: str
    environment: str = Field(description="emulator, test, demo, production")

    @classmethod
    def of(cls, client: Client) -> Self:
        return cls(
            nip=client.nip,
            internal_id=client.internal_id,
            name=client.name,
            environment=client.environment,
        )


class FindingShape(Schema):
    """One finding of the check; `place` is a path in FA(3)."""

    code: str
    severity: str = Field(description="error or warning")
    place: str
    text: str = Field(description="po polsku")

    @classmethod
    def of(cls, finding: Finding) -> Self:
        return cls(
            code=finding.code, severity=finding.severity, place=finding.place, text=finding.text
        )


class Problem(Schema):
    """Why it could not be done."""

    code: str
    text: str
    findings: list[FindingShape] = Field(default_factory=list)


class SaleShape(Schema):
    """A document and what KSeF said of it."""

    id: int
    client: str = Field(description="NIP, or internal_id of a branch")
    external_id: str
    state: str = Field(
        description="draft, ready, outside, waiting, sending, accepted, confirmed, rejected, "
        "cancelled"
    )
    kind: str
    number: str
    issue_date: date | None
    buyer_nip: str
    buyer_name: str
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    amount_due: Decimal
    offline_mode: str
    offline_deadline: date | None = Field(
        description="the last day to send what was issued offline; null online, and in a failure "
        "that has not ended"
    )
    ksef_number: str
    ksef_code: int | None
    ksef_text: str
    acquired_at: datetime | None
    has_upo: bool

    @classmethod
    def of(cls, sale: Sale) -> Self:
        plain: dict[str, Any] = {
            name: getattr(sale, name)
            for name in cls.model_fields
            if name not in {"client", "has_upo"}
        }
        return cls(**plain, client=sale.client.context, has_upo=sale.upo_id is not None)


class NewSale(Schema):
    """A draft to make; `external_id` is your own key, by which a repeated call is known."""

    content: SaleContent
    external_id: str = Field("", max_length=100)
    issue: bool = Field(False, description="also issue it: check, number, freeze")


class Issuing(Schema):
    """What the caller has seen and confirms."""

    confirmed: list[str] = Field([], description="codes of warnings that ask")
    mode: OfflineMode = Field(
        OfflineMode.ONLINE,
        description="empty: online; else how it is issued without KSeF: offline24, unavailable, "
        "failure, total_failure",
    )


class Page(Schema):
    """Documents in the order of their ids; ask on with `after` until `next` is null."""

    sales: list[SaleShape]
    next: int | None
