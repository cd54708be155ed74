"""A client of the control interface, for tests and demos; needs httpx."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx


class Control:
    """Calls of `/_emulator/*`; every method raises httpx.HTTPStatusError on a refusal."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=f"{base_url}/_emulator", timeout=120)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def put_invoices(
        self,
        files: Mapping[str, bytes],
        *,
        acquired_from: datetime | None = None,
        acquired_to: datetime | None = None,
        check: bool = True,
    ) -> dict[str, Any]:
        """Put XML files in as sales of their sellers: `{accepted: [...], rejected: [...]}`."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return self.put_zip(
            packed.getvalue(), acquired_from=acquired_from, acquired_to=acquired_to, check=check
        )

    def put_zip(
        self,
        content: bytes,
        *,
        acquired_from: datetime | None = None,
        acquired_to: datetime | None = None,
        check: bool = True,
    ) -> dict[str, Any]:
        """The same with a Zip that is already made."""
        query = {"check": str(check).lower()}
        if acquired_from is not None:
            query["acquired_from"] = acquired_from.isoformat()
        if acquired_to is not None:
            query["acquired_to"] = acquired_to.isoformat()
        answer: dict[str, Any] = self._call(
            "POST",
            "/invoices",
            params=query,
            content=content,
            headers={"Content-Type": "application/zip"},
        )
        return answer

    def invoices(self, nip: str, role: str = "Subject2") -> list[dict[str, Any]]:
        """Everything that a firm sees in a role, in the order of storing."""
        answer: list[dict[str, Any]] = self._call(
            "GET", "/invoices", params={"nip": nip, "role": role}
        )
        return answer

    def make_token(
        self, nip: str, permissions: list[str] | None = None, *, author_nip: str | None = None
    ) -> dict[str, str]:
        """A KSeF token of a firm: `{token, referenceNumber}`."""
        order: dict[str, Any] = {"nip": nip}
        if permissions is not None:
            order["permissions"] = permissions
        if author_nip is not None:
            order["authorNip"] = author_nip
        answer: dict[str, str] = self._call("POST", "/tokens", json=order)
        return answer

    def add_fault(
        self,
        fault: str,
        *,
        path: str | None = None,
        method: str | None = None,
        nip: str | None = None,
        times: int | None = 1,
        after: int = 0,
        **details: Any,
    ) -> None:
        """Spoil the next matching requests; `details` as status, retryAfter, milliseconds."""
        match = {"path": path, "method": method, "nip": nip}
        rule = {"match": match, "fault": fault, "times": times, "after": after, **details}
        self._call("POST", "/faults", json=rule)

    def clear_faults(self) -> None:
        """Behave again."""
        self._call("DELETE", "/faults")

    def requests(self) -> list[dict[str, Any]]:
        """Every request since the start or the last clearing, the oldest first."""
        answer: list[dict[str, Any]] = self._call("GET", "/requests")
        return answer

    def clear_requests(self) -> None:
        """Forget the requests."""
        self._call("DELETE", "/requests")

    def expire_access_tokens(self) -> None:
        """No access token given so far is good any more; refresh tokens are."""
        self._call("DELETE", "/access-tokens")

    def rotate_keys(self, usage: str = "SymmetricKeyEncryption", kind: str = "emergency") -> None:
        """A new public key; after an `emergency` the old one is refused, after `planned` not."""
        self._call("POST", "/keys/rotate", json={"usage": usage, "kind": kind})

    def now(self) -> datetime:
        """The emulator's time."""
        return datetime.fromisoformat(self._call("GET", "/clock")["now"])

    def set_clock(self, moment: datetime, *, frozen: bool = False) -> None:
        """Make `moment` the present."""
        self._call("POST", "/clock", json={"set": moment.isoformat(), "frozen": frozen})

    def advance_clock(self, by: timedelta) -> None:
        """Let time pass."""
        self._call("POST", "/clock", json={"advanceSeconds": int(by.total_seconds())})

    def change_settings(self, **settings: int | bool) -> dict[str, Any]:
        """Change settings (hwmLag, exportMaxInvoices, …); gives all of them."""
        answer: dict[str, Any] = self._call("POST", "/settings", json=settings)
        return answer

    def announce_outage(self, kind: str = "FAILURE") -> None:
        """From now on every operation answers 503, and Latarnia says why."""
        self._call("POST", "/outage", json={"kind": kind})

    def end_outage(self) -> None:
        """Back to normal, and announced."""
        self._call("DELETE", "/outage")

    def forget_rate_limits(self) -> None:
        """Forget every counted request and every block."""
        self._call("DELETE", "/rate-limits")

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self._http.request(method, path, **arguments)
        answer.raise_for_status()
        return answer.json() if answer.content else None
