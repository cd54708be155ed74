"""The command line: `python -m ksef_emulator`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType

from ksef_emulator import __version__
from ksef_emulator.options import Options

EPILOG = """\
examples:
  python -m ksef_emulator                          a clean KSeF in memory on port 8091
  python -m ksef_emulator --port 0 --control       any free port, and /_emulator/* to steer it
  python -m ksef_emulator --data ksef.db           keep the state, keys included, between starts
  python -m ksef_emulator --now 2026-02-01T08:00Z  live on another day
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one emulator until it is told to stop."""
    options = _parser().parse_args(arguments)
    from ksef_emulator.server import Server  # so that --help need not wait for it

    try:
        server = Server(Options(**vars(options)))
    except (OSError, ValueError) as error:
        print(f"ksef_emulator: {error}", file=sys.stderr)
        return 1

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    print(f"KSeF emulator listening on {server.url}", flush=True)
    server.serve_until_stopped()
    return 0


def _parser() -> argparse.ArgumentParser:
    defaults = Options()
    parser = argparse.ArgumentParser(
        prog="ksef_emulator",
        description="A faithful local KSeF 2.9 for tests, training and demos.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")

    place = parser.add_argument_group("where it runs")
    place.add_argument("--host", default=defaults.host, help="address (default %(default)s)")
    place.add_argument(
        "--port", type=int, default=8091, help="port; 0 takes a free one (default %(default)s)"
    )
    place.add_argument(
        "--data", default=defaults.data, metavar="FILE", help="SQLite file (default: in memory)"
    )
    place.add_argument(
        "--schemas", type=Path, metavar="DIR", help="folder of XSD files (FA, PEF, RR)"
    )
    place.add_argument(
        "--trust-ca",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="authority whose certificates pass verifyCertificateChain=true (repeatable)",
    )
    place.add_argument("--trust-forwarded-for", action="store_true", help="believe X-Forwarded-For")

    play = parser.add_argument_group("what it plays")
    play.add_argument("--control", action="store_true", help="offer /_emulator/* to steer it")
    play.add_argument("--seed", type=int, help="make numbers and misbehaviour repeatable")
    play.add_argument("--now", type=_moment, metavar="ISO", help="begin at this moment")
    play.add_argument(
        "--tokens-end",
        type=date.fromisoformat,
        default=defaults.tokens_end,
        metavar="DATE",
        help="last day of KSeF tokens (default %(default)s)",
    )

    _add_limits(parser, defaults)
    return parser


def _add_limits(parser: argparse.ArgumentParser, defaults: Options) -> None:
    limits = parser.add_argument_group("limits and times (seconds, bytes)")
    limits.add_argument(
        "--rate-limits",
        default=defaults.rate_limits,
        metavar="off|spec|xN",
        help="limits of requests: none, as specified, N times higher (default %(default)s)",
    )
    for name, text in _NUMBERS.items():
        limits.add_argument(
            f"--{name.replace('_', '-')}",
            type=int,
            default=getattr(defaults, name),
            metavar="N",
            help=f"{text} (default %(default)s)",
        )


_NUMBERS = {
    "night_factor": "limits of downloading N times higher from 20:00 to 06:00",
    "access_token_lifetime": "life of an access token",
    "refresh_token_lifetime": "life of a refresh token",
    "hwm_lag": "how far the high water mark stays behind",
    "processing_delay": "how long asynchronous operations take",
    "authentication_delay": "how long authentications take at least (a slow OCSP)",
    "export_max_invoices": "invoices in one export package",
    "export_max_bytes": "bytes in one export package",
    "export_part_bytes": "bytes in one part of a package",
    "package_lifetime": "how long a package can be downloaded",
    "link_lifetime": "how long a presigned link opens",
}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
