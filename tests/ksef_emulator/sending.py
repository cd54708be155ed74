"""Sending in tests: sessions opened, invoices sent, verdicts awaited."""

import base64
import io
import time
import zipfile
from dataclasses import dataclass
from typing import Any

from tests.ksef_emulator.ksef_user import Envelope, KsefUser, sha256

FA3 = {"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"}


@dataclass
class OnlineSession:
    """An open online session."""

    user: KsefUser
    reference: str
    envelope: Envelope

    def request(self, content: bytes, **options: Any) -> dict[str, Any]:
        cipher = self.envelope.encrypt(content)
        return {
            "invoiceHash": sha256(content),
            "invoiceSize": len(content),
            "encryptedInvoiceHash": sha256(cipher),
            "encryptedInvoiceSize": len(cipher),
            "encryptedInvoiceContent": base64.b64encode(cipher).decode(),
            **options,
        }

    def send(self, content: bytes, **options: Any) -> dict[str, Any]:
        """Send and wait for the verdict."""
        path = f"/sessions/online/{self.reference}/invoices"
        answer = self.user.post(path, self.request(content, **options))
        assert answer.status_code == 202, answer.text
        return self.verdict(answer.json()["referenceNumber"])

    def verdict(self, invoice: str) -> dict[str, Any]:
        return awaited(self.user, f"/sessions/{self.reference}/invoices/{invoice}")

    def close(self) -> dict[str, Any]:
        answer = self.user.post(f"/sessions/online/{self.reference}/close")
        assert answer.status_code == 204, answer.text
        return awaited(self.user, f"/sessions/{self.reference}")


def open_online(user: KsefUser, form: dict[str, str] = FA3, **options: Any) -> OnlineSession:
    envelope = user.envelope()
    body = {"formCode": form, "encryption": envelope.info}
    answer = user.post("/sessions/online", body, **options)
    assert answer.status_code == 201, answer.text
    return OnlineSession(user, answer.json()["referenceNumber"], envelope)


def awaited(user: KsefUser, path: str, patience: float = 60) -> dict[str, Any]:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        answer = user.get(path)
        assert answer.status_code == 200, answer.text
        if answer.json()["status"]["code"] >= 200:
            return answer.json()
        time.sleep(0.01)
    raise AssertionError(f"{path} did not end")


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def open_batch(
    user: KsefUser, package: bytes, *, parts: int = 1, form: dict[str, str] = FA3, **options: Any
) -> tuple[str, list[dict[str, Any]], list[bytes]]:
    """Open a batch session: its reference, where to upload, the encrypted parts."""
    envelope = user.envelope()
    size = -(-len(package) // parts)
    pieces = [
        envelope.encrypt(package[start : start + size]) for start in range(0, len(package), size)
    ]
    file_options = options.pop("batch_file", {})
    body = {
        "formCode": form,
        "encryption": envelope.info,
        "batchFile": {
            "fileSize": len(package),
            "fileHash": sha256(package),
            "fileParts": [
                {"ordinalNumber": place, "fileSize": len(piece), "fileHash": sha256(piece)}
                for place, piece in enumerate(pieces, 1)
            ],
            **file_options,
        },
        **options,
    }
    answer = user.post("/sessions/batch", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["referenceNumber"], answer.json()["partUploadRequests"], pieces


def send_batch(user: KsefUser, package: bytes, **options: Any) -> dict[str, Any]:
    """Send a package and wait for the session's end."""
    reference, requests, pieces = open_batch(user, package, **options)
    for request, piece in zip(requests, pieces, strict=True):
        upload(user, request, piece)
    answer = user.post(f"/sessions/batch/{reference}/close")
    assert answer.status_code == 204, answer.text
    return {"referenceNumber": reference, **awaited(user, f"/sessions/{reference}", 240)}


def upload(user: KsefUser, request: dict[str, Any], piece: bytes) -> None:
    answer = user.http.request(
        request["method"], request["url"], content=piece, headers=request["headers"]
    )
    assert answer.status_code == 201, answer.text
