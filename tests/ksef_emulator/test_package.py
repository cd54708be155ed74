"""The emulator stands on its own."""

import ast
import tomllib
from pathlib import Path

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
