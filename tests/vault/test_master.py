"""The master key comes from where the administrator put it, or is made once and kept to oneself."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from obieg.vault.errors import MasterKeyExposed, MasterKeyMalformed, MasterKeyMissing
from obieg.vault.master import MasterKey, master_key

HEX = "ab" * 32


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.delenv("OBIEG_MASTER_KEY", raising=False)
    monkeypatch.delenv("OBIEG_MASTER_KEY_FILE", raising=False)
    settings.DATA = tmp_path / "data"


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBIEG_MASTER_KEY", HEX)
    monkeypatch.setenv("OBIEG_MASTER_KEY_FILE", "/nowhere")
    assert master_key().key == bytes.fromhex(HEX)


def test_then_the_named_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{HEX}\n")
    path.chmod(0o600)
    monkeypatch.setenv("OBIEG_MASTER_KEY_FILE", str(path))
    assert master_key().key == bytes.fromhex(HEX)


def test_else_one_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = {key.key for key in pool.map(lambda _: master_key(), range(32))}
    path = tmp_path / "data" / "master.key"
    assert keys == {bytes.fromhex(path.read_text())}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_file_that_others_may_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "key"
    path.write_text(HEX)
    path.chmod(mode)
    monkeypatch.setenv("OBIEG_MASTER_KEY_FILE", str(path))
    with pytest.raises(MasterKeyExposed) as error:
        master_key()
    assert HEX not in str(error.value)
    assert f"{mode:04o}" in str(error.value)


def test_a_named_file_that_is_missing_is_never_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OBIEG_MASTER_KEY_FILE", str(tmp_path / "absent"))
    with pytest.raises(MasterKeyMissing):
        master_key()
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("text", ["ab", "zz" * 32, HEX + "00", "klucz"])
def test_a_malformed_key_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("OBIEG_MASTER_KEY", text)
    with pytest.raises(MasterKeyMalformed) as error:
        master_key()
    assert text not in str(error.value).replace("OBIEG_MASTER_KEY", "").replace("Klucz", "")


def test_a_key_is_named_without_being_shown() -> None:
    key = MasterKey(bytes.fromhex(HEX))
    assert len(key.id) == 16
    assert key.id not in HEX
    assert repr(key) == "MasterKey()"
