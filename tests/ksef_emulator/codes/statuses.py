"""How every documented status of what runs asynchronously is reached."""

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.ksef_emulator.certificates import new_key, person, seal
from tests.ksef_emulator.codes.authentication import die
from tests.ksef_emulator.codes.sending import send
from tests.ksef_emulator.codes.stage import Stage
from tests.ksef_emulator.sending import open_batch, open_online, packed, send_batch, upload
from tests.ksef_emulator.signing import auth_request, sign
from tests.ksef_emulator.test_certificates import enroll
from tests.ksef_emulator.test_download import restricted

Way = Callable[[Stage], int]
DAY = dt.timedelta(days=1)


def started(stage: Stage, identity=None, **details) -> dict[str, Any]:
    """An authentication by signature; the seal of its firm unless another one signs."""
    xml = stage.request(**details)
    return stage.user.submit_signed(sign(xml, identity or seal(stage.nip))).json()


def outcome(stage: Stage, identity=None) -> int:
    return stage.user.outcome(started(stage, identity))["code"]


def while_set(way: Way, **settings) -> Way:
    """The same while settings are changed, which are put back afterwards."""

    def reach(stage: Stage) -> int:
        stage.owner()  # before nobody can log in any more
        current = {name: type(value)(0) for name, value in settings.items()}
        stage.control.change_settings(**settings)
        try:
            return way(stage)
        finally:
            stage.control.change_settings(**current)

    return reach


def revoked_authentication(stage: Stage) -> int:
    begun = started(stage)
    stage.user.finish(begun)
    assert stage.user.call("DELETE", "/auth/sessions/current").status_code == 204
    return stage.user.outcome(begun)["code"]


def wrong_token(stage: Stage) -> int:
    answer = stage.user.start_token_login(stage.firm(), "wrong")
    return stage.user.outcome(answer.json())["code"]


def old_certificate(stage: Stage) -> int:
    firm = stage.firm()
    old = seal(firm, not_after=stage.control.now() - DAY)
    xml = auth_request(stage.user.challenge()["challenge"], firm)
    return stage.user.outcome(stage.user.submit_signed(sign(xml, old)).json())["code"]


def dead(stage: Stage) -> int:
    stage.nip = firm = stage.firm()
    die(stage)
    xml = auth_request(stage.user.challenge()["challenge"], firm)
    return stage.user.outcome(stage.user.submit_signed(sign(xml, seal(firm))).json())["code"]


def blocked(stage: Stage) -> int:
    firm = stage.firm()
    body = {"contextIdentifier": {"type": "Nip", "value": firm}}
    assert stage.user.post("/testdata/context/block", body).status_code == 200
    xml = auth_request(stage.user.challenge()["challenge"], firm)
    return stage.user.outcome(stage.user.submit_signed(sign(xml, seal(firm))).json())["code"]


AUTHENTICATION: dict[int, Way] = {
    100: while_set(outcome, authenticationDelay=60),
    200: outcome,
    415: lambda stage: outcome(stage, person("PNOPL-80010112399")),
    425: revoked_authentication,
    450: wrong_token,
    460: old_certificate,
    470: dead,
    480: blocked,
    500: while_set(outcome, processingFailure=500),
    550: while_set(outcome, processingFailure=550),
}


def enrollment(stage: Stage, key=None) -> int:
    reference = enroll(stage.user, key or new_key()).json()["referenceNumber"]
    return stage.user.get(f"/certificates/enrollments/{reference}").json()["status"]["code"]


def key_of_another(stage: Stage) -> int:
    key = new_key()
    stage.owner()
    enrollment(stage, key)
    stage.owner()
    return enrollment(stage, key)


ENROLLMENT: dict[int, Way] = {
    100: while_set(enrollment, processingDelay=60),
    200: while_set(enrollment),
    400: key_of_another,
    500: while_set(enrollment, processingFailure=500),
    550: while_set(enrollment, processingFailure=550),
}


def export(stage: Stage, start: dt.datetime | None = None) -> int:
    reference = begun_export(stage, start)
    return stage.user.await_export(reference)["status"]["code"]


def begun_export(stage: Stage, start: dt.datetime | None = None, *, bad_key: bool = False) -> str:
    encryption = stage.user.envelope().info
    if bad_key:
        encryption["encryptedSymmetricKey"] = base64.b64encode(bytes(256)).decode()
    span = {"start": start.isoformat()} if start else {}
    body = {"encryption": encryption, "filters": restricted(**span)}
    answer = stage.user.post("/invoices/exports", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["referenceNumber"]


def slow_export(stage: Stage) -> int:
    reference = begun_export(stage)
    return stage.user.get(f"/invoices/exports/{reference}").json()["status"]["code"]


def expired_export(stage: Stage) -> int:
    reference = begun_export(stage)
    stage.user.await_export(reference)
    stage.control.advance_clock(1.1 * DAY)
    stage.user.log_in(stage.nip)
    return stage.user.get(f"/invoices/exports/{reference}").json()["status"]["code"]


def export_with_a_bad_key(stage: Stage) -> int:
    reference = begun_export(stage, bad_key=True)
    return stage.user.await_export(reference)["status"]["code"]


EXPORT: dict[int, Way] = {
    100: while_set(slow_export, processingDelay=60),
    200: while_set(export),
    210: while_set(expired_export),
    415: while_set(export_with_a_bad_key),
    420: while_set(lambda stage: export(stage, stage.control.now() + DAY)),
    500: while_set(export, processingFailure=500),
    550: while_set(export, processingFailure=550),
}


def authorization(stage: Stage, subject: dict[str, str], permission="SelfInvoicing") -> int:
    body = {
        "subjectIdentifier": subject,
        "permission": permission,
        "description": "Wystawianie faktur",
        "subjectDetails": {"fullName": "Podmiot próbny"},
    }
    return ended(stage, stage.user.post("/permissions/authorizations/grants", body))


def ended(stage: Stage, answer) -> int:
    assert answer.status_code == 202, answer.text
    reference = answer.json()["referenceNumber"]
    return stage.user.get(f"/permissions/operations/{reference}").json()["status"]["code"]


def to_a_firm(stage: Stage) -> int:
    return authorization(stage, {"type": "Nip", "value": stage.firm()})


def to_oneself(stage: Stage) -> int:
    return authorization(stage, {"type": "Nip", "value": stage.nip})


def peppol_to_a_firm(stage: Stage) -> int:
    return authorization(stage, {"type": "Nip", "value": stage.firm()}, "PefInvoicing")


def revocation_of_nothing(stage: Stage) -> int:
    path = "/permissions/common/grants/00000000-0000-0000-0000-000000000000"
    return ended(stage, stage.user.call("DELETE", path))


def worker(stage: Stage, permission="InvoiceRead"):
    body = {
        "subjectIdentifier": {"type": "Pesel", "value": "85050512377"},
        "permissions": [permission],
        "description": "Pracownik",
        "subjectDetails": {
            "subjectDetailsType": "PersonByIdentifier",
            "personById": {"firstName": "Anna", "lastName": "Próbna"},
        },
    }
    return stage.user.post("/permissions/persons/grants", body)


def revocation_of_a_stranger(stage: Stage) -> int:
    assert ended(stage, worker(stage)) == 200
    query = {"queryType": "PermissionsInCurrentContext"}
    listed = stage.user.post("/permissions/query/persons/grants", query).json()["permissions"]
    stage.owner()
    return ended(stage, stage.user.call("DELETE", f"/permissions/common/grants/{listed[0]['id']}"))


PERMISSION: dict[int, Way] = {
    100: while_set(to_a_firm, processingDelay=60),
    200: while_set(to_a_firm),
    400: while_set(revocation_of_nothing),
    410: while_set(to_oneself),
    420: while_set(revocation_of_a_stranger),
    430: while_set(lambda stage: ended(stage, worker(stage, "EnforcementOperations"))),
    450: while_set(peppol_to_a_firm),
    500: while_set(to_a_firm, processingFailure=500),
    550: while_set(to_a_firm, processingFailure=550),
}


def sent(stage: Stage, content: bytes | None = None) -> int:
    session = open_online(stage.user)
    return session.send(content or stage.invoice())["status"]["code"]


def slowly_sent(stage: Stage) -> int:
    session = open_online(stage.user)
    reference = send(session, stage.invoice()).json()["referenceNumber"]
    path = f"/sessions/{session.reference}/invoices/{reference}"
    return stage.user.get(path).json()["status"]["code"]


def sent_twice(stage: Stage) -> int:
    content = stage.invoice()
    assert sent(stage, content) == 200
    return sent(stage, content)


def with_an_attachment(stage: Stage) -> int:
    block = (
        "<Zalacznik><BlokDanych><MetaDane><ZKlucz>k</ZKlucz><ZWartosc>w</ZWartosc></MetaDane>"
        "<Tekst><Akapit>Treść</Akapit></Tekst></BlokDanych></Zalacznik></Faktura>"
    )
    return sent(stage, stage.invoice().replace(b"</Faktura>", block.encode()))


def under_another_key(stage: Stage) -> int:
    session = open_online(stage.user)
    session.envelope.key = bytes(32)
    return session.send(stage.invoice())["status"]["code"]


INVOICE: dict[int, Way] = {
    100: while_set(slowly_sent, processingDelay=60),
    200: while_set(sent),
    410: while_set(lambda stage: sent(stage, stage.invoice(seller=stage.firm()))),
    415: while_set(with_an_attachment),
    430: while_set(lambda stage: sent(stage, b"no XML")),
    435: while_set(under_another_key),
    440: while_set(sent_twice),
    450: while_set(lambda stage: sent(stage, b"<Faktura/>")),
    500: while_set(sent, processingFailure=500),
    550: while_set(sent, processingFailure=550),
}


def session_now(stage: Stage, reference: str) -> int:
    return stage.user.get(f"/sessions/{reference}").json()["status"]["code"]


def closed_slowly(stage: Stage) -> int:
    session = open_online(stage.user)
    session.send(stage.invoice())
    stage.control.change_settings(processingDelay=60)
    stage.user.post(f"/sessions/online/{session.reference}/close")
    return session_now(stage, session.reference)


def closed(stage: Stage, *contents: bytes) -> int:
    session = open_online(stage.user)
    for content in contents:
        session.send(content)
    return session.close()["status"]["code"]


def opened_with_a_bad_key(stage: Stage) -> int:
    encryption = stage.user.envelope().info
    encryption["encryptedSymmetricKey"] = base64.b64encode(bytes(256)).decode()
    form = {"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"}
    body = {"formCode": form, "encryption": encryption}
    answer = stage.user.post("/sessions/online", body).json()
    return session_now(stage, answer["referenceNumber"])


def batch(stage: Stage, package: bytes | None = None, **options) -> int:
    return send_batch(stage.user, package or packed({"a.xml": stage.invoice()}), **options)[
        "status"
    ]["code"]


def slow_batch(stage: Stage) -> int:
    reference, requests, pieces = open_batch(stage.user, packed({"a.xml": stage.invoice()}))
    upload(stage.user, requests[0], pieces[0])
    stage.user.post(f"/sessions/batch/{reference}/close")
    return session_now(stage, reference)


def batch_above_the_limit(stage: Stage) -> int:
    limits = {
        "maxInvoiceSizeInMB": 1,
        "maxInvoiceWithAttachmentSizeInMB": 1,
        "maxInvoices": 0,
    }
    body = {
        "onlineSession": limits,
        "batchSession": limits,
        "collectiveIdentifier": {"maxInvoices": 2},
    }
    assert stage.user.post("/testdata/limits/context/session", body).status_code == 200
    return batch(stage)


def batch_under_another_key(stage: Stage) -> int:
    """Hashes agree, but the padding is not that of the announced key."""
    envelope = stage.user.envelope()
    envelope.key = bytes(32)
    stage.user.envelope = lambda: envelope  # type: ignore[method-assign]  # for this package only
    try:
        return batch(stage)
    finally:
        del stage.user.envelope


SESSION: dict[int, Way] = {
    100: while_set(lambda stage: session_now(stage, open_online(stage.user).reference)),
    150: while_set(slow_batch, processingDelay=60),
    170: while_set(closed_slowly, processingDelay=0),
    200: while_set(lambda stage: closed(stage, stage.invoice())),
    405: while_set(lambda stage: batch(stage, batch_file={"fileHash": "A" * 43 + "="})),
    415: while_set(opened_with_a_bad_key),
    420: while_set(batch_above_the_limit),
    430: while_set(lambda stage: batch(stage, b"no archive")),
    435: while_set(batch_under_another_key),
    440: while_set(closed),
    445: while_set(lambda stage: closed(stage, b"no XML")),
    500: while_set(batch, processingFailure=500),
}

WAYS: dict[str, dict[int, Way]] = {
    "AuthenticationOperationStatusResponse": AUTHENTICATION,
    "CertificateEnrollmentStatusResponse": ENROLLMENT,
    "InvoiceExportStatusResponse": EXPORT,
    "PermissionsOperationStatusResponse": PERMISSION,
    "SessionInvoiceStatusResponse": INVOICE,
    "SessionStatusResponse": SESSION,
}
