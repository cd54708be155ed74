"""A package on disk is read invoice by invoice, and what is wrong with it is said."""

import json
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obieg.ksef import packages
from obieg.ksef.errors import PackageCorrupt
from obieg.ksef.packages import open_package

NUMBER = "9990000012-20261121-0100001AF629-AF"


def entry(number: str = NUMBER, **changes: object) -> dict[str, object]:
    return {
        "ksefNumber": number,
        "invoiceNumber": "FV/1",
        "invoiceType": "Vat",
        "issueDate": "2026-11-20",
        "invoicingDate": "2026-11-21T08:00:00+00:00",
        "acquisitionDate": "2026-11-21T08:00:01+00:00",
        "permanentStorageDate": "2026-11-21T08:00:02.1234567+00:00",
        "seller": {"nip": "9990000012", "name": "Sprzedawca"},
        "buyer": {"identifier": {"type": "Nip", "value": "9990000029"}, "name": "Nabywca"},
        "netAmount": 0.1,
        "grossAmount": 0.123,
        "vatAmount": 0.02,
        "currency": "PLN",
        "invoiceHash": "aGFzaA==",
        "hasAttachment": False,
        "fromTheFuture": [1, 2],
        **changes,
    }


def packed(path: Path, files: dict[str, bytes], entries: list[dict[str, object]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_metadata.json", json.dumps({"version": 1, "invoices": entries}))
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_invoices_come_with_their_numbers_and_metadata(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": b"<a/>"}, [entry()])
    with open_package(path) as reader:
        assert list(reader) == [(f"{NUMBER}.xml", NUMBER, b"<a/>", "")]
        described = reader.metadata[NUMBER]
    stored = datetime(2026, 11, 21, 8, 0, 2, 123456, tzinfo=UTC)
    assert described.permanent_storage_date == stored
    assert described.buyer_nip == "9990000029"


def test_a_buyer_without_nip_has_none(tmp_path: Path) -> None:
    foreign = entry(buyer={"identifier": {"type": "VatUe", "value": "DE123"}})
    with open_package(packed(tmp_path / "p.zip", {}, [foreign])) as reader:
        assert reader.metadata[NUMBER].buyer_nip is None


def test_a_package_may_be_empty(tmp_path: Path) -> None:
    with open_package(packed(tmp_path / "p.zip", {}, [])) as reader:
        assert list(reader) == []
        assert reader.metadata == {}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"other": 1}', '{"invoices": 5}', '{"invoices": [{}]}',
     '{"invoices": [', '{"invoices": ["x"]}', '{"invoices": [{"ksefNumber": 1}]}'],
)  # fmt: skip
def test_unreadable_metadata_are_a_corrupt_package(tmp_path: Path, text: str) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("_metadata.json", text)
    with open_package(tmp_path / "p.zip") as reader, pytest.raises(PackageCorrupt):
        _ = reader.metadata


def test_missing_metadata_are_a_corrupt_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("a.xml", b"<a/>")
    with open_package(tmp_path / "p.zip") as reader, pytest.raises(PackageCorrupt):
        _ = reader.metadata


def test_what_is_no_zip_is_a_corrupt_package(tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(b"not a zip file at all")
    with pytest.raises(PackageCorrupt):
        open_package(tmp_path / "p.zip")


def test_any_cut_zip_is_a_corrupt_package(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": b"<a/>" * 500}, [entry()])
    whole = path.read_bytes()
    for end in range(0, len(whole) - 1, 37):
        path.write_bytes(whole[:end])
        with pytest.raises(PackageCorrupt):
            list(open_package(path))


def test_a_spoilt_file_in_a_zip_is_a_corrupt_package(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": bytes(range(256)) * 40}, [entry()])
    content = bytearray(path.read_bytes())
    at = content.index(NUMBER.encode()) + len(NUMBER) + 100
    content[at] ^= 0xFF
    path.write_bytes(content)
    with open_package(path) as reader, pytest.raises(PackageCorrupt):
        list(reader)


def test_a_bomb_is_left_out_before_it_is_unpacked_and_the_others_come(tmp_path: Path) -> None:
    other = "9990000012-20261121-0100001AF630-10"
    files = {f"{NUMBER}.xml": bytes(300_000_000), f"{other}.xml": b"<a/>"}
    path = packed(tmp_path / "p.zip", files, [entry(), entry(other)])
    tracemalloc.start()
    with open_package(path) as reader:
        bomb, sound = list(reader)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
    assert (bomb.ksef_number, bomb.content) == (NUMBER, b"")
    assert "300 MB, a może mieć najwyżej 10 MB" in bomb.left_out
    assert (sound.content, sound.left_out) == (b"<a/>", "")


def test_a_file_that_claims_to_be_small_is_not_unpacked_beyond_its_claim(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": bytes(50_000_000)}, [entry()])
    lied = path.read_bytes().replace((50_000_000).to_bytes(4, "little"), b"\x10\0\0\0")
    path.write_bytes(lied)
    tracemalloc.start()
    with open_package(path) as reader, pytest.raises(PackageCorrupt):
        list(reader)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(("at", "value"), [("flag", 0x1), ("method", zipfile.ZIP_LZMA)])
def test_what_is_packed_with_a_password_or_strangely_is_left_out(
    tmp_path: Path, at: str, value: int
) -> None:
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": b"<a/>"}, [entry()])
    content = bytearray(path.read_bytes())
    central = content.rindex(b"PK\x01\x02")
    content[central + (8 if at == "flag" else 10)] = value
    path.write_bytes(content)
    with open_package(path) as reader:
        assert ["nieznaną metodą" in file.left_out for file in reader] == [True]


def test_a_package_of_more_bytes_than_any_can_have_is_corrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "LARGEST_TOTAL", 100_000)
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": bytes(200_000)}, [entry()])
    with pytest.raises(PackageCorrupt):
        open_package(path)


def test_a_package_within_a_package_and_a_path_out_of_it_are_only_names(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", {"a.xml": b"<a/>"}, []).read_bytes()
    files = {"inner.zip": inner, f"../../{NUMBER}.xml": b"<a/>", "/etc/x.xml": b"<b/>"}
    deep = tmp_path / "deep"
    deep.mkdir()
    path = packed(deep / "p.zip", files, [entry()])
    before = sorted(tmp_path.rglob("*"))
    with open_package(path) as reader:
        assert [file.ksef_number for file in reader] == [NUMBER, "x"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_of_the_largest_size_passes(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", {f"{NUMBER}.xml": bytes(packages.LARGEST_FILE)}, [entry()])
    with open_package(path) as reader:
        assert [len(file.content) for file in reader] == [packages.LARGEST_FILE]


def test_a_full_package_is_read_in_little_memory(tmp_path: Path) -> None:
    numbers = [f"9990000012-20261121-{place:012X}-00" for place in range(10_000)]
    files = {f"{number}.xml": b"<Faktura>" * 1000 for number in numbers}
    path = packed(tmp_path / "p.zip", files, [entry(number) for number in numbers])
    del files
    tracemalloc.start()
    with open_package(path) as reader:
        assert len(reader.metadata) == 10_000
        assert sum(len(file.content) for file in reader) == 90_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000
