"""A package of the largest size is stored in memory that does not grow with it."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from obieg.inbox import packages
from obieg.inbox.models import Package
from obieg.inbox.states import PackageState
from tests.inbox.firm import Firm
from tests.inbox.storing import make_package, peak_of_storing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LARGEST = 10_000  # invoices, KSeF API 2.9
ALLOWED = 300  # MB


def ready(firm: Firm, invoices: int) -> Package:
    package = packages.claim(firm.channel())
    package.advance(PackageState.ORDERED)
    manifest = {
        "invoice_count": invoices,
        "size": 0,
        "parts": [],
        "is_truncated": False,
        "last_issue_date": None,
        "last_invoicing_date": None,
        "last_permanent_storage_date": None,
        "permanent_storage_hwm_date": "2026-11-20T00:00:00+00:00",
    }
    package.advance(PackageState.READY, manifest=manifest, invoices=invoices)
    return package


def test_the_largest_package_takes_no_more_than_a_small_one(firm: Firm, tmp_path: Path) -> None:
    database = urlsplit(os.environ["DATABASE_URL"])
    here = urlunsplit(database._replace(path=f"/{connection.settings_dict['NAME']}"))
    peaks = []
    for count in (LARGEST // 10, LARGEST):
        path = tmp_path / f"{count}.zip"
        make_package(path, invoices=count, buyer=firm.client.nip, lines=8, first=count * 10)
        before, after = peak_of_storing(ready(firm, count).pk, path, here)
        peaks.append(after - before)
    assert firm.invoices().count() == LARGEST + LARGEST // 10
    small, large = peaks
    assert after < ALLOWED
    assert large - small < 30, f"the larger package took {large} MB, the smaller {small} MB"
