"""Parts are fetched once, checked twice, and what broke off is taken up again."""

import base64
import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from ksef_emulator.testing import Emulator, running_emulator
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import KsefUnavailable, LinkExpired, PackageCorrupt
from obieg.ksef.exports import ExportPackage, Part
from obieg.ksef.packages import fetch_package, open_package
from tests.ksef.office import gateway_of, invoices_for, ready_package

KEY = ContentKey.new()


def sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def package_of(pieces: list[bytes]) -> tuple[ExportPackage, dict[str, bytes]]:
    """A package whose parts are `pieces`, and its encrypted parts by link."""
    links: dict[str, bytes] = {}
    parts = []
    for ordinal, piece in enumerate(pieces, start=1):
        encrypted = b"".join(KEY.encrypt([piece]))
        url = f"https://store.invalid/{ordinal}?sig=secret"
        links[url] = encrypted
        parts.append(
            Part(
                ordinal=ordinal,
                name=f"{ordinal}.aes",
                method="GET",
                url=url,
                size=len(piece),
                hash=sha256(piece),
                encrypted_size=len(encrypted),
                encrypted_hash=sha256(encrypted),
                expires_at=datetime.now(UTC) + timedelta(hours=1),
            )
        )
    package = ExportPackage(1, sum(map(len, pieces)), tuple(parts), False, *[None] * 4)
    return package, links


class Store:
    """What serves the parts, and counts."""

    def __init__(self, links: dict[str, bytes]) -> None:
        self.links = links
        self.asked: list[str] = []
        self.http = httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        self.asked.append(str(request.url))
        body = self.links[str(request.url)]
        return httpx.Response(200, content=(body[at : at + 7] for at in range(0, len(body), 7)))


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    package, links = package_of([b"first" * 100, b"second" * 9, b"third"])
    path = fetch_package(package, KEY, tmp_path, http=Store(links).http)
    assert path.read_bytes() == b"first" * 100 + b"second" * 9 + b"third"
    assert list(tmp_path.iterdir()) == [path], "nothing else is left behind"


def test_a_whole_package_is_not_fetched_again(tmp_path: Path) -> None:
    package, links = package_of([b"one", b"two"])
    store = Store(links)
    fetch_package(package, KEY, tmp_path, http=store.http)
    fetch_package(package, KEY, tmp_path, http=store.http)
    assert len(store.asked) == 2


def test_after_a_cut_only_the_missing_parts_are_fetched(tmp_path: Path) -> None:
    package, links = package_of([b"one", b"two", b"three"])
    store = Store(links)
    missing = links.pop(package.parts[2].url)
    with pytest.raises(KeyError):
        fetch_package(package, KEY, tmp_path, http=store.http)
    store.links[package.parts[2].url] = missing
    store.asked.clear()
    fetch_package(package, KEY, tmp_path, http=store.http)
    assert store.asked == [package.parts[2].url]


def test_a_part_that_changed_on_the_disk_is_fetched_again(tmp_path: Path) -> None:
    package, links = package_of([b"one", b"two"])
    store = Store(links)
    (tmp_path / "0001.aes").write_bytes(b"half of what was ther")
    path = fetch_package(package, KEY, tmp_path, http=store.http)
    assert path.read_bytes() == b"onetwo"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-16],
        lambda content: content + bytes(16),
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: b"",
    ],
)
def test_a_spoilt_part_is_refused(tmp_path: Path, spoil: object) -> None:
    package, links = package_of([b"content" * 50])
    links[package.parts[0].url] = spoil(links[package.parts[0].url])  # type: ignore[operator]
    with pytest.raises(PackageCorrupt):
        fetch_package(package, KEY, tmp_path, http=Store(links).http)
    assert not (tmp_path / "package.zip").exists()


def test_a_part_encrypted_by_another_key_is_refused(tmp_path: Path) -> None:
    package, links = package_of([b"content" * 50])
    with pytest.raises(PackageCorrupt):
        fetch_package(package, ContentKey.new(), tmp_path, http=Store(links).http)
    assert not (tmp_path / "package.zip").exists()


def test_a_plain_part_with_another_hash_is_refused(tmp_path: Path) -> None:
    package, links = package_of([b"content" * 50])
    wrong = replace(package, parts=(replace(package.parts[0], hash=sha256(b"other")),))
    with pytest.raises(PackageCorrupt):
        fetch_package(wrong, KEY, tmp_path, http=Store(links).http)


def test_an_ended_link_is_not_even_tried(tmp_path: Path) -> None:
    package, links = package_of([b"one"])
    past = datetime.now(UTC) - timedelta(seconds=1)
    ended = replace(package, parts=(replace(package.parts[0], expires_at=past),))
    store = Store(links)
    with pytest.raises(LinkExpired):
        fetch_package(ended, KEY, tmp_path, http=store.http)
    assert store.asked == []


def test_no_error_shows_the_link(tmp_path: Path) -> None:
    package, _ = package_of([b"one"])

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"cannot reach {request.url}", request=request)

    with (
        httpx.Client(transport=httpx.MockTransport(refuse)) as http,
        pytest.raises(KsefUnavailable) as error,
    ):
        fetch_package(package, KEY, tmp_path, http=http)
    assert "sig=secret" not in f"{error.value} {error.value.__cause__}"


@pytest.mark.parametrize("fault", ["cut_before", "cut_midway", "corrupt_part", "status"])
def test_a_fetch_that_ksef_breaks_off_is_finished_later(tmp_path: Path, fault: str) -> None:
    with running_emulator(rate_limits="off", export_part_bytes=4_000) as emulator:
        given = invoices_for(emulator, 25)
        with gateway_of(emulator) as gateway:
            package = ready_package(gateway, KEY)
        assert len(package.parts) >= 3
        path_of_part = httpx.URL(package.parts[1].url).path
        emulator.control.add_fault(fault, path=f"^{path_of_part}$", status=503)
        emulator.control.clear_requests()
        with pytest.raises((KsefUnavailable, PackageCorrupt)):
            fetch_package(package, KEY, tmp_path)
        path = fetch_package(package, KEY, tmp_path)
        asked = [request["path"] for request in emulator.control.requests()]
    with open_package(path) as reader:
        assert {file.ksef_number: file.content for file in reader} == given
    assert asked.count(httpx.URL(package.parts[0].url).path) == 1


def test_a_link_that_ended_is_told_apart(emulator: Emulator, tmp_path: Path) -> None:
    invoices_for(emulator, 1)
    with gateway_of(emulator) as gateway:
        package = ready_package(gateway, KEY)
        emulator.control.advance_clock(timedelta(hours=2))
        with pytest.raises(LinkExpired):
            fetch_package(package, KEY, tmp_path)


def test_a_large_package_takes_little_memory(tmp_path: Path) -> None:
    block = os.urandom(1_000_000)
    encrypted = list(KEY.encrypt(block for _ in range(100)))
    plain_hash, encrypted_hash = hashlib.sha256(), hashlib.sha256()
    for _ in range(100):
        plain_hash.update(block)
    for piece in encrypted:
        encrypted_hash.update(piece)
    part = Part(
        ordinal=1,
        name="1",
        method="GET",
        url="https://store.invalid/1",
        size=100_000_000,
        hash=base64.b64encode(plain_hash.digest()).decode(),
        encrypted_size=100_000_016,
        encrypted_hash=base64.b64encode(encrypted_hash.digest()).decode(),
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )

    def body() -> Iterator[bytes]:
        yield from encrypted

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body()))
    package = ExportPackage(1, part.size, (part,), False, *[None] * 4)
    with httpx.Client(transport=transport) as http:
        tracemalloc.start()
        fetch_package(package, KEY, tmp_path, http=http)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 5_000_000
