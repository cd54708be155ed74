"""Two at once: every claim has one winner, and who comes late changes nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.ksef.errors import SessionEnded
from obieg.ksef.sessions import Sessions
from obieg.office.models import Event
from obieg.sales.models import KsefSession
from obieg.sales.sending import batch, claiming, passes, send
from obieg.sales.sending.errors import SessionLeft
from obieg.sales.sending.locks import alone_in_sending
from obieg.sales.sending.passes import send_for_client
from obieg.sales.sending.sessions import close_session, new_session
from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What `works` give, begun at the same moment in threads with connections of their own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        start.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


def an_open_session(seller: Seller) -> KsefSession:
    session = new_session(seller.client, "online", opened_by=None)
    session.state, session.reference = "open", f"20261121-SO-{seller.client.pk}"
    session.save()
    return session


def test_one_of_two_workers_claims_a_document(seller: Seller) -> None:
    session = an_open_session(seller)
    for _ in range(ROUNDS):
        sale = seller.issue()
        send([sale], actor=None)
        claims = at_once(*[partial(claiming.claim, sale.pk, session)] * 2)
        assert [claim is None for claim in claims].count(True) == 1


def test_one_of_two_batches_claims_a_document(seller: Seller) -> None:
    seller.chooses("batch")
    sales = seller.issues(6)
    send(sales, actor=None)
    at_once(*[lambda: batch.claim_due(seller.client)] * 2)
    assert set(seller.states()) == {"sending"}
    claims = Event.objects.of_client(seller.client).filter(kind="claim")
    assert claims.count() == len(sales)
    held = seller.sales().values_list("session", flat=True)
    counted = dict(seller.sessions().values_list("pk", "invoices"))
    assert {key: list(held).count(key) for key in set(held)} == counted


def test_a_worker_that_was_taken_for_dead_cannot_send_a_second_time(
    seller: Seller, ksef: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its call arrives after another has asked KSeF, found nothing, and sent the document."""
    sale = seller.issue()
    send([sale], actor=None)
    really_send, may_go, is_there = Sessions.send, threading.Event(), threading.Event()
    refused: list[SessionEnded] = []

    def slow_send(self: Sessions, *args: Any, **options: Any) -> str:
        if is_there.is_set():
            return really_send(self, *args, **options)
        is_there.set()
        may_go.wait(30)
        try:
            return really_send(self, *args, **options)
        except SessionEnded as ended:
            refused.append(ended)
            raise

    monkeypatch.setattr(Sessions, "send", slow_send)

    def first() -> None:
        try:
            send_for_client(seller.client.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        dead = pool.submit(first)
        assert is_there.wait(30)
        monkeypatch.setattr(passes, "alone_in_sending", _nobody_else)
        seller.passes()
        assert seller.states() == ["accepted"]
        may_go.set()
        dead.result(30)
    assert refused
    seller.passes()
    seller.closes()
    assert seller.states() == ["confirmed"]
    assert seller.accepted() == seller.in_ksef()
    assert seller.sent_twice() == []


class _nobody_else:  # noqa: N801 - stands for a function
    """The lock of a worker whose connection was lost."""

    def __init__(self, client_id: int) -> None: ...
    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_: object) -> None: ...


def test_who_ends_a_claim_that_is_no_longer_his_changes_nothing(seller: Seller) -> None:
    session = an_open_session(seller)
    sale = seller.issue()
    send([sale], actor=None)
    old = claiming.claim(sale.pk, session)
    assert old
    claiming.release(old)
    new = claiming.claim(sale.pk, session)
    assert new
    claiming.record_reference(new, "20261121-EE-1")
    claiming.release(old, text="za późno")
    claiming.record_reference(old, "20261121-EE-2")
    stored = seller.sale(sale)
    assert (stored.state, stored.reference, stored.ksef_text) == ("sending", "20261121-EE-1", "")


def test_two_people_ask_for_the_same_document(seller: Seller) -> None:
    sale = seller.issue()
    at_once(*[lambda: send([sale], actor=None)] * 4)
    jobs = ProcrastinateJob.objects.filter(
        queueing_lock=f"sending-{seller.client.pk}", status="todo"
    )
    assert jobs.count() == 1
    assert Event.objects.of_client(seller.client).filter(kind="send").count() == 1


def test_two_workers_of_one_client_do_not_work_at_once(seller: Seller, ksef: Emulator) -> None:
    sales = seller.issues(3)
    send(sales, actor=None)
    at_once(*[lambda: send_for_client(seller.client.pk)] * 3)
    seller.passes()
    assert set(seller.states()) == {"accepted"}
    assert seller.sessions().count() == 1
    assert seller.sent_twice() == []


def test_the_lock_is_held_by_one(seller: Seller) -> None:
    with alone_in_sending(seller.client.pk) as mine:
        other = at_once(lambda: alone_in_sending(seller.client.pk).__enter__())
    assert (mine, other) == (True, [False])


def test_a_session_is_closed_once(seller: Seller) -> None:
    session = an_open_session(seller)
    at_once(*[lambda: close_session(session, actor=None)] * 4)
    assert seller.session_states() == ["closing"]
    assert Event.objects.of_client(seller.client).filter(kind="close").count() == 1


def test_a_session_closed_by_hand_in_the_middle_is_replaced(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = seller.issues(2)
    really_send = Sessions.send

    def and_close(self: Sessions, *args: Any, **options: Any) -> str:
        reference = really_send(self, *args, **options)
        close_session(seller.sessions().last(), actor=None)
        return reference

    monkeypatch.setattr(Sessions, "send", and_close)
    seller.sends(first, second)
    assert seller.states() == ["confirmed", "confirmed"]
    assert seller.session_states() == ["done", "done"]
    assert seller.sent_twice() == []


def test_nothing_is_claimed_in_a_session_that_has_ended(seller: Seller) -> None:
    session = an_open_session(seller)
    sale = seller.issue()
    send([sale], actor=None)
    seller.sessions().update(state="done")
    with pytest.raises(SessionLeft):
        claiming.claim(sale.pk, session)
    assert seller.states() == ["ready"]
