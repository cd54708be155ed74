"""The master key from a command."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from obieg.vault import command_key
from obieg.vault.errors import MasterKeyCommandFailed, MasterKeyMalformed
from obieg.vault.master import master_key

KEY = "ab" * 32
FAILING = f"import sys; print('{KEY}'); sys.stderr.write('{KEY}'); sys.exit(3)"


@pytest.fixture(autouse=True)
def _ask_again() -> Iterator[None]:
    command_key.forget()
    yield
    command_key.forget()


def command(code: str, *words: str) -> str:
    return shlex.join([sys.executable, "-c", code, *words])


def set_command(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("OBIEG_MASTER_KEY_COMMAND", text)


def test_the_key_is_what_the_command_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    set_command(monkeypatch, command(f"print('{KEY}')"))
    assert master_key().key == bytes.fromhex(KEY)


def test_it_runs_without_a_shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    echoed = command(f"import sys; print('{KEY}')", ";", "touch", str(touched), "$(id)")
    set_command(monkeypatch, echoed)
    assert master_key().key == bytes.fromhex(KEY)
    assert not touched.exists()


def test_it_is_asked_once_for_many_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    code = f"open({str(calls)!r}, 'a').write('x'); print('{KEY}')"
    set_command(monkeypatch, command(code))
    for _ in range(3):
        master_key()
    assert calls.read_text() == "x"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (command(FAILING), "kod wyjścia 3"),
        ("/nie/ma/takiego", "nie da się go uruchomić"),
        ("'bez końca", "nie da się odczytać"),
        (" ", "nie da się odczytać"),
    ],
)
def test_a_command_that_fails_is_told_and_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    set_command(monkeypatch, text)
    with pytest.raises(MasterKeyCommandFailed, match=reason) as failed:
        master_key()
    assert KEY not in str(failed.value)


def test_a_command_that_hangs_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_key, "TIMEOUT_SECONDS", 0.2)
    set_command(monkeypatch, command("import time; time.sleep(60)"))
    with pytest.raises(MasterKeyCommandFailed, match="nie skończyło się"):
        master_key()


def test_an_answer_that_is_no_key_is_malformed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_command(monkeypatch, command("print('nie klucz')"))
    with pytest.raises(MasterKeyMalformed, match="OBIEG_MASTER_KEY_COMMAND"):
        master_key()
