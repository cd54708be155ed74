"""The Ministry's OpenAPI description, read where it lies, as the judge of every answer."""

import json
import re
from functools import cache
from typing import Any

import httpx
import jsonschema

from tests.reference import REFERENCE

PATH = REFERENCE / "openapi" / "ksef-api-2.9.0.json"
METHODS = ("get", "post", "put", "delete")


@cache
def document() -> dict[str, Any]:
    return json.loads(PATH.read_text())


@cache
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation by method and path."""
    return {
        (method.upper(), path): operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


@cache
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    found = [
        (method, path, re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"))
        for method, path in operations()
    ]
    return sorted(found, key=lambda entry: entry[1].count("{"))


def operation_of(method: str, path: str) -> tuple[str, str] | None:
    """The operation that a request names."""
    for known_method, known_path, pattern in _patterns():
        if known_method == method and pattern.match(path):
            return known_method, known_path
    return None


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(node, list):
        return [as_json_schema(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    schema = {key: as_json_schema(value) for key, value in node.items() if key != "nullable"}
    if schema.get("exclusiveMinimum") is True:
        schema["exclusiveMinimum"] = schema.pop("minimum")
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nullable") is True else schema


@cache
def _components() -> dict[str, Any]:
    return as_json_schema(document()["components"])


@cache
def _validator(method: str, path: str, status: str, media: str) -> Any:
    content = operations()[method, path]["responses"][status].get("content", {})
    schema = as_json_schema(content[media].get("schema", {}))
    whole = {**schema, "components": _components()}
    return jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


SEEN: set[tuple[str, str, str]] = set()


def check_answer(response: httpx.Response) -> None:
    """Fail where an answer of the API is not what the specification lets it be."""
    path = response.request.url.path
    if not path.startswith("/v2/") or not PATH.is_file():
        return
    found = operation_of(response.request.method, path.removeprefix("/v2"))
    assert found is not None, f"{response.request.method} {path} is in no specification"
    status = str(response.status_code)
    if response.status_code >= 500:
        return  # a fault that the test asked for
    described = operations()[found]["responses"]
    assert status in described, f"{found} must not answer {status}: {response.text}"
    SEEN.add((*found, status))
    content = described[status].get("content", {})
    media = response.headers.get("content-type", "").partition(";")[0]
    if not content:
        assert response.content == b"", f"{found} {status} has no body"
        return
    assert media in content, f"{found} {status} answers {media}, not {sorted(content)}"
    if "json" in media:
        _validator(*found, status, media).validate(response.json())
    if status == "429":
        assert int(response.headers["Retry-After"]) > 0


def hook(response: httpx.Response) -> None:
    """For httpx's event hooks."""
    response.read()
    check_answer(response)
