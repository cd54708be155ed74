"""The emulator as the demo uses it: grants by test data, invoices by the control interface."""

import io
import os
import time
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from obieg.demo.errors import EmulatorMissing, EmulatorRefused, EmulatorSilent

TIMEOUT = 120  # seconds; a thousand invoices are checked and stored at once
PERMISSIONS = ("InvoiceRead", "InvoiceWrite")
DUPLICATE = "Duplikat"  # how the emulator's reason begins where it has the invoice already


@dataclass(slots=True)
class Intake:
    """What became of invoices put in: accepted ones as the emulator tells them, and refusals."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)  # by file: the reason
    known: list[str] = field(default_factory=list)  # files that it had already


class Emulator:
    """A running emulator; a context manager. Raises EmulatorSilent and EmulatorRefused."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/").removesuffix("/v2")
        self._http = httpx.Client(base_url=self.url, timeout=TIMEOUT)

    @classmethod
    def given(cls) -> Self:
        """The one that OBIEG_EMULATOR_URL names, or EmulatorMissing."""
        url = os.environ.get("OBIEG_EMULATOR_URL")
        if not url:
            raise EmulatorMissing
        return cls(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def grant(self, client_nip: str, office_nip: str) -> None:
        """The client lets the office read and write its invoices."""
        permissions = [
            {"permissionType": permission, "description": "Obsługa przez biuro rachunkowe"}
            for permission in PERMISSIONS
        ]
        self._post(
            "/v2/testdata/permissions",
            json={
                "contextIdentifier": {"type": "Nip", "value": client_nip},
                "authorizedIdentifier": {"type": "Nip", "value": office_nip},
                "permissions": permissions,
            },
        )

    def put_in(
        self,
        files: Mapping[str, bytes],
        between: tuple[datetime, datetime] | None = None,
        *,
        check: bool = True,
    ) -> Intake:
        """Put invoices in as their sellers' sales, accepted evenly between two moments, or now.

        Without `check` their schema is not looked at: for FA(2), which KSeF takes no more.
        """
        query = {"check": str(check).lower()}
        if between:
            first, last = between
            query |= {"acquired_from": first.isoformat(), "acquired_to": last.isoformat()}
        answer = self._post(
            "/_emulator/invoices",
            params=query,
            content=packed(files.items()),
            headers={"Content-Type": "application/zip"},
        ).json()
        intake = Intake(accepted=answer["accepted"])
        for refusal in answer["rejected"]:
            if refusal["reason"].startswith(DUPLICATE):
                intake.known.append(refusal["file"])
            else:
                intake.rejected[refusal["file"]] = refusal["reason"]
        return intake

    def _post(self, path: str, **request: Any) -> httpx.Response:
        try:
            answer = self._http.post(path, **request)
            while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                time.sleep(int(answer.headers.get("Retry-After", "1")))
                answer = self._http.post(path, **request)
        except httpx.TransportError as error:
            raise EmulatorSilent(url=self.url, reason=error) from error
        if answer.is_error:
            raise EmulatorRefused(reason=f"{answer.status_code} {answer.text[:200]}")
        return answer


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A Zip of the files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return body.getvalue()
