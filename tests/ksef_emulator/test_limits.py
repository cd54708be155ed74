"""Limits of requests beyond those of single groups: by address, by the hour of the day."""

import datetime as dt

import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.ksef_user import KsefUser

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_an_address_may_ask_75_times_a_second_whatever_it_asks(own_emulator):
    """KSeF API 2.9, GET /rate-limits: `global` is counted per address over all operations."""
    own_emulator.control.set_clock(NOON, frozen=True)
    users = [KsefUser(own_emulator).log_in(nip(9100 + place)) for place in range(6)]
    own_emulator.control.advance_clock(dt.timedelta(seconds=2))
    for user in users:  # 12 a context: a few of each group, none of which is full
        paths = ("/tokens", "/rate-limits", "/limits/context", "/limits/subject")
        statuses = [user.get(path).status_code for path in paths * 3]
        assert statuses == [200] * 12
    assert [users[0].get("/auth/sessions").status_code for _ in range(3)] == [200] * 3
    refused = users[1].get("/auth/sessions")
    assert refused.status_code == 429
    assert "75" in refused.json()["status"]["details"][0]
    assert int(refused.headers["Retry-After"]) >= 1
    own_emulator.control.advance_clock(dt.timedelta(seconds=2))
    assert users[1].get("/auth/sessions").status_code == 200
    for user in users:
        user.close()


def test_authentication_has_no_limit_by_the_minute(own_user):
    own_user.emulator.control.set_clock(NOON, frozen=True)
    for _ in range(3):
        statuses = {own_user.http.post("/auth/challenge").status_code for _ in range(60)}
        assert statuses == {200}
        own_user.emulator.control.advance_clock(dt.timedelta(seconds=1))
    statuses = [own_user.http.post("/auth/challenge").status_code for _ in range(61)]
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("hour", "exports", "statuses"), [(12, 20, 60), (18, 20, 60), (19, 60, 60), (4, 60, 60)]
)
def test_limits_of_downloading_are_higher_at_night_where_told(hour, exports, statuses):
    """The guide promises it from 20:00 to 06:00 in Poland (UTC+1 in November), without figures."""
    moment = NOON.replace(hour=hour, minute=30)
    with running_emulator(now=moment, night_factor=3) as emulator:
        user = KsefUser(emulator).log_in(nip(9110))
        told = user.get("/rate-limits").json()
        assert told["invoiceExport"]["perHour"] == exports
        assert told["sessionList"]["perHour"] == statuses, "not a download"
        user.close()
