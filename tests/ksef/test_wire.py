"""Every way in which KSeF can fail becomes one typed error that says what to do."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import structlog

from ksef_emulator.testing import Emulator
from obieg.core.errors import MustWait, ObiegError, Transient, UserFixable
from obieg.ksef.environment import Environment
from obieg.ksef.errors import (
    AccessDenied,
    AccessExpired,
    Gone,
    KsefRefused,
    KsefUnavailable,
    RateLimited,
)
from obieg.ksef.rates import Group
from obieg.ksef.wire import WAIT_WITHOUT_RETRY_AFTER, Wire, retry_after
from tests.ksef.office import OpenMeter, emulated


def challenge(wire: Wire) -> object:
    return wire.call(Group.ANONYMOUS, "POST /auth/challenge", lambda c: c.auth.get_challenge())


@pytest.mark.parametrize(
    ("status", "kind", "nature"),
    [
        (400, KsefRefused, UserFixable),
        (401, AccessExpired, Transient),
        (403, AccessDenied, UserFixable),
        (410, Gone, Transient),
        (429, RateLimited, MustWait),
        (500, KsefUnavailable, Transient),
        (503, KsefUnavailable, Transient),
    ],
)
def test_a_status_becomes_its_error(
    emulator: Emulator, status: int, kind: type[ObiegError], nature: type[ObiegError]
) -> None:
    emulator.control.add_fault("status", path="/auth/challenge", status=status)
    meter = OpenMeter()
    with Wire(emulated(emulator), meter) as wire, pytest.raises(kind) as error:
        challenge(wire)
    assert isinstance(error.value, nature)
    assert meter.calls[0].status == status


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "cut_midway"])
def test_a_cut_connection_is_a_lost_answer(emulator: Emulator, fault: str) -> None:
    emulator.control.add_fault(fault, path="/auth/challenge")
    meter = OpenMeter()
    with Wire(emulated(emulator), meter) as wire:
        with pytest.raises(KsefUnavailable):
            challenge(wire)
        assert meter.calls[0].status is None
        assert challenge(wire), "the next call works on a new connection"


def test_nobody_there_is_unavailable() -> None:
    nowhere = Environment("emulator", "http://127.0.0.1:9", "http://127.0.0.1:9")
    with Wire(nowhere, OpenMeter()) as wire, pytest.raises(KsefUnavailable):
        challenge(wire)


def test_the_wait_is_the_raw_retry_after_however_long(emulator: Emulator) -> None:
    emulator.control.add_fault("status", status=429, retryAfter=4321)
    with Wire(emulated(emulator), OpenMeter()) as wire, pytest.raises(RateLimited) as limited:
        challenge(wire)
    assert limited.value.wait == timedelta(seconds=4321)
    left = limited.value.until - datetime.now(UTC)
    assert timedelta(seconds=4300) < left <= timedelta(seconds=4321)


def test_retry_after_may_be_a_date_or_missing() -> None:
    moment = datetime.now(UTC) + timedelta(hours=2)
    assert timedelta(hours=1.9) < retry_after(format_datetime(moment)) <= timedelta(hours=2)
    assert retry_after(None) == retry_after("soon") == WAIT_WITHOUT_RETRY_AFTER


def test_ksefs_code_and_words_reach_the_error(emulator: Emulator) -> None:
    with Wire(emulated(emulator), OpenMeter()) as wire, pytest.raises(KsefRefused) as refused:
        wire.call(
            Group.ANONYMOUS,
            "POST /auth/xades-signature",
            lambda client: client.auth.submit_xades_auth_request("<nothing/>"),
        )
    assert refused.value.ksef_code in {21401, 9101, 9102, 21001}
    assert f"kod {refused.value.ksef_code}" in str(refused.value)


def test_an_answer_that_is_not_ksefs_is_unavailable(emulator: Emulator) -> None:
    elsewhere = Environment("emulator", emulator.url.removesuffix("/v2") + "/_emulator/v2", "")
    with Wire(elsewhere, OpenMeter()) as wire, pytest.raises((KsefUnavailable, KsefRefused)):
        challenge(wire)


def test_a_system_warning_is_logged(emulator: Emulator) -> None:
    with structlog.testing.capture_logs() as logs, Wire(emulated(emulator), OpenMeter()) as wire:
        wire._warn("Przerwa serwisowa 22.11.2026")
    assert logs[0]["event"] == "ksef.system_warning"
    assert logs[0]["warning"] == "Przerwa serwisowa 22.11.2026"
