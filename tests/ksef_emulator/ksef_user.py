"""A plain client of the API for these tests: httpx, no SDK."""

import base64
import hashlib
import io
import os
import time
import zipfile
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ksef_emulator.testing import Emulator
from tests.ksef_emulator.certificates import Identity, seal
from tests.ksef_emulator.signing import auth_request, sign
from tests.ksef_emulator.specification import hook

OAEP_SHA256 = OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


@dataclass
class Envelope:
    """An AES key and IV, with the form in which KSeF is told of them."""

    info: dict[str, str]
    key: bytes
    iv: bytes

    def encrypt(self, data: bytes) -> bytes:
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES(self.key), modes.CBC(self.iv)).encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    def decrypt(self, data: bytes) -> bytes:
        decryptor = Cipher(algorithms.AES(self.key), modes.CBC(self.iv)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        plain = decryptor.update(data) + decryptor.finalize()
        return unpadder.update(plain) + unpadder.finalize()


@dataclass
class KsefUser:
    """One caller of one emulator."""

    emulator: Emulator
    headers: dict[str, str] = field(default_factory=dict)
    refresh_token: str = ""

    @property
    def http(self) -> httpx.Client:
        if not hasattr(self, "_http"):
            hooks = {"response": [hook]}
            self._http = httpx.Client(base_url=self.emulator.url, timeout=60, event_hooks=hooks)
        return self._http

    def close(self) -> None:
        self.http.close()

    def call(self, method: str, path: str, body: Any = None, **arguments: Any) -> httpx.Response:
        headers = {**self.headers, **arguments.pop("headers", {})}
        return self.http.request(method, path, json=body, headers=headers, **arguments)

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        return self.call("GET", path, **arguments)

    def post(self, path: str, body: Any = None, **arguments: Any) -> httpx.Response:
        return self.call("POST", path, body, **arguments)

    def challenge(self) -> dict[str, Any]:
        return self.http.post("/auth/challenge").json()

    def submit_signed(self, document: bytes) -> httpx.Response:
        return self.http.post(
            "/auth/xades-signature",
            content=document,
            headers={"Content-Type": "application/xml", **self.headers},
        )

    def log_in(self, nip: str, identity: Identity | None = None, **request: Any) -> "KsefUser":
        """Authenticate by signature in the context of `nip`, by its own seal if none is given."""
        xml = auth_request(self.challenge()["challenge"], nip, **request)
        started = self.submit_signed(sign(xml, identity or seal(nip)))
        assert started.status_code == 202, started.text
        return self.finish(started.json())

    def start_token_login(
        self, nip: str, token: str, *, challenge: dict[str, Any] | None = None, **extra: Any
    ) -> httpx.Response:
        issued = challenge or self.challenge()
        secret = f"{token}|{issued['timestampMs']}".encode()
        key = self.public_key("KsefTokenEncryption")
        body = {
            "challenge": issued["challenge"],
            "contextIdentifier": {"type": "Nip", "value": nip},
            "encryptedToken": base64.b64encode(key[1].encrypt(secret, OAEP_SHA256)).decode(),
            **extra,
        }
        return self.http.post("/auth/ksef-token", json=body)

    def log_in_by_token(self, nip: str, token: str, **extra: Any) -> "KsefUser":
        started = self.start_token_login(nip, token, **extra)
        assert started.status_code == 202, started.text
        return self.finish(started.json())

    def outcome(self, started: dict[str, Any]) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {started['authenticationToken']['token']}"}
        answer = self.http.get(f"/auth/{started['referenceNumber']}", headers=bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()["status"]

    def finish(self, started: dict[str, Any]) -> "KsefUser":
        status = self.outcome(started)
        assert status["code"] == 200, status
        bearer = {"Authorization": f"Bearer {started['authenticationToken']['token']}"}
        tokens = self.http.post("/auth/token/redeem", headers=bearer).json()
        self.headers["Authorization"] = f"Bearer {tokens['accessToken']['token']}"
        self.refresh_token = tokens["refreshToken"]["token"]
        return self

    def public_key(self, usage: str) -> tuple[str, Any]:
        keys = self.http.get("/security/public-key-certificates").json()
        entry = next(key for key in keys if usage in key["usage"])
        certificate = x509.load_der_x509_certificate(base64.b64decode(entry["certificate"]))
        return entry["publicKeyId"], certificate.public_key()

    def envelope(self) -> Envelope:
        key_id, public = self.public_key("SymmetricKeyEncryption")
        key, iv = os.urandom(32), os.urandom(16)
        info = {
            "encryptedSymmetricKey": base64.b64encode(public.encrypt(key, OAEP_SHA256)).decode(),
            "initializationVector": base64.b64encode(iv).decode(),
            "publicKeyId": key_id,
        }
        return Envelope(info, key, iv)

    def export(
        self, filters: dict[str, Any], **options: Any
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Run an export to its end: the package's description and its unpacked files."""
        envelope = self.envelope()
        body = {"encryption": envelope.info, "filters": filters, **options}
        answer = self.post("/invoices/exports", body)
        assert answer.status_code == 201, answer.text
        status = self.await_export(answer.json()["referenceNumber"])
        assert status["status"]["code"] == 200, status
        return status["package"], unzipped(self.download(status["package"], envelope))

    def download(self, package: dict[str, Any], envelope: Envelope) -> bytes:
        plain = b""
        for part in package["parts"]:
            answer = self.http.get(part["url"])
            assert answer.status_code == 200, answer.text
            assert answer.headers["x-ms-meta-hash"] == part["encryptedPartHash"]
            assert sha256(answer.content) == part["encryptedPartHash"]
            assert len(answer.content) == part["encryptedPartSize"]
            piece = envelope.decrypt(answer.content)
            assert (sha256(piece), len(piece)) == (part["partHash"], part["partSize"])
            plain += piece
        return plain

    def await_export(self, reference: str) -> dict[str, Any]:
        for _ in range(400):
            answer = self.get(f"/invoices/exports/{reference}")
            assert answer.status_code == 200, answer.text
            if answer.json()["status"]["code"] != 100:
                return answer.json()
            time.sleep(0.02)
        raise AssertionError("the export did not end")


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
