"""The emulator stands on its own."""

import ast
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import httpx

import ksef_emulator

ROOT = Path(ksef_emulator.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_its_own_project_file_lists_every_package():
    folders = {path.parent.relative_to(ROOT) for path in ROOT.rglob("__init__.py")}
    names = {".".join(("ksef_emulator", *folder.parts)) for folder in folders}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == names


def test_it_imports_nothing_that_it_does_not_declare():
    declared = {name.partition(">")[0] for name in PROJECT["project"]["dependencies"]}
    declared |= {"jwt", "ksef_emulator", "pydantic_core", "anyio", "httpx"}  # httpx: testing
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names.append(node.module)
            for name in names:
                top = name.partition(".")[0]
                assert top in declared or top in standard(), f"{path.name} imports {top}"


def standard():
    """Modules that Python brings."""
    import sys

    return sys.stdlib_module_names


# -S: without the .pth files that make this repository's own packages importable
ALONE = """
import importlib.util, runpy, sys
sys.path[:0] = [sys.argv.pop(1)]
sys.path.append(sys.argv.pop(1))
assert importlib.util.find_spec("obieg") is None
runpy.run_module("ksef_emulator", run_name="__main__")
"""


def test_its_wheel_runs_where_the_product_is_not(tmp_path):
    source, home = tmp_path / "source", tmp_path / "home"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("ksef_emulator-*.whl")
    install = [*pip, "install", "--no-deps", "--target", str(home), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    libraries = sysconfig.get_path("purelib")
    command = [sys.executable, "-I", "-S", "-c", ALONE, str(home), libraries, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        try:
            url = process.stdout.readline().split()[-1]
            assert httpx.post(f"{url}/auth/challenge").status_code == 200
            keys = httpx.get(f"{url}/security/public-key-certificates").json()
            assert len(keys) == 2
        finally:
            process.terminate()
