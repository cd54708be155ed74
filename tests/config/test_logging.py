"""Logs tell what happened and keep secrets to themselves."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from obieg.config.logging import configure


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure(stream=stream, style="json")
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def last(written: io.StringIO) -> dict[str, object]:
    return json.loads(written.getvalue().splitlines()[-1])


def test_an_event_carries_its_facts_and_its_time(written: io.StringIO) -> None:
    structlog.get_logger("obieg.test").info("invoice_stored", client=7, number="łódź")
    event = last(written)
    assert event["event"] == "invoice_stored"
    assert event["client"] == 7
    assert event["number"] == "łódź"
    assert str(event["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "name",
    ["token", "access_token", "Authorization", "password", "private_key", "key", "api-key"],
)
def test_a_value_with_a_secret_name_is_masked(written: io.StringIO, name: str) -> None:
    structlog.get_logger("obieg.test").info("called", **{name: "tajne"})
    assert "tajne" not in written.getvalue()
    assert last(written)[name] == "•••"


def test_secrets_are_masked_at_any_depth(written: io.StringIO) -> None:
    headers = [{"headers": {"Authorization": "tajne", "Accept": "text/xml"}}]
    structlog.get_logger("obieg.test").info("called", request=headers)
    assert last(written)["request"] == [{"headers": {"Authorization": "•••", "Accept": "text/xml"}}]


@pytest.mark.parametrize(
    "text",
    [
        "GET /x Authorization: Bearer tajne",
        "postgresql://obieg:tajne@db/obieg",
        "https://store/part1?sv=1&sig=tajne&se=2",
    ],
)
def test_secrets_inside_texts_are_masked(written: io.StringIO, text: str) -> None:
    logging.getLogger("library").warning("said: %s", text)
    assert "tajne" not in written.getvalue()
    assert "•••" in written.getvalue()


def test_a_traceback_shows_no_local_variables(written: io.StringIO) -> None:
    haslo = "tajne"
    try:
        int(haslo[5:])
    except ValueError:
        structlog.get_logger("obieg.test").exception("failed")
    assert "ValueError: invalid literal" in str(last(written)["exception"])
    assert "'tajne'" not in written.getvalue()


def test_numbers_and_names_of_keys_are_no_secrets(written: io.StringIO) -> None:
    structlog.get_logger("obieg.test").info("used", tokens=3, keyboard="qwerty", monkey="małpa")
    assert last(written)["tokens"] == 3
    assert last(written)["keyboard"] == "qwerty"
    assert last(written)["monkey"] == "małpa"
