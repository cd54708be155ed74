"""The program `obieg`: quick, readable, and never a traceback for what a person can mend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from obieg.config import cli


def obieg(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "obieg.config.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **environment},
    )


def test_help_shows_every_command_in_a_section_with_examples() -> None:
    said = CliRunner().invoke(cli.obieg, ["--help"]).output
    for title in (*cli.SECTIONS, "Przykłady", "Zmienne środowiska"):
        assert f"{title}:" in said
    for name, lazy in cli.COMMANDS.items():
        assert f"  {name} " in said
        assert lazy.short in said
    assert max(len(line) for line in said.splitlines()) <= 80


def test_without_a_command_help_is_shown() -> None:
    assert "Przykłady:" in CliRunner().invoke(cli.obieg, []).output


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(cli.obieg, ["--version"]).output.startswith("Obieg 0.")


@pytest.mark.parametrize("arguments", [["--help"], ["show", "--help"]])
def test_a_command_without_a_database_imports_no_django(arguments: list[str]) -> None:
    script = f"""
import sys
from obieg.config.cli import obieg
obieg.main({arguments!r}, standalone_mode=False)
assert "django" not in sys.modules, "django was imported"
assert "structlog" not in sys.modules, "structlog was imported"
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


@pytest.mark.parametrize("command", ["up", "worker", "migrate"])
def test_every_command_of_ours_explains_itself_in_polish(command: str) -> None:
    said = CliRunner().invoke(cli.obieg, [command, "--help"]).output
    assert "Usage" not in said
    assert any(letter in said for letter in "ąćęłńóśźż")


def test_an_error_that_a_person_can_mend_has_a_message_and_a_code(tmp_path: Path) -> None:
    answer = obieg("migrate", OBIEG_DATA=str(tmp_path / "var"))
    assert answer.returncode == 1
    assert answer.stderr.startswith("Błąd: Nie wiem, gdzie jest baza")
    assert "[config.database_unknown]" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(cli.obieg, ["nie-ma"]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nie-ma"], "Błąd: Nie ma polecenia „nie-ma”."),
        (["show"], "Błąd: Brakuje argumentu „PLIK”.\nPomoc: obieg show --help"),
        (["show", "--nie"], "Błąd: Nie ma opcji „--nie”."),
        (["show", "/nie/ma.xml"], "Błąd: Zła wartość „PLIK”: nie ma „/nie/ma.xml”."),
        (["show", "/"], "Błąd: Zła wartość „PLIK”: „/” jest katalogiem, a potrzebny jest plik."),
        (["show", "--pdf"], "Błąd: Opcja „--pdf” wymaga wartości."),
        (["up", "--port", "abc"], "Błąd: Zła wartość „--port”: „abc” nie jest liczbą całkowitą."),
        (["up", "zbędny"], "Błąd: Zbędne argumenty: zbędny."),
    ],
)
def test_wrong_arguments_are_told_in_polish(arguments: list[str], complaint: str) -> None:
    answer = obieg(*arguments)
    assert answer.returncode == 2
    assert answer.stderr.startswith(complaint)
    assert answer.stdout == ""


def test_a_command_under_a_command_explains_itself_in_polish() -> None:
    said = CliRunner().invoke(cli.obieg, ["vault", "rotate", "--help"]).output
    assert said.startswith("Użycie:")
    assert "Opcje:" in said
