"""The shape of the model's records: which element each field is, read from the annotations."""

import types
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import (
    Annotated,
    Any,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from obieg.fa.codec import AMOUNT, CHOICE, DAY, INTEGER, MARK, MOMENT, RAW_TEXT, TOKEN, Codec


class Mark(Enum):
    """What an annotation says besides the element's name."""

    RAW = "text kept with its lines"
    INLINE = "the record's elements stand among those of the one that holds it"
    SUM_ROWS = "groups of P_13_x, P_14_x, P_14_xW"


T = TypeVar("T")
RAW, INLINE, SUM_ROWS = Mark.RAW, Mark.INLINE, Mark.SUM_ROWS


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots and keyword arguments: the form of every record here."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@record
class Leaf:
    """A value of the document that no field of the model holds."""

    path: str  # as `Fa/FaWiersz[2]/Nowe`
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: where it lies and what it holds."""

    name: str
    path: tuple[str, ...]  # elements below the record's own; an attribute as `@Typ`
    codec: Codec | None  # a leaf's
    record: type[Any] | None  # a nested record's
    many: bool
    default: Any  # MISSING where the document must have it
    mark: Mark | None

    @property
    def required(self) -> bool:
        return self.default is MISSING

    @property
    def is_spread(self) -> bool:
        """Whether its elements stand directly in the element that `path` names."""
        return self.mark is INLINE or self.mark is SUM_ROWS


_KNOWN: dict[type[Any], tuple[Field, ...]] = {}  # functools.cache takes no type[Any]


def fields_of(cls: type[Any]) -> tuple[Field, ...]:
    """The fields of a record that lie in the document, in the schema's order."""
    if cls not in _KNOWN:
        _KNOWN[cls] = _fields(cls)
    return _KNOWN[cls]


def _fields(cls: type[Any]) -> tuple[Field, ...]:
    hints = get_type_hints(cls, include_extras=True)
    defaults = {field.name: field.default for field in fields(cls)}
    found = [
        _field(name, hint, default)
        for name, default in defaults.items()
        if get_origin(hint := hints[name]) is Annotated
    ]
    order: list[str] = getattr(cls, "xml_order", "").split()
    return tuple(sorted(found, key=lambda field: order.index(field.path[0])) if order else found)


def _field(name: str, hint: Any, default: Any) -> Field:
    kind, path, *extras = get_args(hint)
    many = get_origin(kind) is tuple
    inner = get_args(kind)[0] if many else kind
    mark = next((extra for extra in extras if isinstance(extra, Mark)), None)
    chosen = next((extra for extra in extras if isinstance(extra, type)), None)
    codec = None if chosen else _codec(inner, mark)
    nested = None if codec else chosen or _without_none(inner)
    return Field(name, tuple(path.split("/")), codec, nested, many, default, mark)


_CODECS: dict[Any, Codec] = {
    str: TOKEN,
    int: INTEGER,
    bool: MARK,
    Decimal: AMOUNT,
    date: DAY,
    datetime: MOMENT,
}


def _codec(kind: Any, mark: Mark | None) -> Codec | None:
    if kind == bool | None:
        return CHOICE
    if mark is RAW:
        return RAW_TEXT
    return _CODECS.get(_without_none(kind))


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(arg for arg in get_args(kind) if arg is not types.NoneType)
    return kind
