"""Branches of a firm in tests."""

from typing import Any

from obieg.core.internal_id import check_digit
from obieg.office.models import Client, UnitKind


def internal(nip: str, four: str = "0001") -> str:
    """The internal identifier of that NIP and these four digits."""
    return f"{nip}-{four}{check_digit(nip + four)}"


def a_branch(head: Client, name: str = "Oddział Łódź", **facts: Any) -> Client:
    """A branch with an internal identifier, or with `nip` of its own and a `unit_kind`."""
    if "unit_kind" not in facts:
        known = {"nip": head.nip, "internal_id": internal(head.nip), "unit_kind": UnitKind.INTERNAL}
        facts = known | facts
    usual = {"environment": head.environment, "sync_interval": head.sync_interval}
    return Client.objects.create(branch_of=head, unit_name=name, **usual | facts)
