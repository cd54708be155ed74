"""ksef-client (PyPI) drives the emulator through its own workflows.

It refuses presigned addresses on loopback, so it reaches the emulator by a host name, with the
emulator itself as HTTP proxy. Its XAdES needs xmlsec, which is not installed: signatures are
made here in the very form that it makes (exclusive c14n, two references, SigningCertificate).
"""

import base64
import datetime as dt
import time
from dataclasses import asdict

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from ksef_client import KsefClient, KsefClientOptions
from ksef_client import models as m
from ksef_client.services.auth import build_auth_token_request_xml
from ksef_client.services.crypto import build_encryption_data
from ksef_client.services.csr import generate_csr_ec, generate_csr_rsa
from ksef_client.services.hwm import (
    dedupe_by_ksef_number,
    get_effective_start_date,
    update_continuation_point,
)
from ksef_client.services.workflows import (
    AuthCoordinator,
    BatchSessionWorkflow,
    ExportWorkflow,
    OnlineSessionWorkflow,
)

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.certificates import Identity, seal
from tests.ksef_emulator.invoices import fa3, many, nip
from tests.ksef_emulator.sending import packed
from tests.ksef_emulator.signing import sign_exclusively

FORM = m.FormCode(system_code="FA (3)", schema_version="1-0E", value="FA")
TODAY = dt.datetime.now(dt.UTC).date()
BUYER = nip(7900)


@pytest.fixture(scope="module")
def emulator():
    """An emulator whose export packages hold three invoices."""
    with running_emulator(rate_limits="off", export_max_invoices=3) as running:
        yield running


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


def test_incremental_export_through_truncated_packages(client, emulator):
    firm = nip(7003)
    emulator.control.put_invoices(many(7, sellers=[nip(7900)], buyers=[firm]))
    access = by_token(client, emulator, firm)
    beginning = (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).isoformat()
    points, seen, rounds = {}, [], 0
    while rounds < 10:
        rounds += 1
        start = get_effective_start_date(points, "Subject2", beginning)
        package, result = exported(client, access, start)
        assert len(result.invoice_xml_files) == len(result.metadata_summaries)
        seen += result.metadata_summaries
        update_continuation_point(points, "Subject2", package)
        if not package.is_truncated:
            break
    assert (rounds, len(dedupe_by_ksef_number(seen))) == (3, 7)
    assert len(seen) == 7 + 2, "the last of a truncated package comes again with the next"


def exported(client, access, start):
    """One package from `start` on, downloaded and read by the client."""
    encryption = build_encryption_data(
        **key_of(client, m.PublicKeyCertificateUsage.SYMMETRICKEYENCRYPTION)
    )
    request = m.InvoiceExportRequest(
        encryption=encryption.encryption_info,
        filters=m.InvoiceQueryFilters(
            subject_type=m.InvoiceQuerySubjectType.SUBJECT2,
            date_range=m.InvoiceQueryDateRange(
                date_type=m.InvoiceQueryDateType.PERMANENTSTORAGE,
                from_=start,
                restrict_to_permanent_storage_hwm_date=True,
            ),
        ),
    )
    reference = client.invoices.export_invoices(request, access_token=access).reference_number
    status = awaited(lambda: client.invoices.get_export_status(reference, access_token=access))
    workflow = ExportWorkflow(client.invoices, client.http_client)
    return status.package, workflow.download_and_process_package(status.package, encryption)


def by_seal(client, firm, identity=None):
    """An access token by signature."""
    xml = build_auth_token_request_xml(
        challenge=client.auth.get_challenge().challenge,
        context_identifier_type="nip",
        context_identifier_value=firm,
    )
    signed = sign_exclusively(xml.partition("?>")[2].strip(), identity or seal(firm)).decode()
    token = client.auth.submit_xades_auth_request(signed).authentication_token.token
    return client.auth.redeem_token(token).access_token.token


def test_limits_are_told(client, emulator):
    access = by_token(client, emulator, nip(7004))
    assert client.limits.get_context_limits(access_token=access).online_session
    assert client.rate_limits.get_rate_limits(access_token=access).invoice_export.per_hour == 20
    assert client.certificates.get_limits(access).can_request is False, "not by a token"


@pytest.mark.parametrize("make", [generate_csr_ec, generate_csr_rsa])
def test_a_certificate_from_the_request_to_its_revocation(client, make):
    firm = nip(7005)
    access = by_seal(client, firm)
    data = client.certificates.get_enrollment_data(access)
    csr = make({key: value for key, value in asdict(data).items() if value})
    order = m.EnrollCertificateRequest(
        certificate_name="Certyfikat próbny",
        certificate_type=m.KsefCertificateType.AUTHENTICATION,
        csr=csr.csr_base64,
    )
    reference = client.certificates.send_enrollment(order, access_token=access).reference_number
    status = client.certificates.get_enrollment_status(reference, access_token=access)
    serial = status.certificate_serial_number
    wanted = m.RetrieveCertificatesRequest(certificate_serial_numbers=[serial])
    got = client.certificates.retrieve_certificate(wanted, access_token=access).certificates[0]
    identity = Identity(
        x509.load_der_x509_certificate(base64.b64decode(got.certificate)),
        serialization.load_der_private_key(base64.b64decode(csr.private_key_base64), None),
    )
    assert by_seal(client, firm, identity)
    reason = m.RevokeCertificateRequest(revocation_reason=m.CertificateRevocationReason.SUPERSEDED)
    client.certificates.revoke_certificate(serial, reason, access_token=access)
    query = m.QueryCertificatesRequest(certificate_serial_number=serial)
    listed = client.certificates.query_certificates(query, access_token=access).certificates
    assert [entry.status for entry in listed] == [m.CertificateListItemStatus.REVOKED]


def test_a_token_from_its_making_to_its_revocation(client):
    access = by_seal(client, nip(7006))
    order = m.GenerateTokenRequest(
        description="Token do odczytu", permissions=[m.TokenPermissionType.INVOICEREAD]
    )
    made = client.tokens.generate_token(order, access_token=access)
    listed = client.tokens.list_tokens(access_token=access, statuses=["Active"]).tokens
    assert [entry.reference_number for entry in listed] == [made.reference_number]
    client.tokens.revoke_token(made.reference_number, access_token=access)
    status = client.tokens.get_token_status(made.reference_number, access_token=access)
    assert status.status == m.AuthenticationTokenStatus.REVOKED


def test_a_permission_is_granted_found_and_taken_back(client):
    access = by_seal(client, nip(7007))
    pesel = m.PersonPermissionsSubjectIdentifierType.PESEL
    grant = m.PersonPermissionsGrantRequest(
        subject_identifier=m.PersonPermissionsSubjectIdentifier(type=pesel, value="85050512398"),
        permissions=[m.PersonPermissionType.INVOICEREAD],
        description="Pracownik",
        subject_details=m.PersonPermissionSubjectDetails(
            subject_details_type=m.PersonPermissionSubjectDetailsType.PERSONBYIDENTIFIER,
            person_by_id=m.PersonDetails(first_name="Anna", last_name="Próbna"),
        ),
    )
    granted = client.permissions.grant_person(grant, access_token=access)
    assert ended(client, granted, access) == 200
    query = m.PersonPermissionsQueryRequest(
        query_type=m.PersonPermissionsQueryType.PERMISSIONSINCURRENTCONTEXT
    )
    found = client.permissions.query_persons_grants(query, access_token=access).permissions
    assert len(found) == 1
    revoked = client.permissions.revoke_common_permission(found[0].id, access_token=access)
    assert ended(client, revoked, access) == 200
    assert not client.permissions.query_persons_grants(query, access_token=access).permissions


def ended(client, operation, access):
    """The status code of an operation on permissions."""
    reference = operation.reference_number
    return client.permissions.get_operation_status(reference, access_token=access).status.code


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
