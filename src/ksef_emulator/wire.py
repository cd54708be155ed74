"""What requests are made of: the base model, spellings of enumerations, paging."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

Base64Text = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
Sha256Base64 = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$", min_length=44, max_length=44)
]
Description = Annotated[str, StringConstraints(min_length=5, max_length=256)]


class Model(BaseModel):
    """A request or record in camelCase; unknown fields are ignored, as KSeF ignores them."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        defer_build=True,  # a fast start; most models are never needed
    )


class Choice(StrEnum):
    """An enumeration that is read without regard to case, as the Ministry's examples write it."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            for member in cls:
                if member.value.lower() == value.lower():
                    return member
        return None


class Page(Model):
    """Paging by number: `pageOffset` counts pages."""

    page_offset: int = Field(default=0, ge=0)
    page_size: int = Field(default=10, ge=10, le=100)


class ContinuedPage(Model):
    """Paging by continuation token."""

    page_size: int = Field(default=10, ge=10, le=100)
