"""Errors in the specification's forms: ExceptionResponse and Problem Details."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.responses import JSONResponse, Response

PROBLEM = "application/problem+json"


@dataclass
class KsefError(Exception):
    """A request that KSeF refuses."""

    status: int
    detail: str

    def body(self, *, problem: bool, instance: str, now: str) -> dict[str, Any]:
        """The response's body; `problem` asks for Problem Details where both forms exist."""
        del problem
        return _problem(self.status, self.detail, instance, now)

    def respond(self, *, problem: bool, instance: str, now: str) -> Response:
        """The whole response."""
        body = self.body(problem=problem, instance=instance, now=now)
        media = PROBLEM if "title" in body else "application/json"
        return JSONResponse(body, self.status, self.headers(), media_type=media)

    def headers(self) -> dict[str, str]:
        """Extra headers of the response."""
        return {}


class BadRequest(KsefError):
    """400 with one code of the operation's table."""

    def __init__(self, code: int, description: str, *details: str) -> None:
        super().__init__(400, description)
        self.code = code
        self.details = list(details)

    def body(self, *, problem: bool, instance: str, now: str) -> dict[str, Any]:
        if problem:
            error: dict[str, Any] = {"code": self.code, "description": self.detail}
            if self.details:
                error["details"] = self.details
            return {
                **_problem(400, "Żądanie jest nieprawidłowe.", instance, now),
                "errors": [error],
            }
        entry = {
            "exceptionCode": self.code,
            "exceptionDescription": self.detail,
            "details": self.details,
        }
        return {
            "exception": {
                "exceptionDetailList": [entry],
                "serviceCode": f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00",
                "serviceCtx": "emulator",
                "serviceName": "Undefined",
                "timestamp": now,
            }
        }


class Unauthorized(KsefError):
    """401: no token, a token of another kind, an expired or foreign token."""

    def __init__(self, detail: str = "Wymagane jest uwierzytelnienie.") -> None:
        super().__init__(401, detail)

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(KsefError):
    """403 with the specification's reason code and its data."""

    def __init__(self, reason: str, detail: str, **security: Any) -> None:
        super().__init__(403, detail)
        self.reason = reason
        self.security = security

    def body(self, *, problem: bool, instance: str, now: str) -> dict[str, Any]:
        common = super().body(problem=problem, instance=instance, now=now)
        return {**common, "reasonCode": self.reason, "security": self.security or None}


class Gone(KsefError):
    """410: the status of an operation is no longer kept."""

    def __init__(self, detail: str = "Okres dostępności statusu operacji minął.") -> None:
        super().__init__(410, detail)


class TooManyRequests(KsefError):
    """429: a limit of requests is exceeded; `retry_after` in seconds."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(429, detail)
        self.retry_after = retry_after

    def body(self, *, problem: bool, instance: str, now: str) -> dict[str, Any]:
        if problem:
            return super().body(problem=problem, instance=instance, now=now)
        status = {"code": 429, "description": "Too Many Requests", "details": [self.detail]}
        return {"status": status}

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    410: "Gone",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


def _problem(status: int, detail: str, instance: str, now: str) -> dict[str, Any]:
    return {
        "title": TITLES.get(status, "Error"),
        "status": status,
        "instance": instance,
        "detail": detail,
        "timestamp": now,
        "traceId": uuid.uuid4().hex,
    }


def invalid(*details: str) -> BadRequest:
    """21405: the input breaks a constraint; `details` say which."""
    return BadRequest(21405, "Błąd walidacji danych wejściowych.", *details)


def unreadable(*details: str) -> BadRequest:
    """21001: the content cannot be read at all."""
    return BadRequest(21001, "Nieczytelna treść.", *details)


def bad_continuation_token() -> BadRequest:
    """21418: a continuation token that this emulator did not give."""
    return BadRequest(21418, "Przekazany token kontynuacji ma nieprawidłowy format.")


def unknown_key(key_id: str) -> BadRequest:
    """21470: the public key is unknown or withdrawn."""
    return BadRequest(
        21470,
        "Przesłany identyfikator klucza jest nieznany lub wskazuje na wycofany klucz.",
        f"Klucz o identyfikatorze {key_id} nie jest wspierany.",
    )


def from_validation(error: ValidationError) -> BadRequest:
    """What is wrong with a body or query, in the operation's words."""
    problems = error.errors(include_url=False, include_context=True)
    if any(problem["type"] == "json_invalid" for problem in problems):
        return unreadable("Treść żądania nie jest poprawnym dokumentem JSON.")
    return invalid(*_sentences(problems))


MESSAGES = {
    "missing": "Pole jest wymagane.",
    "string_too_short": "Minimalna długość to {min_length} znaków.",
    "string_too_long": "Maksymalna długość to {max_length} znaków.",
    "string_pattern_mismatch": "Nieprawidłowy format.",
    "greater_than_equal": "Wartość musi być większa lub równa {ge}.",
    "less_than_equal": "Wartość musi być mniejsza lub równa {le}.",
    "too_short": "Minimalna liczba elementów to {min_length}.",
    "too_long": "Maksymalna liczba elementów to {max_length}.",
    "enum": "Niedozwolona wartość.",
    "timezone_aware": "Data musi zawierać strefę czasową.",
}


def _sentences(problems: Iterable[ErrorDetails]) -> list[str]:
    return [
        f"'{'.'.join(str(part) for part in problem['loc'])}': {_sentence(problem)}"
        for problem in problems
    ]


def _sentence(problem: ErrorDetails) -> str:
    if problem["type"] == "value_error":
        return re.sub(r"^Value error, ", "", problem["msg"])
    template = MESSAGES.get(problem["type"], "Nieprawidłowa wartość.")
    return template.format(**problem.get("ctx", {}))
