"""Sending: sessions, verdicts, technical corrections, UPO."""

import datetime as dt
import io
import re
import tarfile

import pytest
from lxml import etree

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.certificates import peppol_provider, seal
from tests.ksef_emulator.invoices import fa3, nip, third_party
from tests.ksef_emulator.ksef_user import KsefUser, sha256
from tests.ksef_emulator.sending import open_batch, open_online, packed, send_batch, upload
from tests.reference import REFERENCE, needs_reference, samples

SELLER, BUYER, OTHER = nip(4000), nip(4001), nip(4002)
TODAY = dt.datetime.now(dt.UTC).date()


def code_of(answer):
    return answer.json()["exception"]["exceptionDetailList"][0]["exceptionCode"]


def invoice(number, **options):
    return fa3(number, **{"seller": SELLER, "buyer": BUYER, "issued": TODAY, **options})


@pytest.fixture
def seller(user):
    return user.log_in(SELLER)


def test_a_good_invoice_gets_a_number_and_can_be_downloaded_by_its_buyer(seller, user):
    content = invoice("S/1")
    session = open_online(seller)
    verdict = session.send(content)
    assert verdict["status"]["code"] == 200
    number = verdict["ksefNumber"]
    assert number.startswith(f"{SELLER}-")
    assert verdict["acquisitionDate"] < verdict["permanentStorageDate"]
    assert verdict["invoicingMode"] == "Online"
    closed = session.close()
    assert closed["status"]["code"] == 200
    assert (closed["invoiceCount"], closed["successfulInvoiceCount"]) == (1, 1)
    user.log_in(BUYER)
    assert user.get(f"/invoices/ksef/{number}").content == content


def test_upos_are_signed_and_valid(seller):
    session = open_online(seller)
    verdict = session.send(invoice("S/2"))
    closed = session.close()
    page = closed["upo"]["pages"][0]
    reference = session.reference
    by_number = seller.get(f"/sessions/{reference}/invoices/ksef/{verdict['ksefNumber']}/upo")
    by_reference = seller.get(f"/sessions/{reference}/invoices/{verdict['referenceNumber']}/upo")
    by_link = seller.http.get(verdict["upoDownloadUrl"])
    assert by_number.content == by_reference.content == by_link.content
    whole = seller.get(f"/sessions/{reference}/upo/{page['referenceNumber']}")
    assert whole.content == seller.http.get(page["downloadUrl"]).content
    for answer in (by_number, whole):
        assert answer.headers["x-ms-meta-hash"] == sha256(answer.content)
        check_upo(answer.content)


def check_upo(content):
    """Signature by signxml, structure by the official schema (which knows no signature)."""
    from signxml.xades import XAdESVerifier

    root = etree.fromstring(content)
    certificate = root.findtext(".//{*}X509Certificate")
    pem = f"-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----"
    XAdESVerifier().verify(content, x509_cert=pem, expect_references=2)
    root.remove(root.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    if REFERENCE.is_dir():
        schema = etree.XMLSchema(file=str(REFERENCE / "schemas" / "UPO" / "upo-v4-3.xsd"))
        schema.assertValid(root)


def test_an_upo_names_the_ksef_token_that_was_used(user):
    token = user.emulator.control.make_token(SELLER)
    user.log_in_by_token(SELLER, token["token"])
    session = open_online(user)
    verdict = session.send(invoice("S/3"))
    upo = user.http.get(verdict["upoDownloadUrl"]).text
    assert token["referenceNumber"] in upo


def test_a_duplicate_is_440_and_names_the_original(seller):
    session = open_online(seller)
    first = session.send(invoice("S/4"))
    again = session.send(invoice("S/4", buyer=OTHER))
    assert again["status"]["code"] == 440
    assert again["status"]["extensions"] == {
        "originalKsefNumber": first["ksefNumber"],
        "originalSessionReferenceNumber": session.reference,
    }


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: b"\xef\xbb\xbf" + content, 430),
        (lambda content: content.replace(b"UTF-8", b"ISO-8859-2"), 430),
        (lambda content: content.replace("Usługa".encode(), b"Us\xb3uga"), 430),
        (lambda content: content.replace(b"<Naglowek>", b"<?style x?><Naglowek>"), 430),
        (lambda content: content.replace("Usługa".encode(), "Us\x85\x86".encode()), 430),
        (lambda content: content[:-10], 430),
        (lambda content: b"<!DOCTYPE Faktura>" + content.partition(b"?>")[2], 430),
        (lambda content: content.replace(b"<P_2>", b"<P_2x>").replace(b"</P_2>", b"</P_2x>"), 450),
        (lambda content: content.replace(str(TODAY).encode(), b"2030-01-01"), 450),
        (lambda content: b"<x/>", 450),
    ],
)
def test_the_list_of_checks_refuses(seller, spoil, code):
    verdict = open_online(seller).send(spoil(invoice("S/5")))
    assert verdict["status"]["code"] == code, verdict
    assert verdict["status"]["details"]


def test_a_large_invoice_is_refused_until_the_context_may_send_larger(user):
    firm = nip(4010)
    user.log_in(firm)
    content = fa3("BIG", seller=firm, buyer=BUYER, issued=TODAY, lines=7000)
    assert len(content) > 1_000_000
    assert open_online(user).send(content)["status"]["code"] == 430
    limits = {
        "maxInvoiceSizeInMB": 2,
        "maxInvoiceWithAttachmentSizeInMB": 3,
        "maxInvoices": 10,
    }
    body = {
        "onlineSession": limits,
        "batchSession": limits,
        "collectiveIdentifier": {"maxInvoices": 10},
    }
    assert user.post("/testdata/limits/context/session", body).status_code == 200
    assert user.get("/limits/context").json()["onlineSession"] == limits
    assert open_online(user).send(content)["status"]["code"] == 200


def test_an_invoice_of_an_earlier_day_is_offline_by_itself(seller):
    content = invoice("S/6", issued=TODAY - dt.timedelta(days=2))
    assert open_online(seller).send(content)["invoicingMode"] == "Offline"


def test_somebody_elses_sale_is_410(seller):
    verdict = open_online(seller).send(invoice("S/7", seller=OTHER))
    assert verdict["status"]["code"] == 410


def test_a_buyer_issues_for_the_seller_who_authorized_him(user):
    farmer, buyer = nip(4020), nip(4021)
    content = fa3("SELF/1", seller=farmer, buyer=buyer, issued=TODAY, self_invoicing=True)
    user.log_in(buyer)
    assert open_online(user).send(content)["status"]["code"] == 410
    user.log_in(farmer)
    body = {
        "subjectIdentifier": {"type": "Nip", "value": buyer},
        "permission": "SelfInvoicing",
        "description": "Samofakturowanie",
        "subjectDetails": {"fullName": "Nabywca próbny"},
    }
    assert user.post("/permissions/authorizations/grants", body).status_code == 202
    user.log_in(buyer)
    assert open_online(user).send(content)["status"]["code"] == 200


def test_a_unit_of_local_government_issues_in_the_name_of_its_parent(user):
    parent, unit = nip(4030), nip(4031)
    body = {
        "subjectNip": parent,
        "subjectType": "JST",
        "description": "Gmina próbna",
        "subunits": [{"subjectNip": unit, "description": "Szkoła próbna"}],
    }
    assert user.post("/testdata/subject", body).status_code == 200
    role = third_party(unit, role=7)
    user.log_in(unit)
    content = fa3("JST/1", seller=parent, buyer=BUYER, issued=TODAY, extra_parties=role)
    assert open_online(user).send(content)["status"]["code"] == 200


def test_what_was_declared_must_be_true(seller):
    session = open_online(seller)
    path = f"/sessions/online/{session.reference}/invoices"
    content = invoice("S/8")
    assert code_of(seller.post(path, session.request(content, encryptedInvoiceSize=1))) == 21402
    wrong = session.request(content, encryptedInvoiceHash=sha256(b""))
    assert code_of(seller.post(path, wrong)) == 21403
    assert session.send(content, invoiceHash=sha256(b""))["status"]["code"] == 430
    stranger = open_online(seller)
    stranger.envelope.key = bytes(32)
    assert stranger.send(content)["status"]["code"] == 435


def test_checks_of_digits_on_request(seller):
    wrong = BUYER[:9] + str((int(BUYER[9]) + 1) % 10)
    assert open_online(seller).send(invoice("S/9", buyer=wrong))["status"]["code"] == 200
    feature = {"X-KSeF-Feature": "subject-identifier-validation"}
    checked = open_online(seller, headers=feature)
    assert checked.send(invoice("S/10", buyer=wrong))["status"]["code"] == 450


def test_a_technical_correction_follows_a_refused_offline_invoice_once(seller):
    refused = invoice("S/11").replace(b"<P_2>", b"<P_2x>").replace(b"</P_2>", b"</P_2x>")
    session = open_online(seller)
    assert session.send(refused, offlineMode=True)["status"]["code"] == 450
    options = {"offlineMode": True, "hashOfCorrectedInvoice": sha256(refused)}
    verdict = session.send(invoice("S/11"), **options)
    assert (verdict["status"]["code"], verdict["invoicingMode"]) == (200, "Offline")
    path = f"/sessions/online/{session.reference}/invoices"
    again = seller.post(path, session.request(invoice("S/12"), **options))
    assert code_of(again) == 21166
    good = {"offlineMode": True, "hashOfCorrectedInvoice": sha256(invoice("S/11"))}
    assert code_of(seller.post(path, session.request(invoice("S/13"), **good))) == 21167


def test_a_session_without_invoices_is_cancelled(seller):
    closed = open_online(seller).close()
    assert closed["status"] == {
        "code": 440,
        "description": "Sesja anulowana",
        "details": ["Nie przesłano faktur"],
    }


def test_a_session_without_a_good_invoice_is_445_and_lists_the_bad_ones(seller):
    session = open_online(seller)
    session.send(invoice("S/14", seller=OTHER))
    assert session.close()["status"]["code"] == 445
    failed = seller.get(f"/sessions/{session.reference}/invoices/failed").json()["invoices"]
    assert [entry["status"]["code"] for entry in failed] == [410]


def test_a_closed_session_takes_nothing_more(seller):
    session = open_online(seller)
    session.close()
    path = f"/sessions/online/{session.reference}"
    assert code_of(seller.post(f"{path}/invoices", session.request(b"x"))) == 21180
    assert code_of(seller.post(f"{path}/close")) == 21180


def test_an_online_session_closes_itself_after_twelve_hours(own_user):
    own_user.log_in(SELLER)
    session = open_online(own_user)
    session.send(invoice("S/15"))
    own_user.emulator.control.advance_clock(dt.timedelta(hours=12, minutes=1))
    own_user.log_in(SELLER)
    status = own_user.get(f"/sessions/{session.reference}").json()["status"]["code"]
    assert status in {170, 200}


def test_sessions_are_listed_by_kind_and_status(user):
    firm = nip(4040)
    user.log_in(firm)
    session = open_online(user)
    session.close()
    cancelled = user.get("/sessions?sessionType=Online&statuses=Cancelled").json()["sessions"]
    assert [entry["referenceNumber"] for entry in cancelled] == [session.reference]
    assert user.get("/sessions?sessionType=Batch").json()["sessions"] == []
    assert user.get("/sessions").status_code == 400


def test_processing_takes_as_long_as_told(own_user):
    own_user.emulator.control.change_settings(processingDelay=30)
    xml_user = KsefUser(own_user.emulator)
    own_user.emulator.control.change_settings(processingDelay=0)
    xml_user.log_in(SELLER)
    own_user.emulator.control.change_settings(processingDelay=30)
    session = open_online(xml_user)
    path = f"/sessions/online/{session.reference}/invoices"
    sent = xml_user.post(path, session.request(invoice("S/16"))).json()["referenceNumber"]
    status = xml_user.get(f"/sessions/{session.reference}/invoices/{sent}").json()
    assert status["status"]["code"] == 100
    own_user.emulator.control.advance_clock(dt.timedelta(seconds=31))
    assert session.verdict(sent)["status"]["code"] == 200
    xml_user.close()


@pytest.mark.parametrize("parts", [1, 3])
def test_a_batch_brings_a_number_for_every_good_invoice(user, parts):
    firm = nip(4050 + parts)
    user.log_in(firm)
    files = {
        f"{place}.xml": fa3(f"B/{place}", seller=firm, buyer=BUYER, issued=TODAY)
        for place in range(12)
    }
    files["wrong.xml"] = b"<x/>"
    files["twice.xml"] = fa3("B/3", seller=firm, buyer=BUYER, issued=TODAY)
    ended = send_batch(user, packed(files), parts=parts)
    assert ended["status"]["code"] == 200
    assert (ended["successfulInvoiceCount"], ended["failedInvoiceCount"]) == (12, 2)
    path = f"/sessions/{ended['referenceNumber']}/invoices?pageSize=100"
    listed = {entry["invoiceFileName"]: entry for entry in user.get(path).json()["invoices"]}
    assert listed["twice.xml"]["status"]["code"] == 440
    original = listed["twice.xml"]["status"]["extensions"]["originalKsefNumber"]
    assert original == listed["3.xml"]["ksefNumber"]
    check_upo(user.http.get(ended["upo"]["pages"][0]["downloadUrl"]).content)


def test_a_batch_may_be_a_tar(user):
    firm = nip(4060)
    user.log_in(firm)
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        content = fa3("T/1", seller=firm, buyer=BUYER, issued=TODAY)
        info = tarfile.TarInfo("t.xml")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    ended = send_batch(user, target.getvalue(), batch_file={"compressionType": "TarGz"})
    assert ended["status"]["code"] == 200


def test_bad_packages_fail_with_their_codes(seller):
    assert send_batch(seller, b"no archive at all")["status"]["code"] == 430
    wrong_hash = {"fileHash": sha256(b"other")}
    package = packed({"a.xml": invoice("B/1")})
    assert send_batch(seller, package, batch_file=wrong_hash)["status"]["code"] == 405
    assert send_batch(seller, packed({"a.xml": b"<x/>"}))["status"]["code"] == 445


def test_parts_must_come_as_declared_and_in_time(own_user):
    own_user.log_in(SELLER)
    package = packed({"a.xml": invoice("B/2")})
    reference, requests, pieces = open_batch(own_user, package)
    close = f"/sessions/batch/{reference}/close"
    assert code_of(own_user.post(close)) == 21205
    request = requests[0]
    bare = own_user.http.put(request["url"], content=pieces[0])
    assert bare.status_code == 400, "the given headers are needed"
    with_token = {**request["headers"], **own_user.headers}
    assert own_user.http.put(request["url"], content=b"", headers=with_token).status_code == 401
    upload(own_user, request, pieces[0] + b"x")
    assert code_of(own_user.post(close)) == 21157
    own_user.emulator.control.advance_clock(dt.timedelta(minutes=21))
    late = own_user.http.put(request["url"], content=pieces[0], headers=request["headers"])
    assert late.status_code == 403
    own_user.log_in(SELLER)
    assert code_of(own_user.post(close)) == 21208
    status = own_user.get(f"/sessions/{reference}").json()["status"]
    assert (status["code"], status["details"]) == (440, ["Przekroczono czas wysyłki"])


ATTACHMENT = REFERENCE / "samples" / "fa3" / "fa_3_zalacznik_przyklad_1.xml"


@needs_reference
def test_attachments_need_a_batch_and_a_consent(own_user):
    user = own_user
    content = ATTACHMENT.read_bytes()
    firm = etree.fromstring(content).findtext("{*}Podmiot1/{*}DaneIdentyfikacyjne/{*}NIP")
    user.log_in(firm)
    assert open_online(user).send(content)["status"]["code"] == 415
    refused = send_batch(user, packed({"a.xml": content}))
    assert refused["status"]["code"] == 445
    assert user.post("/testdata/attachment", {"nip": firm}).status_code == 200
    assert user.get("/permissions/attachments/status").json()["isAttachmentAllowed"]
    assert send_batch(user, packed({"a.xml": content}))["status"]["code"] == 200


@pytest.fixture(scope="module")
def sample_user():
    """A caller of an emulator that has no invoices yet."""
    with running_emulator(rate_limits="off", schemas=REFERENCE / "schemas") as emulator:
        caller = KsefUser(emulator)
        yield caller
        caller.close()


NUMBERS: set[tuple[str, ...]] = set()  # of the samples sent so far


def firm_and_number(content):
    """What makes an invoice a duplicate."""
    root = etree.fromstring(content.removeprefix(b"\xef\xbb\xbf"))
    return owner_of(content), root.findtext(".//{*}P_2"), root.findtext(".//{*}RodzajFaktury")


def owner_of(content):
    """The seller, who may send the sample."""
    root = etree.fromstring(content)
    return root.findtext("{*}Podmiot1/{*}DaneIdentyfikacyjne/{*}NIP")


@needs_reference
@pytest.mark.parametrize("path", samples("fa3", "fa3-business-errors"), ids=lambda path: path.name)
def test_third_party_samples_are_accepted(sample_user, path):
    user = sample_user
    content = path.read_bytes()
    firm = owner_of(content)
    if b"Zalacznik>" in content or not firm or b"<P_17>1" in content:
        pytest.skip("has its own test")
    user.log_in(firm, seal(firm))
    verdict = open_online(user).send(content)["status"]
    wrong_file = path.name.startswith("tec_")  # a BOM, discouraged characters
    repeated = firm_and_number(content) in NUMBERS
    NUMBERS.add(firm_and_number(content))
    assert verdict["code"] == (430 if wrong_file else 440 if repeated else 200), verdict


@needs_reference
@pytest.mark.parametrize(
    "path", samples("fa3-schema-invalid", "hostile"), ids=lambda path: path.name
)
def test_invalid_samples_are_refused(seller, path):
    verdict = open_online(seller).send(path.read_bytes())["status"]
    assert verdict["code"] in ({430, 450} if path.parent.name == "hostile" else {450}), verdict


def test_during_maintenance_nothing_can_be_sent(own_user):
    own_user.log_in(SELLER)
    session = open_online(own_user)
    own_user.emulator.control.change_settings(maintenance=True)
    path = f"/sessions/online/{session.reference}/invoices"
    assert code_of(own_user.post(path, session.request(invoice("S/17")))) == 21184


RR_FORM = {"systemCode": "FA_RR (1)", "schemaVersion": "1-1E", "value": "FA_RR"}
PEF_FORM = {"systemCode": "PEF (3)", "schemaVersion": "2-1", "value": "PEF"}


def authorize(user, firm, subject, permission):
    user.log_in(firm, seal(firm))
    body = {
        "subjectIdentifier": subject,
        "permission": permission,
        "description": "Wystawianie faktur",
        "subjectDetails": {"fullName": "Podmiot próbny"},
    }
    assert user.post("/permissions/authorizations/grants", body).status_code == 202


@needs_reference
def test_vat_rr_is_issued_by_the_buyer_whom_the_farmer_authorized(sample_user):
    content = samples("fa_rr")[0].read_bytes()
    root = etree.fromstring(content)
    farmer, buyer = (
        root.findtext(f"{{*}}{party}/{{*}}DaneIdentyfikacyjne/{{*}}NIP")
        for party in ("Podmiot1", "Podmiot2")
    )
    sample_user.log_in(buyer)
    assert open_online(sample_user, RR_FORM).send(content)["status"]["code"] == 410
    authorize(sample_user, farmer, {"type": "Nip", "value": buyer}, "RRInvoicing")
    sample_user.log_in(buyer)
    verdict = open_online(sample_user, RR_FORM).send(content)
    assert verdict["status"]["code"] == 200
    assert verdict["ksefNumber"].startswith(farmer)


@needs_reference
def test_pef_is_sent_by_the_provider_whom_the_seller_authorized(sample_user):
    content = samples("pef")[0].read_bytes()
    seller = "1111111111"
    provider = peppol_provider("PPL000001")
    content = re.sub(
        rb"(<cac:AccountingSupplierParty>.*?<cbc:CompanyID>)[^<]*",
        rb"\g<1>PL" + seller.encode(),
        content,
        count=1,
        flags=re.DOTALL,
    )
    authorize(sample_user, seller, {"type": "PeppolId", "value": "PPL000001"}, "PefInvoicing")
    sample_user.log_in("PPL000001", provider, context="PeppolId", version="2.1")
    verdict = open_online(sample_user, PEF_FORM).send(content)
    assert verdict["status"]["code"] == 200, verdict


def test_a_missing_schema_is_named(own_user):
    own_user.log_in(SELLER)
    content = b'<Faktura xmlns="http://crd.gov.pl/wzor/2023/06/29/12648/"/>'
    fa2 = {"systemCode": "FA (2)", "schemaVersion": "1-0E", "value": "FA"}
    verdict = open_online(own_user, fa2).send(content)["status"]
    assert (verdict["code"], "--schemas" in verdict["details"][0]) == (450, True)
