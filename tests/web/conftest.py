"""The office that the pages show, and a browser that looks at them."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client as Visitor
from playwright.sync_api import Browser, sync_playwright

from obieg.office.models import Operator
from tests.web import offices
from tests.web.browsing import CHROMIUM, Screen
from tests.web.offices import Office


@pytest.fixture
def office(db: None) -> Office:
    return offices.found()


@pytest.fixture
def anna(office: Office) -> Visitor:
    """Anna's browser without JavaScript: logged in."""
    return as_operator(office.anna)


@pytest.fixture
def ewa(office: Office) -> Visitor:
    return as_operator(office.ewa)


def as_operator(operator: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(operator)
    return visitor


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module; its event loop shares the thread with Django's ordinary queries."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=Screen.ARGUMENTS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
