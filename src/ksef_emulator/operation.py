"""How an operation of the specification is declared, and what it is called with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from ksef_emulator.auth.records import Authentication
from ksef_emulator.bearer import Bearer, TokenKind
from ksef_emulator.errors import Forbidden, from_validation, invalid
from ksef_emulator.identifiers import Identifier
from ksef_emulator.limits.rates import Group
from ksef_emulator.world import World

M = TypeVar("M", bound=BaseModel)
REFERENCE = 36  # characters
UNREADABLE = 21001
TEST_DATA = "/v2/testdata/"
Answer = Response | dict[str, Any] | list[Any] | None


class Access(Enum):
    """The bearer token that an operation asks for."""

    NONE = auto()
    OPERATION = auto()
    REFRESH = auto()
    ACCESS = auto()
    ACCESS_OR_REFRESH = auto()

    @property
    def kinds(self) -> tuple[TokenKind, ...]:
        """The kinds of token that open it."""
        return {
            Access.NONE: (),
            Access.OPERATION: (TokenKind.OPERATION,),
            Access.REFRESH: (TokenKind.REFRESH,),
            Access.ACCESS: (TokenKind.ACCESS,),
            Access.ACCESS_OR_REFRESH: (TokenKind.ACCESS, TokenKind.REFRESH),
        }[self]


@dataclass(frozen=True)
class Call:
    """One request to one operation, already authenticated."""

    world: World
    request: Request
    content: bytes
    client_ip: str
    bearer: Bearer | None
    caller: Authentication | None

    @property
    def authentication(self) -> Authentication:
        """Who calls; only for operations that ask for a token."""
        if self.caller is None:
            raise LookupError("this operation is open to everybody")
        return self.caller

    @property
    def context(self) -> Identifier:
        """The context in which the caller acts."""
        return self.authentication.context

    @property
    def permissions(self) -> frozenset[str]:
        """What the caller's access token allows, fixed when it was issued."""
        return self.bearer.permissions if self.bearer else frozenset()

    @property
    def base_url(self) -> str:
        """Scheme, host and port under which the caller reached the emulator."""
        parts = urlsplit(str(self.request.url))
        return f"{parts.scheme}://{parts.netloc}"

    def path(self, name: str) -> str:
        """A parameter of the path."""
        value: str = self.request.path_params[name]
        return value

    def reference(self, name: str = "referenceNumber") -> str:
        """A reference number of the path; raises 21405."""
        value = self.path(name)
        if len(value) != REFERENCE:
            raise invalid(f"'{name}': Długość musi wynosić {REFERENCE} znaków.")
        return value

    def body(self, model: type[M]) -> M:
        """The JSON body; raises BadRequest with what is wrong."""
        try:
            return model.model_validate_json(self.content or b"null", strict=True)
        except ValidationError as error:
            refusal = from_validation(error)
            if refusal.code == UNREADABLE and self.request.url.path.startswith(TEST_DATA):
                refusal = invalid(*refusal.details)  # the only code that these document
            raise refusal from error

    def query(self, model: type[M]) -> M:
        """The query string; a parameter given several times is a list."""
        query = self.request.query_params
        values: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            key = field.alias or name
            if key in query:
                many = "list" in str(field.annotation)
                values[key] = query.getlist(key) if many else query[key]
        try:
            return model.model_validate(values)
        except ValidationError as error:
            raise from_validation(error) from error

    def require(self, *any_of: str) -> None:
        """Raise Forbidden unless the caller holds one of the permissions."""
        if not self.permissions.intersection(any_of):
            raise Forbidden(
                "missing-permissions",
                "Brak wymaganych uprawnień do wykonania operacji w bieżącym kontekście.",
                requiredAnyOfPermissions=sorted(any_of),
                presentPermissions=sorted(self.permissions),
            )


@dataclass(frozen=True)
class Operation:
    """One operation of the specification and the function that performs it."""

    method: str
    path: str
    perform: Callable[[Call], Answer]
    group: Group
    access: Access
    needs: tuple[str, ...]
    status: int
    threaded: bool


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    group: Group = Group.OTHER,
    access: Access = Access.ACCESS,
    needs: tuple[str, ...] = (),
    status: int = 200,
    threaded: bool = False,
) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    """Declare an operation; `needs` is any-of, `threaded` is for slow ones."""

    def declare(perform: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        OPERATIONS.append(Operation(method, path, perform, group, access, needs, status, threaded))
        return perform

    return declare
