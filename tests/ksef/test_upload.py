"""A part on its way to the storage: what goes with it, and what each answer means."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from obieg.ksef.batch import PackedPart
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import KsefRefused, KsefUnavailable, UploadExpired
from obieg.ksef.upload import PartUpload, upload_part
from tests.ksef.selling import files, packed


class Storage(BaseHTTPRequestHandler):
    """A storage that answers what it is told and remembers what came."""

    status = 201
    seen: ClassVar[list[dict[str, str]]] = []

    def do_PUT(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def storage() -> Iterator[str]:
    Storage.status = 201
    Storage.seen.clear()
    with HTTPServer(("127.0.0.1", 0), Storage) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/part?sig=secret"
        server.shutdown()
        thread.join()


@pytest.fixture
def part(tmp_path: Path) -> PackedPart:
    return packed(files(1), ContentKey.new(), tmp_path).parts[0]


def test_the_storage_gets_its_headers_the_length_and_no_token(
    storage: str, part: PackedPart
) -> None:
    upload_part(PartUpload(1, "PUT", storage, {"x-ms-blob-type": "BlockBlob"}), part)
    (headers,) = Storage.seen
    assert headers["x-ms-blob-type"] == "BlockBlob"
    assert headers["content-length"] == str(part.size)
    assert "transfer-encoding" not in headers
    assert "authorization" not in headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, None), (400, KsefRefused), (401, UploadExpired), (403, UploadExpired),
     (404, UploadExpired), (302, KsefUnavailable), (429, KsefUnavailable), (503, KsefUnavailable)],
)  # fmt: skip
def test_the_storages_answer_becomes_its_error(
    storage: str, part: PackedPart, status: int, kind: type[Exception] | None
) -> None:
    Storage.status = status
    upload = PartUpload(1, "PUT", storage, {})
    if kind is None:
        upload_part(upload, part)
        return
    with pytest.raises(kind) as error:
        upload_part(upload, part)
    assert "część 1" in str(error.value)


def test_no_error_shows_the_link(part: PackedPart) -> None:
    upload = PartUpload(1, "PUT", "http://127.0.0.1:9/part?sig=secret", {})
    with pytest.raises(KsefUnavailable) as error:
        upload_part(upload, part)
    assert "secret" not in f"{error.value} {error.value.__cause__} {upload!r}"


def test_a_link_of_another_part_is_a_mistake(part: PackedPart) -> None:
    with pytest.raises(ValueError, match="another part"):
        upload_part(PartUpload(2, "PUT", "http://127.0.0.1:9/", {}), part)
