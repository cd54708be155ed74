"""The list of credentials for the quarterly audit."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from django.db.models import Count, Max, Q

from obieg.calls.trial import NAMES
from obieg.core.polish import WARSAW
from obieg.office.models import Operator
from obieg.vault.models import Credential, CredentialUse

HEADINGS = (
    "Klient",
    "NIP",
    "Operator",
    "Rodzaj",
    "Przeznaczenie",
    "Nazwa",
    "Środowisko",
    "Stan",
    "Ważne od",
    "Ważne do",
    "Numer w KSeF",
    "Odcisk (SHA-256)",
    "Dodał",
    "Dodano",
    "Ostatnie użycie",
    "Użyć",
    "Uprawnienia",
    "Uprawnienia odczytano",
    "Unieważniono w KSeF",
    "Zniszczono",
)
Cell = str | int | date | None


def credentials_sheet(operator: Operator) -> bytes:
    """A workbook (xlsx) of every credential that `operator` may see, the office's own too."""
    stored = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stored, options) as book:
        page = book.add_worksheet("Poświadczenia")
        page.write_row(0, 0, HEADINGS, book.add_format({"bold": True, "bottom": 1}))
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        place = 0
        for place, row in enumerate(_rows(operator), 1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(place, column, value, day)
                elif value is not None:
                    page.write(place, column, value)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(place, 1), len(HEADINGS) - 1)
        page.set_column(0, len(HEADINGS) - 1, 18)
    return stored.getvalue()


def _rows(operator: Operator) -> Iterator[list[Cell]]:
    seen = operator.client_ids()
    mine = Q() if seen is None else Q(client__in=seen)
    seen_rows = Credential.objects.across_clients().filter(mine)
    rows = seen_rows.select_related("client", "created_by", "operator")
    uses = _uses()
    for row in rows.defer("ciphertext", "wrapped_key").order_by("client__sort_key", "-pk"):
        last, count = uses.get(row.pk, (None, 0))
        yield [
            _whose(row),
            row.client.context if row.client else "",
            row.operator.name if row.operator else "",
            row.get_kind_display(),
            row.get_usage_display(),
            row.label,
            row.get_environment_display(),
            state_of(row),
            _day(row.valid_from),
            _day(row.valid_to),
            row.reference,
            row.fingerprint,
            row.created_by.name if row.created_by else "",
            _day(row.created_at),
            _day(last),
            count,
            ", ".join(NAMES.get(one, one) for one in row.held),
            _day(row.held_at),
            _day(row.revoked_at),
            _day(row.shredded_at),
        ]


def _whose(credential: Credential) -> str:
    if credential.client:
        return credential.client.name
    return "Wszyscy klienci operatora" if credential.operator_id else "Biuro"


def state_of(credential: Credential) -> str:
    """In a word, whether it is used."""
    if credential.active:
        return "w użyciu"
    if credential.shredded_at:
        return "zniszczone"
    return "na próbie" if credential.on_trial else "wycofane"


def _uses() -> dict[int, tuple[datetime, int]]:
    rows = CredentialUse.objects.across_clients().order_by().values("credential_id")
    counted = rows.annotate(last=Max("at"), uses=Count("pk"))
    return {row["credential_id"]: (row["last"], row["uses"]) for row in counted}


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(WARSAW).date()
