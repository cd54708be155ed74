"""Numbers of sales documents: series of a client without gaps and repeats."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import count

from obieg.core.polish import today
from obieg.office.models import Client
from obieg.sales.content import SaleContent
from obieg.sales.errors import UnknownSeries, WrongPattern
from obieg.sales.models import Sale, Series, SeriesCounter
from obieg.sales.units import is_unit, same_seller

_PLACE = re.compile(r"\{(nr|mm|rrrr|rr)(?::(\d))?\}")
_USUAL = {
    "VAT": "FV",
    "UPR": "FU",
    "ZAL": "FZ",
    "ROZ": "FR",
    "KOR": "FK",
    "KOR_ZAL": "FKZ",
    "KOR_ROZ": "FKR",
}


def series_for(client: Client, kind: str, code: str = "") -> Series:
    """The series of `code`, else the first one used for `kind`, else the usual one, made now.

    UnknownSeries where no used series has the code.
    """
    used = Series.objects.of_client(client).filter(active=True)
    if code:
        found = used.filter(code=code).first()
        if found is None:
            raise UnknownSeries(series=code)
        return found
    return used.filter(kinds__contains=[kind]).order_by("pk").first() or _made(client, kind)


def _made(client: Client, kind: str) -> Series:
    code = _USUAL[kind]
    made, _ = Series.objects.of_client(client).get_or_create(
        client=client, code=code, defaults={"pattern": _pattern(code, client), "kinds": [kind]}
    )
    return made


def _pattern(code: str, client: Client) -> str:
    """The usual one; a unit's numbers end in what tells it from others of the same seller."""
    unit = f"/{client.context[-5:]}" if is_unit(client) else ""
    return f"{code}/{{nr}}/{{mm}}/{{rrrr}}{unit}"


def give_number(client: Client, series: Series, day: date, kind: str = "") -> str:
    """The next number of `series` on `day`, used up when the caller's transaction commits.

    The counter stays locked until then, so that others wait: an undone issue leaves no gap. Numbers
    that documents of the series' kinds (or of `kind`) already have are passed over.
    """
    counter = _locked_counter(series, day)
    kinds = [kind] if kind else series.kinds
    for place, number in _following(series, counter.last, day):
        if not _is_used(client, kinds, number):
            counter.last = place
            counter.save(update_fields=["last"])
            return number
    raise AssertionError("numbers do not end")


def preview_number(client: Client, content: SaleContent, day: date | None = None) -> str:
    """The number that `content` would get now; nothing is used up or made.

    Its own where it has one; empty where the series is not known.
    """
    if content.number:
        return content.number
    day = day or content.issue_date or today()
    try:
        series = _existing(client, content)
    except UnknownSeries:
        return ""
    counters = SeriesCounter.objects.of_client(client).filter(series=series.pk)
    counter = counters.filter(period=_period(series, day)).first() if series.pk else None
    following = _following(series, counter.last if counter else 0, day)
    return next(number for _, number in following if not _is_used(client, [content.kind], number))


def _existing(client: Client, content: SaleContent) -> Series:
    """As `series_for`, but the usual series is only imagined, not stored."""
    used = Series.objects.of_client(client).filter(active=True, kinds__contains=[content.kind])
    if content.series or used.exists():
        return series_for(client, content.kind, content.series)
    code = _USUAL[content.kind]
    stored = Series.objects.of_client(client).filter(code=code).first()
    return stored or Series(client=client, code=code, pattern=_pattern(code, client))


def check_pattern(pattern: str) -> None:
    """WrongPattern unless `pattern` gives a distinct number for each place in the series."""
    if not any(name == "nr" for name, _ in _PLACE.findall(pattern)):
        raise WrongPattern(pattern=pattern, reason="brakuje kolejnego numeru {nr}")
    if set(_PLACE.sub("", pattern)) & set("{}"):
        raise WrongPattern(pattern=pattern, reason="nieznane pole w nawiasach klamrowych")


def formatted(pattern: str, place: int, day: date) -> str:
    """`pattern` filled: FV/{nr:4}/{mm}/{rrrr} gives FV/0012/11/2026."""
    values = {"nr": place, "mm": f"{day:%m}", "rrrr": f"{day:%Y}", "rr": f"{day:%y}"}
    return _PLACE.sub(lambda found: str(values[found[1]]).zfill(int(found[2] or 0)), pattern)


def _following(series: Series, last: int, day: date) -> Iterator[tuple[int, str]]:
    check_pattern(series.pattern)
    return ((place, formatted(series.pattern, place, day)) for place in count(last + 1))


def _period(series: Series, day: date) -> str:
    """The period within which numbers run on: "2026-11", "2026" or "" for ever."""
    if series.restart == Series.Restart.NEVER:
        return ""
    return f"{day:%Y}" if series.restart == Series.Restart.YEAR else f"{day:%Y-%m}"


def _locked_counter(series: Series, day: date) -> SeriesCounter:
    counters = SeriesCounter.objects.of_client(series.client_id)
    key = {"series": series, "period": _period(series, day)}
    SeriesCounter.objects.bulk_create([SeriesCounter(**key)], ignore_conflicts=True)
    return counters.select_for_update(of=("self",)).get(**key)


def _is_used(client: Client, kinds: list[str], number: str) -> bool:
    rows = Sale.objects.across_clients().filter(client__in=same_seller(client), number=number)
    return (rows.filter(kind__in=kinds) if kinds else rows).exists()
