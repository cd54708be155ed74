"""What our own programs leave open on the machine: no shell, no secret argument, no mode."""

import ast
import stat
import sys
import time
from pathlib import Path

import pytest

from obieg.config.child import Child

SRC = Path(__file__).resolve().parents[2] / "src"
FILES = sorted(SRC.rglob("*.py"))


def calls(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    return [(ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_nothing_is_given_to_a_shell_unpickled_or_evaluated() -> None:
    forbidden = {
        *("os.system", "os.popen", "subprocess.getoutput", "eval", "exec"),
        *("pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "tempfile.mktemp"),
    }
    found = []
    for file in FILES:
        for name, call in calls(ast.parse(file.read_text())):
            shell = any(
                word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords
            )
            if name in forbidden or shell:
                found.append(f"{file.relative_to(SRC)}: {name}")
    assert found == []


def test_tls_is_verified_wherever_somebody_is_called() -> None:
    found = []
    for file in FILES:
        text = file.read_text()
        found += [
            f"{file.relative_to(SRC)}: {bad}"
            for bad in ("verify=False", "CERT_NONE", "check_hostname = False", "_create_unverified")
            if bad in text
        ]
    assert found == []


def test_what_a_child_writes_is_readable_by_its_user_alone(tmp_path: Path) -> None:
    made = tmp_path / "made"
    program = f"import pathlib; pathlib.Path({str(made)!r}).write_text('x')"
    child = Child([sys.executable, "-c", program], environment={}, log=None)
    child.start()
    end = time.monotonic() + 20
    while child.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["master", "token", "password", "secret"])
def test_no_secret_is_an_argument_of_a_program(name: str) -> None:
    """`ps` shows arguments to everybody: they are built from names and paths only."""
    found = []
    for file in FILES:
        if "subprocess" not in (text := file.read_text()):
            continue
        for called, call in calls(ast.parse(text)):
            if called in ("subprocess.run", "subprocess.Popen") and call.args:
                words = ast.unparse(call.args[0]).lower()
                if name in words:
                    found.append(f"{file.relative_to(SRC)}: {words}")
    assert found == []
