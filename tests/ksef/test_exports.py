"""An export's status survives storage and tolerates what KSeF may say one day."""

import json
from datetime import UTC, date, datetime

import pytest
from ksef_client.models import InvoiceExportStatusResponse

from obieg.ksef.exports import ExportPackage, ExportStatus, read_status
from obieg.ksef.moments import parse_moment

PART = {
    "ordinalNumber": 2,
    "partName": "b.zip.aes",
    "method": "GET",
    "url": "https://example.invalid/b?sig=1",
    "partSize": 10,
    "partHash": "aGFzaA==",
    "encryptedPartSize": 16,
    "encryptedPartHash": "aGFzaA==",
    "expirationDate": "2026-11-21T10:00:00.1234567+00:00",
}


def answer(code: int, **package: object) -> InvoiceExportStatusResponse:
    status = {"code": code, "description": "Opis.", "details": ["szczegół"], "fromTheFuture": 1}
    body: dict[str, object] = {"status": status, "somethingNew": {}}
    if package:
        body["package"] = {
            "invoiceCount": 3,
            "size": 20,
            "parts": [PART, {**PART, "ordinalNumber": 1}],
            "isTruncated": True,
            "compressionType": "Brotli",
            **package,
        }
    return InvoiceExportStatusResponse.from_dict(body)


def test_a_status_comes_back_from_json_as_it_was() -> None:
    status = read_status(
        answer(
            200,
            lastIssueDate="2026-11-20",
            lastPermanentStorageDate="2026-11-21T01:02:03.4567899+01:00",
            permanentStorageHwmDate="2026-11-21T05:00:00Z",
        )
    )
    assert ExportStatus.from_dict(json.loads(json.dumps(status.to_dict()))) == status
    assert status.package
    assert ExportPackage.from_dict(status.package.to_dict()) == status.package


def test_parts_are_in_order_and_moments_in_utc() -> None:
    status = read_status(answer(200, lastPermanentStorageDate="2026-11-21T01:02:03.4567899+01:00"))
    assert status.package
    assert [part.ordinal for part in status.package.parts] == [1, 2]
    cut = datetime(2026, 11, 21, 0, 2, 3, 456789, tzinfo=UTC)
    assert status.package.last_permanent_storage_date == cut
    assert status.package.last_issue_date is None


@pytest.mark.parametrize(
    ("code", "state"),
    [(100, "preparing"), (150, "preparing"), (302, "preparing"), (210, "expired"),
     (415, "failed"), (420, "failed"), (500, "failed"), (550, "failed"), (200, "failed")],
)  # fmt: skip
def test_codes_are_read_by_their_class(code: int, state: str) -> None:
    assert read_status(answer(code)).state == state


def test_the_text_carries_the_details() -> None:
    assert read_status(answer(415)).text == "Opis: szczegół"


def test_a_moment_without_offset_is_warsaws() -> None:
    assert parse_moment("2026-07-01T12:00:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_an_issue_date_stays_a_day() -> None:
    status = read_status(answer(200, lastIssueDate="2026-11-20"))
    assert status.package
    assert status.package.last_issue_date == date(2026, 11, 20)
