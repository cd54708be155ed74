"""Download: metadata, one invoice, exports, the high water mark."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.invoices import fa3, many, nip, third_party
from tests.ksef_emulator.ksef_user import KsefUser, sha256
from tests.reference import needs_reference, samples

SELLER, BUYER = nip(1000), nip(1001)


def storage_filters(role="Subject2", start="2026-11-01T00:00:00Z", **more):
    date_range = {"dateType": "PermanentStorage", "from": start, **more}
    return {"subjectType": role, "dateRange": date_range}


def restricted(**more):
    start = (dt.datetime.now(dt.UTC) - dt.timedelta(days=30)).isoformat()
    return storage_filters(**{"start": start, "restrictToPermanentStorageHwmDate": True, **more})


def code_of(answer):
    return answer.json()["exception"]["exceptionDetailList"][0]["exceptionCode"]


@pytest.fixture
def stocked(own_emulator):
    """A buyer with twenty-five purchases in an emulator of his own, logged in."""
    own_emulator.control.put_invoices(many(25, sellers=[SELLER], buyers=[BUYER]))
    user = KsefUser(own_emulator).log_in(BUYER)
    yield user
    user.close()


def test_an_invoice_that_was_put_in_is_seen_by_each_party_in_its_role(user):
    seller, buyer, third, stranger = (nip(place) for place in range(1010, 1014))
    content = fa3("R/1", seller=seller, buyer=buyer, extra_parties=third_party(third))
    answer = user.emulator.control.put_invoices({"r1.xml": content})
    assert answer["rejected"] == []
    number = answer["accepted"][0]["ksefNumber"]
    for firm, role in ((seller, "Subject1"), (buyer, "Subject2"), (third, "Subject3")):
        user.log_in(firm)
        found = user.post("/invoices/query/metadata", restricted(role=role)).json()["invoices"]
        assert [invoice["ksefNumber"] for invoice in found] == [number]
        assert user.get(f"/invoices/ksef/{number}").content == content
    user.log_in(stranger)
    assert code_of(user.get(f"/invoices/ksef/{number}")) == 21164


def test_metadata_tell_what_the_invoice_says(user):
    seller, buyer = nip(1020), nip(1021)
    content = fa3("M/1", seller=seller, buyer=buyer, net=Decimal("1234.56"))
    user.emulator.control.put_invoices({"m1.xml": content})
    user.log_in(buyer)
    answer = user.post("/invoices/query/metadata", restricted())
    invoice = json.loads(answer.text, parse_float=Decimal)["invoices"][0]
    assert invoice["seller"] == {"nip": seller, "name": f"Sprzedawca {seller}"}
    assert invoice["buyer"]["identifier"] == {"type": "Nip", "value": buyer}
    assert (invoice["netAmount"], invoice["vatAmount"]) == (Decimal("1234.56"), Decimal("283.95"))
    assert invoice["grossAmount"] == Decimal("1518.51")
    assert invoice["invoiceHash"] == sha256(content)
    assert invoice["formCode"]["systemCode"] == "FA (3)"


def test_pages_and_order_of_metadata(stocked):
    first = stocked.post("/invoices/query/metadata?pageSize=10", restricted()).json()
    last = stocked.post("/invoices/query/metadata?pageSize=10&pageOffset=2", restricted()).json()
    assert (len(first["invoices"]), first["hasMore"]) == (10, True)
    assert (len(last["invoices"]), last["hasMore"], last["isTruncated"]) == (5, False, False)
    newest = stocked.post("/invoices/query/metadata?sortOrder=Desc", restricted()).json()
    assert newest["invoices"][0] == last["invoices"][-1]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"sellerNip": SELLER}, 25),
        ({"sellerNip": nip(9)}, 0),
        ({"invoiceNumber": "FV/3"}, 1),
        ({"amount": {"type": "Netto", "from": 5000}}, None),
        ({"currencyCodes": ["EUR", "USD"]}, 0),
        ({"invoiceTypes": ["Vat"], "formType": "FA", "hasAttachment": False}, 25),
        ({"buyerIdentifier": {"type": "Nip", "value": BUYER}}, 25),
        ({"isSelfInvoicing": True}, 0),
        ({"invoicingMode": "Offline"}, 0),
    ],
)
def test_filters_select(stocked, filters, count):
    query = {**restricted(), **filters}
    found = stocked.post("/invoices/query/metadata?pageSize=50", query).json()["invoices"]
    if count is None:
        assert 0 < len(found) < 25
        assert all(invoice["netAmount"] >= 5000 for invoice in found)
    else:
        assert len(found) == count


def test_a_range_of_more_than_100_days_is_refused(user):
    user.log_in(BUYER)
    query = storage_filters(start="2026-01-01T00:00:00Z", to="2026-06-01T00:00:00Z")
    answer = user.post("/invoices/query/metadata", query)
    assert (answer.status_code, code_of(answer)) == (400, 21405)


def test_an_export_holds_every_invoice_and_its_metadata(stocked):
    package, files = stocked.export(restricted())
    metadata = json.loads(files.pop("_metadata.json"))["invoices"]
    known = {
        f"{entry['ksefNumber']}.xml": entry["sha256"]
        for entry in stocked.emulator.control.invoices(BUYER)
    }
    assert {name: sha256(content) for name, content in files.items()} == known
    assert [f"{entry['ksefNumber']}.xml" for entry in metadata] == list(files)
    assert (package["invoiceCount"], package["isTruncated"]) == (25, False)
    assert "permanentStorageHwmDate" in package


def test_truncated_packages_lead_to_the_end(stocked):
    stocked.emulator.control.change_settings(exportMaxInvoices=10, exportPartBytes=700)
    start, seen, rounds = restricted()["dateRange"]["from"], set(), 0
    while True:
        package, files = stocked.export(restricted(start=start))
        assert len(package["parts"]) > 1
        rounds += 1
        seen |= files.keys() - {"_metadata.json"}
        if not package["isTruncated"]:
            break
        start = package["lastPermanentStorageDate"]
    assert (len(seen), rounds) == (25, 3)


def test_truncation_by_bytes(stocked):
    stocked.emulator.control.change_settings(exportMaxBytes=4000)
    package, files = stocked.export(restricted())
    assert package["isTruncated"]
    assert 1 < len(files) < 25


def test_only_metadata(stocked):
    package, files = stocked.export(restricted(), onlyMetadata=True)
    assert list(files) == ["_metadata.json"]
    assert package["invoiceCount"] == 25


def test_the_high_water_mark_hides_what_is_too_fresh(stocked):
    stocked.emulator.control.change_settings(hwmLag=3600)
    stocked.emulator.control.set_clock(dt.datetime.now(dt.UTC) + dt.timedelta(hours=3))
    late = fa3("LATE", seller=SELLER, buyer=BUYER)
    stocked.emulator.control.put_invoices({"late.xml": late})
    stocked.log_in(BUYER)
    closed, _ = stocked.export(restricted())
    opened, _ = stocked.export(restricted(restrictToPermanentStorageHwmDate=False))
    assert (closed["invoiceCount"], opened["invoiceCount"]) == (25, 26)
    stocked.emulator.control.advance_clock(dt.timedelta(hours=2))
    stocked.log_in(BUYER)
    rest, _ = stocked.export(restricted(start=closed["permanentStorageHwmDate"]))
    assert rest["invoiceCount"] == 1


def test_asking_beyond_the_high_water_mark_is_420_and_21183(stocked):
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    query = restricted(start=ahead)
    assert code_of(stocked.post("/invoices/query/metadata", query)) == 21183
    body = {"encryption": stocked.envelope().info, "filters": query}
    reference = stocked.post("/invoices/exports", body).json()["referenceNumber"]
    assert stocked.await_export(reference)["status"]["code"] == 420


def test_an_export_expires_then_its_status_is_gone(stocked):
    body = {"encryption": stocked.envelope().info, "filters": restricted()}
    reference = stocked.post("/invoices/exports", body).json()["referenceNumber"]
    url = stocked.await_export(reference)["package"]["parts"][0]["url"]
    stocked.emulator.control.advance_clock(dt.timedelta(hours=25))
    assert stocked.http.get(url).status_code == 403
    stocked.log_in(BUYER)
    expired = stocked.get(f"/invoices/exports/{reference}").json()
    assert expired["status"]["code"] == 210
    assert "package" not in expired
    stocked.emulator.control.advance_clock(dt.timedelta(days=7))
    stocked.log_in(BUYER)
    assert stocked.get(f"/invoices/exports/{reference}").status_code == 410


def test_a_withdrawn_key_is_21470_and_a_bad_one_415(stocked):
    envelope = stocked.envelope()
    stocked.emulator.control.rotate_keys()
    body = {"encryption": envelope.info, "filters": restricted()}
    assert code_of(stocked.post("/invoices/exports", body)) == 21470
    fresh = stocked.envelope().info
    body["encryption"] = {**envelope.info, "publicKeyId": fresh["publicKeyId"]}
    reference = stocked.post("/invoices/exports", body).json()["referenceNumber"]
    assert stocked.await_export(reference)["status"]["code"] == 415


def test_a_part_can_be_fetched_from_the_middle(stocked):
    body = {"encryption": stocked.envelope().info, "filters": restricted()}
    reference = stocked.post("/invoices/exports", body).json()["referenceNumber"]
    url = stocked.await_export(reference)["package"]["parts"][0]["url"]
    whole = stocked.http.get(url).content
    rest = stocked.http.get(url, headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, whole[100:])


def test_links_follow_the_name_under_which_the_emulator_was_called(stocked):
    stocked.headers["Host"] = "localhost:" + stocked.emulator.url.split(":")[2].split("/")[0]
    body = {"encryption": stocked.envelope().info, "filters": restricted()}
    reference = stocked.post("/invoices/exports", body).json()["referenceNumber"]
    url = stocked.await_export(reference)["package"]["parts"][0]["url"]
    assert url.startswith("http://localhost:")
    assert stocked.http.get(url).status_code == 200


def test_invoices_of_the_past_are_spread_over_it(own_user):
    start = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    end = dt.datetime(2026, 9, 30, tzinfo=dt.UTC)
    own_user.emulator.control.put_invoices(
        many(30, sellers=[SELLER], buyers=[BUYER]), acquired_from=start, acquired_to=end
    )
    found = own_user.emulator.control.invoices(BUYER)
    moments = [dt.datetime.fromisoformat(entry["permanentStorageDate"]) for entry in found]
    assert moments == sorted(moments)
    assert start <= moments[0] < moments[-1] <= end + dt.timedelta(seconds=1)


def test_duplicates_and_rubbish_are_rejected_with_a_reason(user):
    content = fa3("D/1", seller=nip(1030), buyer=nip(1031))
    invalid = content.replace(b"<P_15>", b"<P_15x>").replace(b"</P_15>", b"</P_15x>")
    files = {"a.xml": content, "b.xml": content, "c.xml": b"<x/>", "d.xml": invalid}
    answer = user.emulator.control.put_invoices(files)
    assert [entry["file"] for entry in answer["accepted"]] == ["a.xml"]
    assert [entry["file"] for entry in answer["rejected"]] == ["b.xml", "c.xml", "d.xml"]


@needs_reference
def test_every_valid_sample_can_be_put_in(user):
    files = {path.name: path.read_bytes() for path in samples("fa3", "fa2")}
    answer = user.emulator.control.put_invoices(files)
    reasons = {entry["file"]: entry["reason"] for entry in answer["rejected"]}
    # the one sample of FA(2) that INDEX.tsv calls invalid
    assert "NrKSeFFaZaliczkowej" in reasons.pop("fa_2_przyklad_14.xml")
    assert all(reason.startswith("Duplikat") for reason in reasons.values()), reasons
    assert len(answer["accepted"]) > 25


def test_the_state_outlives_a_restart(tmp_path):
    data = str(tmp_path / "ksef.db")
    with running_emulator(data=data) as first:
        first.control.put_invoices(many(3, sellers=[SELLER], buyers=[BUYER]))
        token = first.control.make_token(BUYER)["token"]
        user = KsefUser(first)
        before = user.public_key("SymmetricKeyEncryption")[0]
        user.close()
    with running_emulator(data=data) as second:
        user = KsefUser(second).log_in_by_token(BUYER, token)
        assert user.public_key("SymmetricKeyEncryption")[0] == before
        assert user.export(restricted())[0]["invoiceCount"] == 3
        user.close()
