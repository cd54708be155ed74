"""Changing the master key while the product runs: every data key is wrapped anew, in small steps.

The secrets themselves are not touched. It may be cut at any moment and begun again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from obieg.vault import key_ring
from obieg.vault.envelope import Binding, Envelope, rewrap, unseal
from obieg.vault.errors import (
    OtherMasterKey,
    RotationUnderWay,
    RotationUnfinished,
    SealedBroken,
    SealedUnknown,
    SecretTampered,
)
from obieg.vault.master import MasterKey, master_key
from obieg.vault.models import Rotation

AT_ONCE = 50  # rows of a transaction: nobody waits long for one of them
NAMED = 20  # rows that an error names

# To what the rows of each table are bound, as the room that seals them says it.
BINDINGS: dict[str, Callable[[Any], Binding]] = {
    "vault.credential": lambda row: Binding(row.client_id, row.bound_kind, row.environment),
    "vault.accessgrant": lambda row: Binding(row.client_id, "access", row.environment),
    "vault.enrolment": lambda row: Binding(row.client_id, "enrolment", row.environment),
    "inbox.package": lambda row: Binding(row.channel.client_id, "package", row.channel.environment),
    "sales.ksefsession": lambda row: Binding(row.client_id, "package", row.environment),
    "mail.mailserver": lambda _: Binding(None, "mail", ""),
    "logins.secondfactor": lambda row: Binding(None, f"totp/{row.operator_id}", "office"),
    "watch.webhooksecret": lambda _: Binding(None, "webhook", ""),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of a table were wrapped anew so far."""

    table: str
    done: int


def sealed_models() -> list[type[models.Model]]:
    """Every table with sealed data; SealedUnknown where one of them has no binding here."""
    found = [model for model in apps.get_models() if _is_sealed(model)]
    unknown = [model._meta.label for model in found if model._meta.label_lower not in BINDINGS]
    if unknown:
        raise SealedUnknown(tables=", ".join(unknown))
    return found


def rotate(new: MasterKey) -> Iterator[Progress]:
    """Wrap every data key under `new`, which must be kept before; the present key may be either.

    From the first step on, every process seals under `new` and opens both. Raises
    RotationUnderWay, SealedUnknown and, when everything else is done, SealedBroken.
    """
    rotation = _begin(master_key(), new)
    old = key_ring.opening_key(new, rotation.old_id)
    for model in sealed_models():
        done = 0
        for count in _rewrap_table(model, old, new):
            done += count
            yield Progress(model._meta.label, done)
    require_whole(new)


def finish() -> Iterator[Progress]:
    """Wrap what came late, open every row there is, then forget the old key.

    The present key must be the new one. Raises RotationUnfinished, SealedBroken.
    """
    present = master_key()
    rotation = key_ring.under_way()
    if rotation is None or rotation.new_id != present.id:
        raise RotationUnfinished(present=present.id)
    yield from rotate(present)
    rotation.new_under_old = rotation.old_under_new = b""
    rotation.finished_at = timezone.now()
    rotation.save()


def require_whole(key: MasterKey) -> None:
    """SealedBroken unless each row of each sealed table opens under `key` with its own binding."""
    found = [
        f"{model._meta.label} {row}" for model in sealed_models() for row in broken(model, key)
    ]
    if found:
        more = f" i jeszcze {len(found) - NAMED}" if len(found) > NAMED else ""
        raise SealedBroken(rows=", ".join(found[:NAMED]) + more)


def broken(model: type[models.Model], key: MasterKey) -> Iterator[int]:
    """The numbers of the rows that do not open; the secrets themselves are let go at once."""
    for row in _rows(model).order_by("pk").iterator(chunk_size=500):
        try:
            envelope = _envelope(row)
            if envelope is not None:
                unseal(envelope, BINDINGS[model._meta.label_lower](row), under=key)
        except (SecretTampered, OtherMasterKey):
            yield row.pk


def _begin(present: MasterKey, new: MasterKey) -> Rotation:
    rotation = key_ring.under_way()
    if rotation is None:
        if present.id == new.id:
            raise RotationUnfinished(present=present.id)
        rotation = key_ring.pair(present, new)
        rotation.save()
    elif rotation.new_id != new.id:
        raise RotationUnderWay(old=rotation.old_id, new=rotation.new_id)
    return rotation


def _rewrap_table(model: type[models.Model], old: MasterKey, new: MasterKey) -> Iterator[int]:
    last = 0
    while True:
        with transaction.atomic():
            locked = _rows(model).select_for_update(of=("self",), no_key=True)
            rows = list(locked.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
            count = sum(_rewrap_row(row, old, new) for row in rows)
        if not rows:
            return
        last = rows[-1].pk
        yield count


def _rewrap_row(row: models.Model, old: MasterKey, new: MasterKey) -> bool:
    """Whether the row was wrapped anew; one that does not open stays, and is named at the end."""
    try:
        envelope = _envelope(row)
        if envelope is None or envelope.master_key_id != old.id:
            return False
        fresh = rewrap(envelope, BINDINGS[row._meta.label_lower](row), old=old, new=new)
    except SecretTampered:
        return False
    if hasattr(row, "sealed_key"):
        changes: dict[str, Any] = {"sealed_key": fresh.pack()}
    else:
        changes = {"wrapped_key": fresh.wrapped_key, "master_key_id": fresh.master_key_id}
    type(row)._base_manager.filter(pk=row.pk).update(**changes)
    return True


def _envelope(row: models.Model) -> Envelope | None:
    """The row's envelope; None where it was shredded or never held anything."""
    packed = getattr(row, "sealed_key", None)
    if packed is not None:
        return Envelope.unpack(bytes(packed)) if packed else None
    if getattr(row, "shredded_at", None) is not None or not row.wrapped_key:  # type: ignore[attr-defined]
        return None
    return Envelope(
        ciphertext=bytes(row.ciphertext),  # type: ignore[attr-defined]
        wrapped_key=bytes(row.wrapped_key),  # type: ignore[attr-defined]
        master_key_id=row.master_key_id,  # type: ignore[attr-defined]
    )


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Every client's: the key is the office's."""
    rows: models.QuerySet[Any] = model._base_manager.all()
    return rows.select_related("channel") if hasattr(model, "channel") else rows


def _is_sealed(model: type[models.Model]) -> bool:
    names = {one.name for one in model._meta.get_fields()}
    return "sealed_key" in names or {"wrapped_key", "master_key_id"} <= names
