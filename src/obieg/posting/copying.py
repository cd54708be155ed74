"""Writing many rows by one statement: what bulk_create and bulk_update do, without their toll.

Both take rows whose every value is known, and leave scopes to the caller.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models

# What is stored as it stands. Anything else, such as an enum, JSON or an array, is asked of its
# field, which costs ten times as much.
_PLAIN: dict[str, type] = {
    "AutoField": int,
    "BigAutoField": int,
    "BigIntegerField": int,
    "BooleanField": bool,
    "CharField": str,
    "DateField": date,
    "DecimalField": Decimal,
    "ForeignKey": int,
    "IntegerField": int,
    "OneToOneField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "SmallIntegerField": int,
    "TextField": str,
}


def copy_in(rows: Sequence[models.Model]) -> None:
    """COPY new rows of one model; those without a key get one of the database."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key or rows[0].pk]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    plan = [(field.attname, _PLAIN.get(field.get_internal_type()), field) for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(
                [
                    value if type(value) is plain else _stored(field, value)
                    for name, plain, field in plan
                    for value in [getattr(row, name)]
                ]
            )


def keys_for(model: type[models.Model], count: int) -> list[int]:
    """`count` new keys of the model, for rows that others will name."""
    table = model._meta.db_table
    statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, [table, count])
        return [key for (key,) in cursor.fetchall()]


def update_in(model: type[models.Model], changes: Mapping[int, Mapping[str, Any]]) -> None:
    """UPDATE rows by their keys, each with values of its own for the same fields."""
    if not changes:
        return
    names = sorted(next(iter(changes.values())))
    fields = [model._meta.get_field(name) for name in names]
    assert all(isinstance(field, models.Field) for field in fields)  # noqa: S101 - for the types
    arrays: list[list[Any]] = [list(changes)]
    for name, field in zip(names, fields, strict=True):
        arrays.append([_stored(field, _key(new[name])) for new in changes.values()])
    with connection.cursor() as cursor:
        cursor.execute(_update(model, fields), arrays)


def _update(model: type[models.Model], fields: Sequence[Any]) -> str:
    types = [re.sub(r"\(.*\)", "", field.db_type(connection)) for field in fields]
    values = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *types))
    columns = [f'"{field.column}"' for field in fields]
    pairs = ", ".join(f"{column} = new.{column}" for column in columns)
    return (
        f'UPDATE "{model._meta.db_table}" AS kept SET {pairs} '  # noqa: S608 - names of columns
        f"FROM unnest({values}) AS new(key, {', '.join(columns)}) WHERE kept.id = new.key"
    )


def _stored(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
