"""The parsed model as JSON: our field names, amounts as strings exactly as written."""

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from obieg.fa.model import Invoice


def to_json(invoice: Invoice) -> str:
    """Indented JSON of every field that says something, and of the computed amounts."""
    facts = {
        **to_plain(invoice),
        "amount_due": str(invoice.amount_due),
        "net_total": str(invoice.net_total),
        "tax_total": str(invoice.tax_total),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2)


def to_plain(value: Any) -> Any:
    """Records as mappings without their empty fields, tuples as lists, the rest as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, to_plain(getattr(value, field.name))) for field in fields(value))
        return {name: plain for name, plain in pairs if plain not in (None, "", [], {})}
    if isinstance(value, tuple):
        return [to_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
