"""A batch of the largest size is claimed and packed in memory that does not grow with it."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.sales.packing import peak_of_packing, queue_many
from tests.sales.seller import Seller

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LARGEST = 10_000  # invoices, KSeF API 2.9
ALLOWED = 200  # MB


def test_the_largest_batch_takes_no_more_than_a_small_one(
    new_seller: Callable[[], Seller], tmp_path: Path
) -> None:
    database = urlsplit(os.environ["DATABASE_URL"])
    here = urlunsplit(database._replace(path=f"/{connection.settings_dict['NAME']}"))
    peaks = []
    for count in (LARGEST // 10, LARGEST):
        seller = new_seller()
        queue_many(seller.client, count)
        before, after = peak_of_packing(seller.client.pk, here, tmp_path)
        peaks.append(after - before)
        assert seller.sales().filter(state="sending").count() == count
        assert seller.sessions().get().manifest["packed"]
    small, large = peaks
    assert after < ALLOWED
    assert large - small < 30, f"the larger batch took {large} MB, the smaller {small} MB"
