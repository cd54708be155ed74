"""Other people's files: who becomes a client, what is refused and why."""

from pathlib import Path

import pytest
from tests.demo.test_month import TODAY
from tests.reference import needs_reference

from obieg.demo.errors import NothingToPutIn
from obieg.demo.guests import guests_in, samples
from obieg.demo.world.month import World
from obieg.demo.world.xml import xml_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    document = World.of().month(TODAY, sales=0, purchases=1)[0]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "good.xml").write_bytes(xml_of(document))
    (tmp_path / "broken.xml").write_bytes(b"<Faktura")
    (tmp_path / "readme.txt").write_text("no invoice")
    return tmp_path


def test_the_buyer_of_a_readable_invoice_becomes_a_client(folder: Path) -> None:
    document = World.of().month(TODAY, sales=0, purchases=1)[0]
    assert guests_in(folder).buyers == {document.buyer.nip: document.buyer.name}


def test_a_bad_file_is_named_with_the_reason(folder: Path) -> None:
    refused = guests_in(folder).refused
    assert list(refused) == ["broken.xml"]
    assert "XML" in refused["broken.xml"]


def test_a_buyer_without_a_valid_nip_is_no_client(folder: Path) -> None:
    path = folder / "sub" / "good.xml"
    text = path.read_text()
    nip = text.split("<NIP>")[2][:10]
    path.write_text(text.replace(nip, "1234567890"))
    guests = guests_in(folder)
    assert not guests.buyers
    assert guests.without_buyer == ["sub/good.xml"]


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToPutIn):
        guests_in(tmp_path)


@needs_reference
def test_the_samples_are_all_readable() -> None:
    found = samples()
    assert found.files
    assert found.older
    assert not found.refused
