"""What a killed emulator leaves behind is ended by the next one."""

import datetime as dt
import subprocess
import sys

from ksef_emulator.clock import to_micros
from ksef_emulator.housekeeping import clean
from ksef_emulator.options import Options
from ksef_emulator.recovery import recover
from ksef_emulator.sessions.records import find_sent, put_sent
from ksef_emulator.testing import running_emulator
from ksef_emulator.world import World
from tests.ksef_emulator.invoices import many, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.sending import open_online
from tests.ksef_emulator.test_download import restricted

FIRM = nip(8000)


def test_interrupted_work_is_cancelled_not_forgotten(tmp_path):
    data = str(tmp_path / "ksef.db")
    with running_emulator(data=data) as first:
        user = KsefUser(first).log_in(FIRM)
        body = {"encryption": user.envelope().info, "filters": restricted()}
        export = user.post("/invoices/exports", body).json()["referenceNumber"]
        session = open_online(user)
        invoice = session.send(b"<x/>")["referenceNumber"]
        headers = user.headers
        user.close()
    interrupt(data, export)
    with running_emulator(data=data) as second:
        user = KsefUser(second, headers)
        status = user.get(f"/invoices/exports/{export}").json()["status"]
        assert status["code"] == 550
        path = f"/sessions/{session.reference}/invoices/{invoice}"
        assert user.get(path).json()["status"]["code"] == 550
        user.close()


def interrupt(data, export):
    """Put the state back to where a kill would have left it."""
    from dataclasses import replace

    from ksef_emulator.invoices.exports import exports, save_export
    from ksef_emulator.sessions.records import Verdict

    world = World(Options(data=data))
    found = exports(world).get(export)
    save_export(world, found.model_copy(update={"code": 100, "package": None}))
    put_sent(world, [replace(sent, verdict=Verdict(100)) for sent in find_sent(world, "1 = 1")])
    world.close()


def test_a_killed_emulator_has_lost_no_invoice(tmp_path):
    data = str(tmp_path / "ksef.db")
    command = [sys.executable, "-m", "ksef_emulator", "--port", "0", "--data", data, "--control"]
    from ksef_emulator.control.client import Control

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split()[-1]
        control = Control(url.removesuffix("/v2"))
        control.put_invoices(many(20, sellers=[nip(8001)], buyers=[FIRM]))
        control.close()
        process.kill()
    with running_emulator(data=data) as again:
        assert len(again.control.invoices(FIRM)) == 20


def test_old_packages_are_cleared_away():
    world = World(Options())
    try:
        recover(world)
        old = f"{world.clock.now() - dt.timedelta(days=5):%Y%m%d}-EH-x"
        new = f"{world.clock.now():%Y%m%d}-EH-x"
        for key in (old, new):
            world.db.execute("INSERT INTO blobs VALUES (?, ?)", (key, b"x"))
        clean(world)
        assert world.db.rows("SELECT key FROM blobs") == [(new,)]
        assert to_micros(world.clock.now()) > 0
    finally:
        world.close()
