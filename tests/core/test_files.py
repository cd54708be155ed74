"""A file of a secret is made once, by whoever comes first, for its owner only."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from obieg.core.files import write_once


def test_the_first_text_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_once(path, text * 1000), "abcdefgh"))
    text = path.read_text()
    assert len(text) == 1000
    assert len(set(text)) == 1
    write_once(path, "z")
    assert path.read_text() == text
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path], "no draft is left behind"
