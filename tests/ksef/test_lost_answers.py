"""When the answer is lost, the error says whether the request may have had its effect."""

import base64
import hashlib
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ksef_emulator.testing import Emulator
from obieg.ksef.content import ContentKey
from obieg.ksef.environment import Environment
from obieg.ksef.errors import KsefUnavailable, SessionEnded
from obieg.ksef.gateway import Gateway
from obieg.ksef.public_keys import public_keys
from obieg.ksef.sessions import Sessions
from obieg.ksef.wire import Wire
from tests.ksef.office import OpenMeter, gateway_of
from tests.ksef.selling import FA3, finished, sale, verdict

KEY = ContentKey.new()
SENDING = "/sessions/online/.+/invoices$"


@pytest.fixture
def sessions(emulator: Emulator) -> Iterator[Sessions]:
    with gateway_of(emulator) as gateway:
        yield gateway.sessions


@pytest.mark.parametrize(
    ("fault", "arrived"), [("cut_before", 0), ("cut_after", 1), ("cut_midway", 1), ("status", 0)]
)
def test_what_became_of_a_lost_sending_is_seen_by_its_hash(
    emulator: Emulator, sessions: Sessions, fault: str, arrived: int
) -> None:
    session = sessions.open_online(FA3, KEY).reference
    xml = sale("L/1/2026")
    emulator.control.add_fault(fault, path=SENDING, method="POST", status=500)
    with pytest.raises(KsefUnavailable) as lost:
        sessions.send(session, xml, KEY)
    assert lost.value.ambiguous
    found = sessions.invoices(session).entries
    ours = base64.b64encode(hashlib.sha256(xml).digest()).decode()
    assert [entry.sha256 for entry in found] == [ours] * arrived
    if not arrived:
        sessions.send(session, xml, KEY)
    (entry,) = sessions.invoices(session).entries
    assert verdict(sessions, session, entry.reference).is_accepted


def test_a_slow_answer_is_a_lost_one(
    emulator: Emulator, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.add_fault("latency", path=SENDING, milliseconds=1500)
    http = sessions._channel.wire._client._http._client
    monkeypatch.setattr(http, "timeout", 0.3)
    with pytest.raises(KsefUnavailable) as lost:
        sessions.send(session, sale("L/2/2026"), KEY)
    assert lost.value.ambiguous


def test_a_session_whose_opening_was_lost_is_found(emulator: Emulator, sessions: Sessions) -> None:
    start = datetime.now(UTC) - timedelta(seconds=5)
    emulator.control.add_fault("cut_after", path="/sessions/online$")
    with pytest.raises(KsefUnavailable) as lost:
        sessions.open_online(FA3, KEY)
    assert lost.value.ambiguous
    (found,) = sessions.list(kind="online", since=start, states=["InProgress"]).entries
    assert found.is_open
    sent = sessions.send(found.reference, sale("L/3/2026"), KEY)
    assert verdict(sessions, found.reference, sent).is_accepted


def test_a_lost_closing_may_be_repeated(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    sessions.send(session, sale("L/4/2026"), KEY)
    emulator.control.add_fault("cut_after", path="/close$")
    with pytest.raises(KsefUnavailable):
        sessions.close_online(session)
    with pytest.raises(SessionEnded):
        sessions.close_online(session)
    assert finished(sessions, session).is_done


@pytest.mark.parametrize("path", ["/auth/challenge", "/auth/token/redeem"])
def test_a_login_lost_on_the_way_leaves_nothing_behind(emulator: Emulator, path: str) -> None:
    with gateway_of(emulator) as gateway:
        emulator.control.add_fault("cut_after", path=path)
        with pytest.raises(KsefUnavailable) as lost:
            gateway.sessions.open_online(FA3, KEY)
    assert not lost.value.ambiguous


def test_public_keys_lost_on_the_way_leave_nothing_behind(emulator: Emulator) -> None:
    with gateway_of(emulator) as gateway:
        public_keys(gateway._channel.wire).forget()
        emulator.control.add_fault("cut_after", path="/security/public-key-certificates")
        with pytest.raises(KsefUnavailable) as lost:
            gateway.sessions.open_online(FA3, KEY)
    assert not lost.value.ambiguous


def test_a_lost_question_leaves_nothing_behind(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.add_fault("cut_after", path=f"/sessions/{session}$")
    with pytest.raises(KsefUnavailable) as lost:
        sessions.status(session)
    assert not lost.value.ambiguous


class AnyToken:
    """Access that costs no call."""

    def token(self) -> str:
        return "token"

    def renew(self, rejected: str) -> str:
        return "another"


def test_a_refused_connection_leaves_nothing_behind() -> None:
    nowhere = Environment("emulator", "http://127.0.0.1:9", "http://127.0.0.1:9")
    with Wire(nowhere, OpenMeter()) as wire:
        sessions = Gateway(wire, AnyToken()).sessions
        with pytest.raises(KsefUnavailable) as lost:
            sessions.send("20260101-SO-0000000000-0000000000-00", sale("L/5/2026"), KEY)
    assert not lost.value.ambiguous


def test_an_unreadable_answer_may_hide_an_effect(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.add_fault("corrupt_part", path=SENDING)
    with pytest.raises(KsefUnavailable) as lost:
        sessions.send(session, sale("L/6/2026"), KEY)
    assert lost.value.ambiguous
    assert len(sessions.invoices(session).entries) == 1


def test_the_mark_survives_the_way_between_processes() -> None:
    lost = pickle.loads(pickle.dumps(KsefUnavailable(reason="próba", ambiguous=True)))
    assert lost.ambiguous
