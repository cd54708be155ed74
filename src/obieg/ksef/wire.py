"""The connection to KSeF: the SDK's client, metered, every failure a typed error."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self, TypeVar

import httpx
import structlog
from ksef_client.client import KsefClient
from ksef_client.config import KsefClientOptions
from ksef_client.exceptions import KsefHttpError

from obieg.core.errors import ObiegError
from obieg.ksef.environment import Environment
from obieg.ksef.errors import (
    AccessDenied,
    AccessExpired,
    CorrectionRefused,
    Gone,
    KsefBusy,
    KsefRefused,
    KsefUnavailable,
    RateLimited,
    SessionEnded,
    SessionFull,
    SessionSuspended,
    SessionUnknown,
    UploadIncomplete,
    UpoMissing,
)
from obieg.ksef.ports import Meter
from obieg.ksef.rates import Group
from obieg.ksef.trust import trusted

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

TIMEOUT_SECONDS = 30
WAIT_WITHOUT_RETRY_AFTER = timedelta(minutes=1)
# KSeF API 2.9, codes that go with 400 and say "try again later"
COME_LATER = frozenset({21165, 21182})
# and those that sending has to tell apart
OF_SESSIONS: Mapping[int, Callable[..., ObiegError]] = {
    21155: SessionFull,
    21166: CorrectionRefused,
    21167: CorrectionRefused,
    21173: SessionUnknown,
    21178: UpoMissing,
    21180: SessionEnded,
    21184: SessionSuspended,
    21205: UploadIncomplete,
    21208: SessionEnded,
}
# failures before anything of the request was sent
NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class Wire:
    """One connection (HTTP/1.1, kept alive) to an environment; a context manager."""

    def __init__(self, environment: Environment, meter: Meter) -> None:
        self.environment = environment
        self._meter = meter
        self._client = KsefClient(
            KsefClientOptions(
                base_url=environment.api_url,
                timeout_seconds=TIMEOUT_SECONDS,
                custom_headers={"X-Error-Format": "problem-details"},
                system_warning_handler=self._warn,
                user_agent="Obieg",
                verify_ssl=trusted(),  # type: ignore[arg-type] # passed on to httpx, which takes it
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def call(
        self,
        group: Group,
        operation: str,
        request: Callable[[KsefClient], Result],
        *,
        success: int = 200,
    ) -> Result:
        """What `request` gives, counted by the meter; typed errors of `obieg.ksef.errors`."""
        with self._meter.call(group, operation) as answer:
            try:
                result = request(self._client)
            except KsefHttpError as error:
                if error.status_code:
                    answer.came(error.status_code)
                raise _typed(error, acts=_acts(group, operation)) from error
            except (TypeError, ValueError, KeyError) as error:  # the SDK could not read the answer
                answer.came(success)
                raise KsefUnavailable(
                    reason="nieczytelna odpowiedź", ambiguous=_acts(group, operation)
                ) from error
            answer.came(success)
            return result

    def _warn(self, warning: str) -> None:
        log.warning("ksef.system_warning", environment=self.environment.name, warning=warning)


def _acts(group: Group, operation: str) -> bool:
    """Whether the operation changes something at KSeF: a login and a question do not."""
    return group is not Group.ANONYMOUS and not operation.startswith("GET ")


def _typed(error: KsefHttpError, *, acts: bool) -> ObiegError:
    match error.status_code:
        case 0:
            return KsefUnavailable(
                reason="brak połączenia lub przekroczony czas",
                ambiguous=acts and not isinstance(error.__cause__, NOTHING_SENT),
            )
        case 429:
            return RateLimited(wait=retry_after(error.retry_after_raw))
        case 401:
            return AccessExpired()
        case 403:
            return AccessDenied(text=_detail(error))
        case 410:
            return Gone(what=_detail(error))
        case status if 400 <= status < 500 and status != 408:
            return _refusal(error)
        case status:
            return KsefUnavailable(reason=f"odpowiedź {status}", ambiguous=acts)


def _refusal(error: KsefHttpError) -> ObiegError:
    code, text = _first_error(error.response_body)
    text = text or _detail(error)
    if code in COME_LATER:
        return KsefBusy(text=text)
    if code is not None and code in OF_SESSIONS:
        return OF_SESSIONS[code](ksef_code=code, text=text)
    return KsefRefused(ksef_code=code, text=text)


def retry_after(raw: str | None) -> timedelta:
    """How long the raw header asks to wait: seconds, or an HTTP date."""
    text = (raw or "").strip()
    if text.isdigit():
        return timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return WAIT_WITHOUT_RETRY_AFTER
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(aware - datetime.now(UTC), timedelta(seconds=1))


def _first_error(body: object) -> tuple[int | None, str]:
    """Code and text of the first error: problem details, or the older ExceptionResponse."""
    if not isinstance(body, dict):
        return None, ""
    old = body.get("exception")
    errors = body.get("errors") or (
        old.get("exceptionDetailList") if isinstance(old, dict) else None
    )
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return None, ""
    code = first.get("code", first.get("exceptionCode"))
    details = first.get("details")
    words = [first.get("description", first.get("exceptionDescription"))]
    words += details if isinstance(details, list) else []
    text = " ".join(str(word).strip() for word in words if word).rstrip(".")
    return (code, f"{text} (kod {code})") if isinstance(code, int) else (None, text)


def _detail(error: KsefHttpError) -> str:
    body: Any = error.response_body
    if isinstance(body, dict) and isinstance(
        detail := body.get("detail") or body.get("title"), str
    ):
        return detail.rstrip(".")
    return f"odpowiedź {error.status_code}"
