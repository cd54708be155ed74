"""The gateway against a running KSeF: login, export, download, metadata."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ksef_emulator.testing import Emulator, running_emulator
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import (
    AccessDenied,
    CredentialRefused,
    Gone,
    KsefRefused,
    NotKsefNumber,
    WindowTooLong,
)
from obieg.ksef.packages import fetch_package, open_package
from obieg.ksef.rates import SPECIFICATION
from obieg.ksef.secrets import TokenSecret
from tests.ksef.office import (
    CLIENT,
    LONG_AGO,
    certificate_secret,
    gateway_of,
    invoices_for,
    ready_package,
    token_secret,
)
from tests.ksef_emulator.certificates import person, seal


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_certificate_opens_the_context(emulator: Emulator, kind: str) -> None:
    given = invoices_for(emulator, 1)
    with gateway_of(emulator, secret=certificate_secret(seal(CLIENT, kind))) as gateway:
        (number,) = given
        assert gateway.invoice(number) == given[number]


def test_a_token_opens_the_context(emulator: Emulator) -> None:
    given = invoices_for(emulator, 1)
    with gateway_of(emulator, secret=token_secret(emulator)) as gateway:
        (number,) = given
        assert gateway.invoice(number) == given[number]


def test_a_certificate_without_a_grant_is_denied_with_a_plain_reason(emulator: Emulator) -> None:
    stranger = certificate_secret(person("TINPL-9990000035"))
    with gateway_of(emulator, secret=stranger) as gateway, pytest.raises(AccessDenied) as denied:
        gateway.rate_limits()
    assert "Brak przypisanych uprawnień" in str(denied.value)


def test_a_wrong_token_is_refused_without_being_shown(emulator: Emulator) -> None:
    wrong = TokenSecret("20261121-EC-AAAAAAAAAA-BBBBBBBBBB-CC|nip-9990000029|" + "d" * 64)
    with gateway_of(emulator, secret=wrong) as gateway, pytest.raises(CredentialRefused) as error:
        gateway.rate_limits()
    assert "dddd" not in str(error.value)


def test_an_export_brings_every_invoice_of_the_window(emulator: Emulator, tmp_path: Path) -> None:
    given = invoices_for(emulator, 30)
    key = ContentKey.new()
    with gateway_of(emulator) as gateway:
        package = ready_package(gateway, key)
    assert package.invoice_count == 30
    assert package.permanent_storage_hwm_date
    with open_package(fetch_package(package, key, tmp_path)) as reader:
        assert {file.ksef_number: file.content for file in reader} == given
        assert set(reader.metadata) == set(given)
        for number, content in given.items():
            entry = reader.metadata[number]
            hashed = base64.b64encode(hashlib.sha256(content).digest()).decode()
            assert entry.invoice_hash == hashed
            assert (entry.seller_nip, entry.buyer_nip) == (number[:10], CLIENT)


def test_a_truncated_package_is_followed_to_the_end(tmp_path: Path) -> None:
    with running_emulator(rate_limits="off", export_max_invoices=7) as emulator:
        given = invoices_for(emulator, 20)
        found: dict[str, bytes] = {}
        start: datetime | None = None
        with gateway_of(emulator) as gateway:
            for step in range(10):
                key = ContentKey.new()
                package = ready_package(gateway, key, window_from=start)
                with open_package(fetch_package(package, key, tmp_path / str(step))) as reader:
                    found.update({file.ksef_number: file.content for file in reader})
                if not package.is_truncated:
                    break
                start = package.last_permanent_storage_date
    assert found == given


def test_a_window_older_than_ksef_takes_is_cut_and_says_how_far_it_went(
    emulator: Emulator,
) -> None:
    start = datetime.now(UTC) - timedelta(days=250)
    with gateway_of(emulator) as gateway:
        package = ready_package(gateway, ContentKey.new(), window_from=start)
    assert package.permanent_storage_hwm_date
    assert package.permanent_storage_hwm_date <= start + timedelta(days=100)


def test_a_period_too_long_is_refused_before_the_call(emulator: Emulator) -> None:
    now = datetime.now(UTC)
    with gateway_of(emulator) as gateway, pytest.raises(WindowTooLong):
        gateway.order_export(
            role="Subject2",
            window_from=now - timedelta(days=120),
            window_to=now,
            key=ContentKey.new(),
        )
    assert emulator.control.requests() == []


def test_a_window_after_the_high_water_mark_is_named(emulator: Emulator) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    with gateway_of(emulator) as gateway:
        reference = gateway.order_export(
            role="Subject2", window_from=later, window_to=None, key=ContentKey.new()
        )
        status = gateway.export_status(reference)
        while status.state == "preparing":
            status = gateway.export_status(reference)
    assert status.state == "failed"
    assert status.nothing_yet


@pytest.mark.parametrize("kind", ["emergency", "planned"])
def test_new_public_keys_are_taken_up_without_an_operator(emulator: Emulator, kind: str) -> None:
    invoices_for(emulator, 1)
    secret = token_secret(emulator)
    with gateway_of(emulator, secret=secret) as gateway:
        ready_package(gateway, ContentKey.new())
        for usage in ("SymmetricKeyEncryption", "KsefTokenEncryption"):
            emulator.control.rotate_keys(usage, kind)
        ready_package(gateway, ContentKey.new())
    with gateway_of(emulator, secret=secret) as gateway:
        ready_package(gateway, ContentKey.new())


def test_an_access_token_that_ends_midway_is_renewed(emulator: Emulator) -> None:
    (number,) = invoices_for(emulator, 1)
    with gateway_of(emulator) as gateway:
        gateway.invoice(number)
        emulator.control.expire_access_tokens()
        assert gateway.invoice(number)


def test_metadata_come_in_pages_without_amounts(emulator: Emulator) -> None:
    given = invoices_for(emulator, 12)
    start = datetime.now(UTC) - LONG_AGO
    with gateway_of(emulator) as gateway:
        first = gateway.metadata(role="Subject2", date_from=start, date_to=None, page_size=10)
        second = gateway.metadata(
            role="Subject2", date_from=start, date_to=None, page_size=10, page_offset=1
        )
    assert (first.has_more, second.has_more) == (True, False)
    assert [e.ksef_number for e in first.entries + second.entries] == list(given)


def test_one_invoice_is_found_by_its_number(emulator: Emulator) -> None:
    numbers = list(invoices_for(emulator, 3))
    start = datetime.now(UTC) - LONG_AGO
    with gateway_of(emulator) as gateway:
        page = gateway.metadata(
            role="Subject2", date_from=start, date_to=None, ksef_number=numbers[1]
        )
    assert [entry.ksef_number for entry in page.entries] == [numbers[1]]


def test_what_is_no_ksef_number_is_not_asked_for(emulator: Emulator) -> None:
    with gateway_of(emulator) as gateway, pytest.raises(NotKsefNumber):
        gateway.invoice("9990000012-20261121-000000000000-00")
    assert emulator.control.requests() == []


def test_an_invoice_of_others_is_refused_in_ksefs_words(emulator: Emulator) -> None:
    (number,) = invoices_for(emulator, 1, buyer="9990000035")
    with gateway_of(emulator) as gateway, pytest.raises((KsefRefused, AccessDenied)) as refused:
        gateway.invoice(number)
    assert "KSeF" in str(refused.value)


def test_an_export_that_ksef_no_longer_keeps_is_gone(emulator: Emulator) -> None:
    invoices_for(emulator, 1)
    key = ContentKey.new()
    with gateway_of(emulator) as gateway:
        reference = gateway.order_export(
            role="Subject2", window_from=datetime.now(UTC) - LONG_AGO, window_to=None, key=key
        )
        emulator.control.add_fault("status", path="/invoices/exports/", status=410)
        with pytest.raises(Gone):
            gateway.export_status(reference)


def test_an_expired_export_says_so(emulator: Emulator) -> None:
    invoices_for(emulator, 1)
    with gateway_of(emulator) as gateway:
        reference = gateway.order_export(
            role="Subject2",
            window_from=datetime.now(UTC) - LONG_AGO,
            window_to=None,
            key=ContentKey.new(),
        )
        while gateway.export_status(reference).state == "preparing":
            pass
        emulator.control.advance_clock(timedelta(days=2))
        assert gateway.export_status(reference).state == "expired"


def test_ksef_tells_its_limits_by_group(emulator: Emulator) -> None:
    with gateway_of(emulator) as gateway:
        told = gateway.rate_limits()
    assert told == SPECIFICATION, "no limit is told as -1"
