"""ksef-client (PyPI) drives the emulator through its own workflows.

It refuses presigned addresses on loopback, so it reaches the emulator by a host name, with the
emulator itself as HTTP proxy. Its XAdES needs xmlsec, which is not installed: signatures are
made here in the very form that it makes (exclusive c14n, two references, SigningCertificate).
"""

import datetime as dt
import time

import pytest
from ksef_client import KsefClient, KsefClientOptions
from ksef_client import models as m
from ksef_client.services.auth import build_auth_token_request_xml
from ksef_client.services.crypto import build_encryption_data
from ksef_client.services.csr import generate_csr_ec
from ksef_client.services.workflows import (
    AuthCoordinator,
    BatchSessionWorkflow,
    ExportWorkflow,
    OnlineSessionWorkflow,
)

from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import fa3, many, nip
from tests.ksef_emulator.sending import packed
from tests.ksef_emulator.signing import sign_exclusively

FORM = m.FormCode(system_code="FA (3)", schema_version="1-0E", value="FA")
TODAY = dt.datetime.now(dt.UTC).date()
BUYER = nip(7900)


@pytest.fixture
def client(emulator):
    root = emulator.url.removesuffix("/v2")
    options = KsefClientOptions(
        base_url="http://ksef.emulator.example/v2",
        base_lighthouse_url="http://ksef.emulator.example/latarnia",
        proxy=root,
        strict_presigned_url_validation=False,
    )
    with KsefClient(options) as made:
        yield made


def key_of(client, usage):
    found = client.security.get_public_key_certificate(usage)
    return {"public_certificate": found.certificate, "public_key_id": found.public_key_id}


def by_token(client, emulator, firm):
    result = AuthCoordinator(client.auth).authenticate_with_ksef_token(
        token=emulator.control.make_token(firm)["token"],
        context_identifier_type="nip",
        context_identifier_value=firm,
        poll_interval_seconds=0.01,
        **key_of(client, m.PublicKeyCertificateUsage.KSEFTOKENENCRYPTION),
    )
    return result.access_token


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_login_by_signature(client, kind):
    firm = nip(7000)
    challenge = client.auth.get_challenge()
    xml = build_auth_token_request_xml(
        challenge=challenge.challenge,
        context_identifier_type="nip",
        context_identifier_value=firm,
    )
    signed = sign_exclusively(xml.partition("?>")[2].strip(), seal(firm, kind)).decode()
    started = client.auth.submit_xades_auth_request(signed)
    token = started.authentication_token.token
    status = client.auth.get_auth_status(started.reference_number, token)
    assert status.status.code == 200
    tokens = client.auth.redeem_token(token)
    fresh = client.auth.refresh_access_token(tokens.refresh_token.token)
    assert client.auth.get_active_sessions(access_token=fresh.access_token.token).items


def test_sending_online_to_the_upo(client, emulator):
    firm = nip(7001)
    access = by_token(client, emulator, firm)
    session = OnlineSessionWorkflow(client.sessions).open_session(
        form_code=FORM,
        access_token=access,
        **key_of(client, m.PublicKeyCertificateUsage.SYMMETRICKEYENCRYPTION),
    )
    sent = session.send_invoice(fa3("K/1", seller=firm, buyer=BUYER, issued=TODAY))
    status = awaited(lambda: session.get_invoice_status(sent.reference_number))
    assert status.status.code == 200
    session.close()
    whole = awaited(session.get_status)
    assert whole.status.code == 200
    upo = session.get_invoice_upo_by_ksef(status.ksef_number)
    assert status.ksef_number in str(upo)


def test_sending_a_batch(client, emulator):
    firm = nip(7002)
    access = by_token(client, emulator, firm)
    files = {
        f"{place}.xml": fa3(f"P/{place}", seller=firm, buyer=BUYER, issued=TODAY)
        for place in range(5)
    }
    reference = BatchSessionWorkflow(client.sessions, client.http_client).open_upload_and_close(
        form_code=FORM,
        zip_bytes=packed(files),
        access_token=access,
        **key_of(client, m.PublicKeyCertificateUsage.SYMMETRICKEYENCRYPTION),
    )
    status = awaited(lambda: client.sessions.get_session_status(reference, access_token=access))
    assert (status.status.code, status.successful_invoice_count) == (200, 5)


def test_incremental_export(client, emulator):
    firm = nip(7003)
    emulator.control.put_invoices(many(7, sellers=[nip(7900)], buyers=[firm]))
    access = by_token(client, emulator, firm)
    encryption = build_encryption_data(
        **key_of(client, m.PublicKeyCertificateUsage.SYMMETRICKEYENCRYPTION)
    )
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    request = m.InvoiceExportRequest(
        encryption=encryption.encryption_info,
        filters=m.InvoiceQueryFilters(
            subject_type=m.InvoiceQuerySubjectType.SUBJECT2,
            date_range=m.InvoiceQueryDateRange(
                date_type=m.InvoiceQueryDateType.PERMANENTSTORAGE,
                from_=start.isoformat(),
                restrict_to_permanent_storage_hwm_date=True,
            ),
        ),
    )
    reference = client.invoices.export_invoices(request, access_token=access).reference_number
    status = awaited(lambda: client.invoices.get_export_status(reference, access_token=access))
    result = ExportWorkflow(client.invoices, client.http_client).download_and_process_package(
        status.package, encryption
    )
    assert len(result.invoice_xml_files) == len(result.metadata_summaries) == 7


def test_certificates_tokens_and_limits(client, emulator):
    firm = nip(7004)
    access = by_token(client, emulator, firm)
    assert client.limits.get_context_limits(access_token=access).online_session
    assert client.rate_limits.get_rate_limits(access_token=access).invoice_export.per_hour == 20
    listed = client.tokens.list_tokens(access_token=access).tokens
    assert [entry.status for entry in listed] == [m.AuthenticationTokenStatus.ACTIVE]
    assert client.certificates.get_limits(access).can_request is False
    assert generate_csr_ec({"commonName": "x", "countryName": "PL"})


def test_the_lighthouse_announces_an_outage(client, emulator):
    assert client.lighthouse.get_status().status == m.LighthouseKsefStatus.AVAILABLE
    emulator.control.announce_outage("FAILURE")
    try:
        assert client.lighthouse.get_status().status == m.LighthouseKsefStatus.FAILURE
        assert len(client.lighthouse.get_messages()) == 1
    finally:
        emulator.control.end_outage()
    assert client.lighthouse.get_status().status == m.LighthouseKsefStatus.AVAILABLE


def awaited(ask):
    for _ in range(500):
        answer = ask()
        if answer.status.code >= 200:
            return answer
        time.sleep(0.02)
    raise AssertionError("no final status")
