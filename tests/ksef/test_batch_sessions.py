"""Packages sent to a running KSeF: parts uploaded, broken off, taken up again, processed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from ksef_emulator.testing import Emulator
from obieg.ksef.archives import Compression
from obieg.ksef.batch import Packed, sha256_of
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import (
    KsefUnavailable,
    LinkExpired,
    PartLost,
    SessionEnded,
    UploadExpired,
    UploadIncomplete,
)
from obieg.ksef.sessions import OpenedBatch, Sessions
from obieg.ksef.upload import upload_part
from obieg.ksef.upo_links import fetch_upo
from tests.ksef.office import gateway_of
from tests.ksef.selling import (
    FA3,
    against_schema,
    files,
    finished,
    limit_sessions,
    packed,
    sale,
    upload_all,
)

KEY = ContentKey.new()
PART_SIZES = {"Zip": 5_000, "TarGz": 400}  # several parts of 25 invoices that are much alike


@pytest.fixture
def sessions(emulator: Emulator) -> Iterator[Sessions]:
    with gateway_of(emulator) as gateway:
        yield gateway.sessions


@pytest.mark.parametrize("compression", ["Zip", "TarGz"])
def test_a_package_in_parts_brings_a_number_for_every_invoice(
    sessions: Sessions, tmp_path: Path, compression: Compression
) -> None:
    documents = files(25)
    package = packed(
        documents, KEY, tmp_path, compression=compression, part_size=PART_SIZES[compression]
    )
    assert len(package.parts) >= 3
    opened = sessions.open_batch(FA3, KEY, package)
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    done = finished(sessions, opened.reference)
    assert (done.code, done.invoice_count, done.successful, done.failed) == (200, 25, 25, 0)
    entries = sessions.invoices(opened.reference).entries
    assert {entry.file_name: entry.sha256 for entry in entries} == {
        name: sha256_of(content) for name, content in documents.items()
    }
    assert all(entry.is_accepted and entry.invoicing_mode == "Online" for entry in entries)
    upo = sessions.upo_page(opened.reference, done.upo_pages[0].reference)
    assert upo == fetch_upo(done.upo_pages[0].url)
    for entry in entries:
        assert (entry.ksef_number or "").encode() in upo


def test_bad_ones_among_the_good_are_listed_with_their_reasons(
    sessions: Sessions, tmp_path: Path
) -> None:
    documents = {
        "good.xml": sale("B/1/2026"),
        "twice.xml": sale("B/1/2026"),
        "wrong.xml": against_schema(sale("B/2/2026")),
    }
    package = packed(documents, KEY, tmp_path)
    opened = sessions.open_batch(FA3, KEY, package, offline=True)
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    done = finished(sessions, opened.reference)
    assert (done.is_done, done.successful, done.failed) == (True, 1, 2)
    good, twice, wrong = sessions.invoices(opened.reference).entries
    assert (good.file_name, good.invoicing_mode) == ("good.xml", "Offline")
    assert twice.is_duplicate
    assert (twice.original_ksef_number, twice.original_session) == (
        good.ksef_number,
        opened.reference,
    )
    assert wrong.code == 450
    failed = sessions.invoices(opened.reference, failed_only=True).entries
    assert failed == (twice, wrong)


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "status"])
@pytest.mark.parametrize("compression", ["Zip", "TarGz"])
def test_an_upload_that_broke_off_goes_on_in_another_process(
    emulator: Emulator, sessions: Sessions, tmp_path: Path, compression: Compression, fault: str
) -> None:
    package = packed(
        files(25), KEY, tmp_path, compression=compression, part_size=PART_SIZES[compression]
    )
    opened = sessions.open_batch(FA3, KEY, package)
    paths = [httpx.URL(upload.url).path for upload in opened.uploads]
    emulator.control.add_fault(fault, path=f"^{paths[1]}$", status=503)
    with pytest.raises(KsefUnavailable):
        upload_all(opened, package)
    stored = opened.to_json(), package.to_json()
    with gateway_of(emulator) as later:
        again, parts = OpenedBatch.from_json(stored[0]), Packed.from_json(stored[1]).parts
        assert again == opened
        for upload, part in list(zip(again.uploads, parts, strict=True))[1:]:
            upload_part(upload, part)
        later.sessions.close_batch(again.reference)
        assert finished(later.sessions, again.reference).successful == 25
    asked = [request["path"] for request in emulator.control.requests()]
    assert [asked.count(path) for path in paths] == [1, 2, *[1] * (len(paths) - 2)]


def test_uploading_twice_is_harmless(sessions: Sessions, tmp_path: Path) -> None:
    package = packed(files(2), KEY, tmp_path)
    opened = sessions.open_batch(FA3, KEY, package)
    upload_all(opened, package)
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    assert finished(sessions, opened.reference).successful == 2


def test_a_part_lost_from_the_disk_is_packed_again_for_the_same_session(
    sessions: Sessions, tmp_path: Path
) -> None:
    documents = files(25)
    package = packed(documents, KEY, tmp_path, part_size=5_000)
    opened = sessions.open_batch(FA3, KEY, package)
    package.parts[0].path.unlink()
    package.parts[1].path.write_bytes(b"half of wha")
    for upload, part in list(zip(opened.uploads, package.parts, strict=True))[:2]:
        with pytest.raises(PartLost):
            upload_part(upload, part)
    assert packed(documents, KEY, tmp_path, part_size=5_000) == package
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    assert finished(sessions, opened.reference).successful == 25


def test_a_batch_is_not_closed_before_every_part_is_there(
    sessions: Sessions, tmp_path: Path
) -> None:
    package = packed(files(25), KEY, tmp_path, part_size=5_000)
    opened = sessions.open_batch(FA3, KEY, package)
    upload_part(opened.uploads[0], package.parts[0])
    with pytest.raises(UploadIncomplete) as missing:
        sessions.close_batch(opened.reference)
    assert missing.value.ksef_code == 21205
    half = opened.uploads[1]
    httpx.put(half.url, content=b"half", headers=dict(half.headers)).raise_for_status()
    upload_all(replace_uploads(opened, skip=1), replace_parts(package, skip=1))
    with pytest.raises(UploadIncomplete) as short:
        sessions.close_batch(opened.reference)
    assert short.value.ksef_code == 21157
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    assert finished(sessions, opened.reference).is_done


def replace_uploads(opened: OpenedBatch, *, skip: int) -> OpenedBatch:
    kept = tuple(upload for place, upload in enumerate(opened.uploads) if place != skip)
    return OpenedBatch(opened.reference, kept)


def replace_parts(package: Packed, *, skip: int) -> Packed:
    kept = tuple(part for place, part in enumerate(package.parts) if place != skip)
    return Packed(package.compression, package.size, package.sha256, kept)


def test_a_link_that_ended_asks_for_another_session(
    emulator: Emulator, sessions: Sessions, tmp_path: Path
) -> None:
    package = packed(files(2), KEY, tmp_path)
    opened = sessions.open_batch(FA3, KEY, package)
    emulator.control.advance_clock(timedelta(minutes=21))
    with pytest.raises(UploadExpired) as ended:
        upload_all(opened, package)
    assert isinstance(ended.value, LinkExpired)
    assert "otworzy nową sesję" in str(ended.value)
    with pytest.raises(SessionEnded):
        sessions.close_batch(opened.reference)
    status = sessions.status(opened.reference)
    assert (status.is_cancelled, status.details) == (True, ("Przekroczono czas wysyłki",))


def test_a_lost_closing_may_be_repeated(
    emulator: Emulator, sessions: Sessions, tmp_path: Path
) -> None:
    package = packed(files(2), KEY, tmp_path)
    opened = sessions.open_batch(FA3, KEY, package)
    upload_all(opened, package)
    emulator.control.add_fault("cut_after", path="/close$")
    with pytest.raises(KsefUnavailable) as lost:
        sessions.close_batch(opened.reference)
    assert lost.value.ambiguous
    with pytest.raises(SessionEnded):
        sessions.close_batch(opened.reference)
    assert finished(sessions, opened.reference).successful == 2


def test_a_batch_whose_opening_was_lost_is_opened_anew(
    emulator: Emulator, sessions: Sessions, tmp_path: Path
) -> None:
    package = packed(files(2), KEY, tmp_path)
    emulator.control.add_fault("cut_after", path="/sessions/batch$")
    with pytest.raises(KsefUnavailable) as lost:
        sessions.open_batch(FA3, KEY, package)
    assert lost.value.ambiguous
    (orphan,) = sessions.list(kind="batch").entries
    assert (orphan.is_open, orphan.invoice_count) == (True, 0)


def test_new_public_keys_are_taken_up(
    emulator: Emulator, sessions: Sessions, tmp_path: Path
) -> None:
    package = packed(files(2), KEY, tmp_path)
    sessions.open_batch(FA3, KEY, package)
    emulator.control.rotate_keys("SymmetricKeyEncryption", "emergency")
    opened = sessions.open_batch(FA3, KEY, package)
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    assert finished(sessions, opened.reference).successful == 2


def test_a_batch_that_ksef_cannot_take_fails_with_its_words(
    emulator: Emulator, sessions: Sessions, tmp_path: Path
) -> None:
    limit_sessions(emulator, 1)
    package = packed(files(2), KEY, tmp_path)
    opened = sessions.open_batch(FA3, KEY, package)
    upload_all(opened, package)
    sessions.close_batch(opened.reference)
    status = finished(sessions, opened.reference)
    assert (status.code, status.is_failed, status.is_done) == (420, True, False)
    assert status.text.startswith("Przekroczony limit faktur w sesji: ")
