"""Storing is all or nothing: rows, position, and what other rooms make of them."""

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ksef_emulator.testing import Emulator
from obieg.inbox import chunks, files, housekeeping, packages, store
from obieg.inbox.errors import Overtaken, StalePosition
from obieg.inbox.models import Channel, Direction, Package, Quarantined, Role
from obieg.inbox.queries import channels_of, packages_of, quarantined_of, xml_of
from obieg.inbox.rereading import retry_quarantined
from obieg.inbox.signals import invoices_stored
from obieg.inbox.store import store_package
from obieg.inbox.synchronise import synchronise
from obieg.ksef.errors import PackageCorrupt
from tests.inbox.firm import Firm, run_out
from tests.ksef_emulator.invoices import fa3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ready(firm: Firm) -> tuple[Package, Path]:
    """A package of the firm that is fetched and not yet stored."""
    firm.buys(6)
    package = packages.claim(firm.channel())
    packages.order(package)
    while package.state == "ordered":
        packages.ask(package)
    path = packages.fetch(package)
    assert path is not None
    return package, path


def listen(receiver: Callable[..., Any]) -> None:
    invoices_stored.connect(receiver, weak=False)


def test_other_rooms_hear_of_every_invoice_once_and_in_chunks(
    firm: Firm, ready: tuple[Package, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_FILES", 4)
    heard: list[list[Any]] = []
    listen(lambda arrivals, **_: heard.append(arrivals))
    store_package(*ready)
    assert [len(arrivals) for arrivals in heard] == [4, 2]
    ids = [arrival.invoice_id for arrivals in heard for arrival in arrivals]
    assert ids == list(firm.invoices().values_list("pk", flat=True))
    assert {arrival.direction for arrivals in heard for arrival in arrivals} == {Direction.PURCHASE}


def test_a_room_that_fails_lets_nothing_be_stored(
    firm: Firm, ready: tuple[Package, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_FILES", 4)
    position = firm.channel().position
    calls = []

    def fail_at_the_second(**_: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError

    listen(fail_at_the_second)
    with pytest.raises(ZeroDivisionError):
        store_package(*ready)
    assert firm.numbers() == []
    assert firm.states() == ["ready"]
    assert firm.channel().position == position


def test_a_moved_position_stores_nothing(firm: Firm, ready: tuple[Package, Path]) -> None:
    moved = ready[0].window_from.replace(year=2020)
    firm.rewind(moved)
    with pytest.raises(StalePosition):
        store_package(*ready)
    assert firm.numbers() == []
    assert firm.channel().position == moved


def test_the_pass_goes_on_from_a_moved_position(firm: Firm, ready: tuple[Package, Path]) -> None:
    firm.rewind(ready[0].window_from.replace(day=2))
    firm.synchronise()
    assert firm.states() == ["expired", "stored"]
    assert firm.holds_everything()


def test_a_package_is_stored_once(firm: Firm, ready: tuple[Package, Path]) -> None:
    package, path = ready
    twin = firm.packages().get(pk=package.pk)
    store_package(package, path)
    with pytest.raises(Overtaken):
        store_package(twin, path)
    assert firm.holds_everything()
    assert firm.channel().fetched == 6


def test_a_package_that_lacks_an_announced_invoice_stores_nothing(
    firm: Firm, ready: tuple[Package, Path]
) -> None:
    package, path = ready
    package.manifest["invoice_count"] += 1
    with pytest.raises(PackageCorrupt):
        store_package(package, path)
    assert firm.numbers() == []


def in_threads(count: int, work: Callable[[], object]) -> list[object]:
    """What `count` threads with connections of their own came to: a result or an error."""
    together = threading.Barrier(count)
    outcomes: list[object] = []

    def run() -> None:
        together.wait()
        try:
            outcomes.append(work())
        except (Overtaken, StalePosition) as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_workers_that_store_the_same_package_at_once_store_it_once(
    firm: Firm, ready: tuple[Package, Path]
) -> None:
    package, path = ready

    def work() -> object:
        rows = Package.objects.across_clients().select_related("channel__client")
        return store_package(rows.get(pk=package.pk), path)

    outcomes = in_threads(4, work)
    assert sum(isinstance(outcome, Overtaken) for outcome in outcomes) == 3
    assert firm.holds_everything()
    assert firm.channel().fetched == 6


def test_workers_on_the_same_channel_at_once_order_once(firm: Firm, ksef: Emulator) -> None:
    firm.buys(6)
    channel = firm.channel()
    in_threads(3, lambda: synchronise(channel.pk))
    run_out(synchronise, channel.pk)
    assert firm.holds_everything()
    windows = [package.window_from for package in firm.packages()]
    assert len(set(windows)) == len(windows) == firm.orders()


def test_workers_on_the_roles_of_a_client_store_a_shared_document_once(firm: Firm) -> None:
    xml = fa3("FV/własna", seller=firm.client.nip, buyer=firm.client.nip)
    firm.receives({"a.xml": xml})
    keys = iter([firm.channel(Role.SELLER).pk, firm.channel(Role.BUYER).pk])
    in_threads(2, lambda: run_out(synchronise, next(keys)))
    invoice = firm.invoices().get()
    assert sorted(invoice.roles) == ["Subject1", "Subject2"]


def test_a_hash_that_differs_keeps_one_file_aside(
    firm: Firm, ready: tuple[Package, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = store._files

    def altered(reader: Any) -> Any:
        for place, file in enumerate(genuine(reader)):
            yield file if place else type(file)(file.ksef_number, file.name, b"x", file.marks)

    monkeypatch.setattr(store, "_files", altered)
    tally = store_package(*ready)
    assert (tally.stored, tally.quarantined) == (5, 1)
    assert Quarantined.objects.of_client(firm.client).get().error_code == "inbox.hash_differs"


def test_a_defect_of_the_reader_stops_nobody_and_is_mended_by_an_upgrade(
    firm: Firm, ready: tuple[Package, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from obieg.inbox import reading

    genuine = reading.parse
    spoilt = next(iter(firm.files.values()))

    def defective(xml: bytes) -> Any:
        return genuine(xml) if xml != spoilt else {}["never foreseen"]

    with monkeypatch.context() as patch:
        patch.setattr(reading, "parse", defective)
        store_package(*ready)
        assert retry_quarantined(firm.client) == 0
    (kept,) = quarantined_of(firm.client)
    assert kept.error_code == "inbox.reader_defect"
    assert retry_quarantined(firm.client) == 1
    assert quarantined_of(firm.client) == []
    assert firm.holds_everything()


def test_files_are_deleted_once_stored_and_fetched_again_where_missing(firm: Firm) -> None:
    firm.buys(2)
    package = packages.claim(firm.channel())
    packages.order(package)
    while package.state == "ordered":
        packages.ask(package)
    packages.fetch(package)
    files.discard(package.pk)  # another machine has them, or nobody
    firm.synchronise()
    assert firm.holds_everything()
    assert package.pk not in files.packages_on_disk()


def test_the_night_clears_what_ended(firm: Firm) -> None:
    firm.synchronise()
    firm.buys(1)
    firm.synchronise()
    empty, full = firm.packages()
    files.directory_of(full.pk)
    firm.packages().update(changed_at=full.changed_at.replace(year=2020))
    housekeeping.clean_up()
    assert list(firm.packages()) == [full]
    assert list(files.packages_on_disk()) == []
    assert empty.invoices == 0


def test_the_pages_see_how_it_stands(firm: Firm) -> None:
    firm.buys(2)
    firm.synchronise()
    buyer = next(status for status in channels_of(firm.client) if status.role == Role.BUYER)
    assert (buyer.fetched, buyer.working_on, buyer.error_text) == (2, None, "")
    assert [status.role for status in channels_of(firm.client)] == list(Role)
    (package,) = packages_of(firm.client)
    assert (package.invoices, package.stored) == (2, 2)
    invoice = firm.invoices().first()
    assert xml_of(invoice) == firm.files[invoice.ksef_number]
    assert Channel.objects.of_client(firm.client).count() == 4


def test_one_file_that_is_too_large_is_kept_aside_and_the_others_are_stored(
    firm: Firm, ready: tuple[Package, Path]
) -> None:
    package, path = ready
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    bomb = next(name for name in files if name.endswith(".xml"))
    files[bomb] = bytes(40_000_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)

    tally = store_package(package, path)
    assert (tally.seen, tally.stored, tally.quarantined) == (6, 5, 1)
    assert firm.states() == ["stored"]
    [kept] = quarantined_of(firm.client)
    assert (kept.name, bytes(kept.content), kept.error_code) == (bomb, b"", "inbox.left_out")
    assert "40 MB, a może mieć najwyżej 10 MB" in kept.error_text
    assert "po numerze KSeF" in kept.error_text
    assert kept.stored_at is not None  # its day and place are known, so that it can be asked for
    assert retry_quarantined(firm.client) == 0
