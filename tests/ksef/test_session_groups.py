"""Every call of sending is counted in the group that the specification names."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ksef_emulator.testing import Emulator
from obieg.core.errors import ObiegError
from obieg.ksef.content import ContentKey
from obieg.ksef.gateway import Gateway
from obieg.ksef.rates import SPECIFICATION, Group, Rates
from obieg.ksef.sessions import Sessions
from obieg.ksef.wire import Wire
from tests.ksef.office import CLIENT, LoginEachTime, Seen, certificate_secret, emulated
from tests.ksef.selling import FA3, files, packed, sale
from tests.ksef_emulator.certificates import seal
from tests.reference import REFERENCE, needs_reference

KEY = ContentKey.new()
NOWHERE = "20260101-SO-0000000000-0000000000-00"
NUMBER = "9990000012-20261121-000000000001-FE"


class GroupMeter:
    """A meter that remembers in which group every operation was counted."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}

    @contextmanager
    def call(self, group: Group, operation: str) -> Iterator[Seen]:
        self.groups[operation] = group
        yield Seen(operation)


def specified() -> dict[str, tuple[str, Rates]]:
    """Group and limits of every operation of sessions: the last row of its 429's table."""
    paths = json.loads((REFERENCE / "openapi" / "ksef-api-2.9.0.json").read_text())["paths"]
    found = {}
    for path, operations in paths.items():
        for method, operation in operations.items():
            if path.startswith("/sessions") and method in {"get", "post"}:
                text = operation["responses"]["429"]["description"]
                row = re.search(r"\| (\d+) \| (\d+) \| (\d+) \| (\w+)", text)
                assert row, path
                told = operation["x-rate-limits"]
                rates = Rates(told["perSecond"], told["perMinute"], told["perHour"])
                found[f"{method.upper()} {path}"] = (row[4], rates)
    return found


def call_everything(sessions: Sessions, folder: Path) -> None:
    """Every operation once; what KSeF says to it is not asked here."""
    package = packed(files(1), KEY, folder)
    calls = (
        lambda: sessions.open_online(FA3, KEY),
        lambda: sessions.send(NOWHERE, sale("G/1"), KEY),
        lambda: sessions.close_online(NOWHERE),
        lambda: sessions.open_batch(FA3, KEY, package),
        lambda: sessions.close_batch(NOWHERE),
        lambda: sessions.status(NOWHERE),
        lambda: sessions.invoices(NOWHERE),
        lambda: sessions.invoices(NOWHERE, failed_only=True),
        lambda: sessions.invoice_status(NOWHERE, NOWHERE),
        lambda: sessions.upo(NOWHERE, NOWHERE),
        lambda: sessions.upo_by_number(NOWHERE, NUMBER),
        lambda: sessions.upo_page(NOWHERE, NOWHERE),
        lambda: sessions.list(kind="online"),
    )
    for call in calls:
        with suppress(ObiegError):
            call()


@needs_reference
def test_every_operation_is_counted_where_the_specification_says(
    emulator: Emulator, tmp_path: Path
) -> None:
    meter = GroupMeter()
    with Wire(emulated(emulator), meter) as wire:
        access = LoginEachTime(wire, certificate_secret(seal(CLIENT)), CLIENT)
        call_everything(Gateway(wire, access).sessions, tmp_path)
    counted = {
        operation: (group.value, SPECIFICATION[group])
        for operation, group in meter.groups.items()
        if "/sessions" in operation
    }
    assert counted == specified()
