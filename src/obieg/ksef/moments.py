"""KSeF's times: ISO 8601 with up to seven decimals, kept as aware datetimes in UTC."""

from datetime import UTC, datetime

from obieg.core.polish import WARSAW


def parse_moment(text: str) -> datetime:
    """`text` in UTC, cut to microseconds; without an offset it is Warsaw's time. ValueError.

    Cutting gives an earlier moment, so a position kept from it overlaps and never skips.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)).astimezone(UTC)


def optional_moment(text: str | None) -> datetime | None:
    """The same, where KSeF may leave the field out."""
    return None if text is None else parse_moment(text)


def format_moment(moment: datetime) -> str:
    """`moment` (aware) as KSeF reads it."""
    return moment.astimezone(UTC).isoformat()
