"""Logs: one line an event, for people or as JSON, and never a secret in it."""

import logging
import os
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "•••"
SECRET_NAME = re.compile(
    r"token|password|passwd|passphrase|secret|authorization|cookie|private|credential|(^|[_-])key$",
    re.IGNORECASE,
)
SECRET_TEXT = re.compile(
    r"(?P<before>\bBearer\s+|://[^/\s:@]*:|[?&](?:sig|signature|token|key)=)[^\s&@\"']+",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")

# At INFO these write whole URLs, or three long lines about every job.
TALKATIVE = ("httpx", "httpcore", "procrastinate")


def configure(*, stream: TextIO | None = None, style: str | None = None) -> None:
    """Send the logs of every library to `stream` (stderr); `style` is "json" or "console".

    Without a style, OBIEG_LOG decides, and then whether a person reads the stream.
    """
    output = stream or sys.stderr
    chosen = style or os.environ.get("OBIEG_LOG") or ("console" if output.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # plain text: a rich one would show local variables
        mask_secrets,
    ]
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                one_line,
                last(chosen),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(os.environ.get("OBIEG_LOG_LEVEL", "INFO").upper())
    for talkative in TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def last(style: str) -> Processor:
    if style == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )


def one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What somebody typed begins no line of its own and moves no terminal; tracebacks stay."""
    event["event"] = CONTROL.sub(lambda found: repr(found[0])[1:-1], str(event.get("event", "")))
    return event


def mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide values whose name says that they are secret, and secrets inside texts, at any depth."""
    return {name: masked(name, value) for name, value in event.items()}


def masked(name: object, value: object) -> object:
    if isinstance(value, str | bytes) and SECRET_NAME.search(str(name)):
        return MASK
    if isinstance(value, str):
        return SECRET_TEXT.sub(lambda found: found["before"] + MASK, value)
    if isinstance(value, dict):
        return {key: masked(key, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(name, inner) for inner in value]
    return value
