"""Errors as the API tells them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from obieg.core.errors import ObiegError, Transient
from obieg.fa.finding import Finding
from obieg.logins.errors import ComeLater
from obieg.sales.content_errors import text_of


def tell_errors(api: NinjaAPI) -> None:
    """Typed errors with their code and Polish text: 409, 422 with findings, 503 for a while.

    429 with Retry-After for who asks too fast, and for an address that guesses keys.
    """

    @api.exception_handler(ComeLater)
    def come_later(request: HttpRequest, error: ComeLater) -> HttpResponse:
        body = {"code": error.code, "text": str(error), "findings": []}
        response = api.create_response(request, body, status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response

    @api.exception_handler(ObiegError)
    def obieg_error(request: HttpRequest, error: ObiegError) -> HttpResponse:
        findings: Sequence[Finding] = getattr(error, "findings", ())
        body = {
            "code": error.code,
            "text": str(error),
            "findings": [
                {"code": f.code, "severity": f.severity, "place": f.place, "text": f.text}
                for f in findings
            ],
        }
        status = 503 if isinstance(error, Transient) else 422 if findings else 409
        return api.create_response(request, body, status=status)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        findings = [_finding(mistake) for mistake in error.errors]
        body = {"code": "api.invalid", "text": "Niepoprawne dane.", "findings": findings}
        return api.create_response(request, body, status=422)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        body = {"code": f"api.{error.status_code}", "text": str(error), "findings": []}
        return api.create_response(request, body, status=error.status_code)


def _finding(mistake: dict[str, Any]) -> dict[str, str]:
    place = "/".join(str(step) for step in mistake["loc"][1:])
    return {
        "code": f"api.{mistake['type']}",
        "severity": "error",
        "place": place,
        "text": text_of(mistake["type"], mistake.get("ctx", {})),
    }
