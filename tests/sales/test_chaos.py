"""Killed and cut at random, sending leaves every document in KSeF exactly once.

An ordinary run does 60 kills and cuts; `OBIEG_CHAOS=300 pytest tests/sales/test_chaos.py` does
the 300 that the product promises, `OBIEG_CHAOS_SEED=7` others than usual.
"""

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from ksef_emulator.testing import Emulator
from obieg.calls.gateways import open_gateway
from obieg.core.errors import ObiegError
from obieg.fa.upo import read_upo
from obieg.inbox.models import Invoice
from obieg.inbox.signals import invoices_stored
from obieg.sales.models import Sale
from obieg.sales.sending import folders, send
from tests.inbox.victim import Victims
from tests.sales.seller import Seller, forget_calls
from tests.sales.victim import victims

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

HARMS = int(os.environ.get("OBIEG_CHAOS", "60"))
SEED = int(os.environ.get("OBIEG_CHAOS_SEED", "20261121"))
A_CLIENT = 5  # harms that one client suffers
SHARES = 4  # so that they can run side by side
STEPS = {"online": 130, "batch": 170}  # of a life, about: a later one is no kill
FAULTS = ("cut_before", "cut_after", "cut_midway", "status")
ASKED = ("/sessions/[^/]+$", "/sessions/[^/]+/invoices", "/upo/")
PATHS = {
    "online": (
        "/sessions/online$",
        *["/online/[^/]+/invoices$"] * 3,
        "/online/[^/]+/close$",
        *ASKED,
    ),
    "batch": ("/sessions/batch$", "/storage/", *["/batch/[^/]+/close$"] * 2, *ASKED),
}


@pytest.fixture
def workers(new_seller: Callable[[], Seller], tmp_path: Path) -> Iterator[Victims]:
    database = urlsplit(os.environ["DATABASE_URL"])
    here = database._replace(path=f"/{connection.settings_dict['NAME']}")
    with victims(urlunsplit(here), tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _room_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoices_stored, "receivers", [])


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("share", range(SHARES))
def test_every_document_is_accepted_exactly_once(
    share: int, workers: Victims, new_seller: Callable[[], Seller], ksef: Emulator
) -> None:
    chance = random.Random(f"{SEED}/{share}")
    suffered = 0
    while suffered < HARMS // SHARES:
        seller = new_seller()
        way = chance.choice(("online", "batch"))
        seller.chooses(way)
        told = [_suffer(seller, way, chance, workers, ksef) for _ in range(A_CLIENT)]
        ksef.control.clear_faults()
        seller.closes()
        _compare(seller, told)
        suffered += sum(bool(harm) for harm in told)
    assert suffered >= HARMS // SHARES


def _suffer(
    seller: Seller, way: str, chance: random.Random, workers: Victims, ksef: Emulator
) -> str:
    """One life with one harm; what it was, or nothing where it came too late to be one."""
    if set(seller.states()) <= {"confirmed"}:
        _send_some(seller, chance)
    if chance.random() < 0.6:
        place = min(chance.randint(1, STEPS[way]) for _ in range(2))
        steps, ended = workers.live("", seller.client.pk, die_at=place)
        return f"killed after {steps[-1:]}" if ended == signal.SIGKILL else ""
    if chance.random() < 0.15:
        return _close_behind_its_back(seller)
    return _spoil(seller, way, chance, workers, ksef)


def _send_some(seller: Seller, chance: random.Random) -> None:
    sales = seller.issues(chance.randint(1, 4))
    follower = seller.issue(follows=sales[0])
    offline = seller.issue(state="waiting", offline_mode="offline24")
    send([*sales, follower, offline], actor=None)


def _spoil(
    seller: Seller, way: str, chance: random.Random, workers: Victims, ksef: Emulator
) -> str:
    """A life in which some requests go wrong."""
    fault = chance.choice(FAULTS)
    details = {"status": chance.choice((500, 502, 503, 429, 401))} if fault == "status" else {}
    path = chance.choice(PATHS[way])
    ksef.control.clear_requests()
    ksef.control.add_fault(
        fault, path=path, after=chance.randint(0, 1), times=chance.randint(1, 2), **details
    )
    place = chance.randint(1, 200) if chance.random() < 0.3 else 0
    workers.live("", seller.client.pk, die_at=place)
    ksef.control.clear_faults()
    if any(request["fault"] for request in ksef.control.requests()):
        return f"{fault} {details} at {path}, killed at {place}"
    return ""


def _close_behind_its_back(seller: Seller) -> str:
    """Another program of the client closes its session."""
    forget_calls()
    session = seller.sessions().filter(kind="online").exclude(reference="").last()
    if session is None:
        return ""
    try:
        with open_gateway(seller.client, purpose="inny program") as gateway:
            gateway.sessions.close_online(session.reference)
    except ObiegError:
        return ""
    return "closed behind its back"


def _compare(seller: Seller, told: list[str]) -> None:
    """What Obieg believes against the emulator's own record: documents, receipts, folders."""
    assert set(seller.states()) == {"confirmed"}, told
    assert seller.accepted() == seller.in_ksef(), told
    assert len(seller.accepted()) == seller.sales().count(), told
    assert seller.sent_twice() == [], told
    assert set(seller.session_states()) <= {"done", "failed", "opening"}, told
    stored = Invoice.objects.of_client(seller.client).values_list("ksef_number", flat=True)
    assert sorted(stored) == sorted(seller.in_ksef()), told
    assert list(folders.sessions_on_disk()) == [], told
    for sale in seller.sales().select_related("upo", "follows"):
        receipts = [entry.ksef_number for entry in read_upo(bytes(sale.upo.content)).entries]
        assert sale.ksef_number in receipts, told
        assert sale.follows is None or sale.follows.acquired_at < sale.acquired_at, told
        assert _claims(sale) >= 1, told


def _claims(sale: Sale) -> int:
    from obieg.office.models import Event

    events = Event.objects.of_client(sale.client_id).filter(thing="sales.sale", thing_id=sale.pk)
    kinds = list(events.order_by("pk").values_list("kind", flat=True))
    assert kinds.count("accept") == 1
    assert kinds.count("confirm") == 1
    assert kinds.count("claim") == kinds.count("release") + 1
    return kinds.count("claim")
