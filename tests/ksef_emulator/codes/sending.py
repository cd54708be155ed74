"""Codes of sessions."""

import datetime as dt

from tests.ksef_emulator.codes.stage import Stage, provokes
from tests.ksef_emulator.ksef_user import sha256
from tests.ksef_emulator.sending import FA3, open_batch, open_online, upload

ONLINE, BATCH = "/sessions/online", "/sessions/batch"
SEND = f"{ONLINE}/{{referenceNumber}}/invoices"
CLOSE_BATCH = f"{BATCH}/{{referenceNumber}}/close"
UNKNOWN_KEY = "A" * 43 + "="


def send(session, content, **changes):
    path = f"{ONLINE}/{session.reference}/invoices"
    return session.user.post(path, session.request(content, **changes))


@provokes("POST", ONLINE, 21470)
def _(stage: Stage):
    user = stage.owner()
    encryption = {**user.envelope().info, "publicKeyId": UNKNOWN_KEY}
    return user.post(ONLINE, {"formCode": FA3, "encryption": encryption})


@provokes("POST", SEND, 21001)
def _(stage: Stage):
    session = stage.session()
    path = f"{ONLINE}/{session.reference}/invoices"
    return session.user.http.post(path, content=b"{", headers=session.user.headers)


@provokes("POST", SEND, 21405)
def _(stage: Stage):
    session = stage.session()
    return session.user.post(f"{ONLINE}/{session.reference}/invoices", {})


@provokes("POST", SEND, 21155)
def _(stage: Stage):
    session = stage.session()
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
    assert session.user.post("/testdata/limits/context/session", body).status_code == 200
    return send(session, stage.invoice())


def refused_offline(stage: Stage):
    """A session with a refused offline invoice that may be corrected, and its options."""
    session = stage.session()
    wrong = stage.invoice().replace(b"P_15>", b"P_15x>")
    assert session.send(wrong, offlineMode=True)["status"]["code"] == 450
    return session, {"offlineMode": True, "hashOfCorrectedInvoice": sha256(wrong)}


@provokes("POST", SEND, 21166)
def _(stage: Stage):
    session, options = refused_offline(stage)
    assert session.send(stage.invoice(), **options)["status"]["code"] == 200
    return send(session, stage.invoice(), **options)


@provokes("POST", SEND, 21167)
def _(stage: Stage):
    session = stage.session()
    good = stage.invoice()
    assert session.send(good, offlineMode=True)["status"]["code"] == 200
    options = {"offlineMode": True, "hashOfCorrectedInvoice": sha256(good)}
    return send(session, stage.invoice(), **options)


@provokes("POST", SEND, 21180)
def _(stage: Stage):
    session = stage.session()
    session.close()
    return send(session, stage.invoice())


@provokes("POST", SEND, 21184)
def _(stage: Stage):
    session = stage.session()
    stage.control.change_settings(maintenance=True)
    answer = send(session, stage.invoice())
    stage.control.change_settings(maintenance=False)
    return answer


@provokes("POST", SEND, 21402)
def _(stage: Stage):
    session = stage.session()
    return send(session, stage.invoice(), encryptedInvoiceSize=1)


@provokes("POST", SEND, 21403)
def _(stage: Stage):
    session = stage.session()
    return send(session, stage.invoice(), encryptedInvoiceHash=sha256(b""))


@provokes("POST", f"{ONLINE}/{{referenceNumber}}/close", 21180)
def _(stage: Stage):
    session = stage.session()
    session.close()
    return session.user.post(f"{ONLINE}/{session.reference}/close")


def batch(user, **changes):
    """An order for a batch of one part."""
    part = {"ordinalNumber": 1, "fileSize": 10, "fileHash": sha256(b"")}
    parts = {"fileSize": 10, "fileHash": sha256(b""), "fileParts": [part], **changes}
    body = {"formCode": FA3, "encryption": user.envelope().info, "batchFile": parts}
    return body, part


@provokes("POST", BATCH, 21157)
def _(stage: Stage):
    user = stage.owner()
    body, part = batch(user)
    part["fileSize"] = 200_000_000
    return user.post(BATCH, body)


@provokes("POST", BATCH, 21161)
def _(stage: Stage):
    user = stage.owner()
    body, part = batch(user)
    parts = [{**part, "ordinalNumber": place} for place in range(1, 52)]
    body["batchFile"]["fileParts"] = parts
    return user.post(BATCH, body)


@provokes("POST", BATCH, 21470)
def _(stage: Stage):
    user = stage.owner()
    body, _ = batch(user)
    body["encryption"]["publicKeyId"] = UNKNOWN_KEY
    return user.post(BATCH, body)


@provokes("POST", CLOSE_BATCH, 21157)
def _(stage: Stage):
    user = stage.owner()
    reference, requests, pieces = open_batch(user, b"package")
    upload(user, requests[0], pieces[0] + b"x")
    return user.post(f"{BATCH}/{reference}/close")


@provokes("POST", CLOSE_BATCH, 21180)
def _(stage: Stage):
    user = stage.owner()
    reference, requests, pieces = open_batch(user, b"package")
    upload(user, requests[0], pieces[0])
    assert user.post(f"{BATCH}/{reference}/close").status_code == 204
    return user.post(f"{BATCH}/{reference}/close")


@provokes("POST", CLOSE_BATCH, 21205)
def _(stage: Stage):
    user = stage.owner()
    return user.post(f"{BATCH}/{open_batch(user, b'package')[0]}/close")


@provokes("POST", CLOSE_BATCH, 21208)
def _(stage: Stage):
    user = stage.owner()
    reference, *_ = open_batch(user, b"package")
    stage.control.advance_clock(dt.timedelta(minutes=21))
    user.log_in(stage.nip)
    return user.post(f"{BATCH}/{reference}/close")


@provokes("GET", "/sessions/{referenceNumber}/upo/{upoReferenceNumber}", 21178)
def _(stage: Stage):
    session = stage.session()
    upo = "20260101-EU-0123456789-0123456789-00"
    return session.user.get(f"/sessions/{session.reference}/upo/{upo}")


def _bad_continuation(kind: str):
    def provoke(stage: Stage):
        session = open_online(stage.owner())
        headers = {"x-continuation-token": "?"}
        return session.user.get(f"/sessions/{session.reference}/{kind}", headers=headers)

    return provoke


for _kind in ("invoices", "invoices/failed"):
    provokes("GET", f"/sessions/{{referenceNumber}}/{_kind}", 21418)(_bad_continuation(_kind))
