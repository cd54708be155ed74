"""Codes of download, of collective identifiers, of test data."""

import datetime as dt

from tests.ksef_emulator.codes.authentication import eu_administrator
from tests.ksef_emulator.codes.stage import Stage, provokes
from tests.ksef_emulator.sending import open_online
from tests.ksef_emulator.test_download import restricted

COLLECTIVE, EXPORTS = "/collective-identifiers", "/invoices/exports"


def export(user, **changes):
    filters = changes.pop("filters", restricted())
    encryption = {**user.envelope().info, **changes}
    return user.post(EXPORTS, {"encryption": encryption, "filters": filters})


@provokes("GET", "/invoices/ksef/{ksefNumber}", 21165)
def _(stage: Stage):
    """The buyer may know the number from metadata before the sender is told of it."""
    session = open_online(stage.owner())
    stage.control.change_settings(processingDelay=3600)
    content = stage.invoice()
    path = f"/sessions/online/{session.reference}/invoices"
    assert session.user.post(path, session.request(content)).status_code == 202
    stage.control.change_settings(processingDelay=0)
    while not (found := stage.control.invoices(stage.nip, "Subject1")):
        pass
    return session.user.get(f"/invoices/ksef/{found[0]['ksefNumber']}")


@provokes("POST", EXPORTS, 21181)
def _(stage: Stage):
    user = eu_administrator(stage)
    return export(user, filters=restricted(role="Subject3"))


@provokes("POST", EXPORTS, 21182)
def _(stage: Stage):
    user = stage.owner()
    stage.control.change_settings(processingDelay=3600)
    statuses = [export(user).status_code for _ in range(10)]
    answer = export(user)
    stage.control.change_settings(processingDelay=0)
    assert statuses == [201] * 10
    return answer


@provokes("POST", EXPORTS, 21470)
def _(stage: Stage):
    return export(stage.owner(), publicKeyId="A" * 43 + "=")


@provokes("POST", "/invoices/query/metadata", 21183)
def _(stage: Stage):
    start = stage.control.now() + dt.timedelta(days=1)
    end = start + dt.timedelta(days=1)
    body = restricted(start=start.isoformat(), to=end.isoformat())
    return stage.owner().post("/invoices/query/metadata", body)


def grouped(user, *numbers):
    members = [{"ksefNumber": number} for number in numbers]
    return user.post(COLLECTIVE, {"invoices": members})


@provokes("POST", COLLECTIVE, 71001)
def _(stage: Stage):
    unknown = ("9990000001-20260101-0123456789AB-00", "9990000001-20260101-0123456789AC-00")
    return grouped(stage.owner(), *unknown)


@provokes("POST", COLLECTIVE, 71002)
def _(stage: Stage):
    """132 identifiers for one invoice are the limit of KSeF API 2.9."""
    user = stage.owner()
    numbers = stage.put_in(stage.invoice(), stage.invoice())
    statuses = {grouped(user, *numbers).status_code for _ in range(132)}
    assert statuses == {201}
    return grouped(user, *numbers)


@provokes("POST", COLLECTIVE, 71004)
def _(stage: Stage):
    user = stage.owner()
    sellers = stage.firm(), stage.firm()
    contents = [stage.invoice(seller=seller, buyer=stage.nip) for seller in sellers]
    return grouped(user, *stage.put_in(*contents))


@provokes("POST", COLLECTIVE, 71005)
def _(stage: Stage):
    user = stage.owner()
    (number,) = stage.put_in(stage.invoice())
    return grouped(user, number, number)


@provokes("POST", f"{COLLECTIVE}/invoices", 21418)
def _(stage: Stage):
    headers = {"x-continuation-token": "?"}
    body = {"collectiveIdentifierNumbers": []}
    return stage.owner().post(f"{COLLECTIVE}/invoices", body, headers=headers)


@provokes("POST", f"{COLLECTIVE}/query", 21418)
def _(stage: Stage):
    headers = {"x-continuation-token": "?"}
    body = {"dateCreatedFrom": "2026-11-01T00:00:00Z", "dateCreatedTo": "2026-11-02T00:00:00Z"}
    return stage.owner().post(f"{COLLECTIVE}/query", body, headers=headers)


@provokes("POST", "/testdata/person", 30001)
def _(stage: Stage):
    body = {
        "nip": stage.firm(),
        "pesel": "80010112345",
        "isBailiff": False,
        "description": "Osoba próbna",
    }
    stage.user.post("/testdata/person", body)
    return stage.user.post("/testdata/person", body)


@provokes("POST", "/testdata/subject", 30001)
def _(stage: Stage):
    body = {"subjectNip": stage.firm(), "subjectType": "JST", "description": "Gmina próbna"}
    stage.user.post("/testdata/subject", body)
    return stage.user.post("/testdata/subject", body)


@provokes("POST", "/testdata/limits/subject/certificate", 21405)
def _(stage: Stage):
    body = {"subjectIdentifierType": "Nobody"}
    return stage.owner().post("/testdata/limits/subject/certificate", body)


def _bad_context(way: str):
    def provoke(stage: Stage):
        body = {"contextIdentifier": {"type": "Nobody", "value": "x"}}
        return stage.owner().post(f"/testdata/context/{way}", body)

    return provoke


for _way in ("block", "unblock"):
    provokes("POST", f"/testdata/context/{_way}", 21405)(_bad_context(_way))
