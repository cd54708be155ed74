"""Issuing: all or nothing, with the number, the bytes and the state of each way."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from obieg.core.polish import today
from obieg.fa.parse import parse
from obieg.fa.schema import check_schema
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.sales import drafts, issuing
from obieg.sales.content import (
    AddressContent,
    AnnotationsContent,
    BuyerContent,
    CorrectedContent,
    CorrectionContent,
    PartyContent,
    SaleContent,
)
from obieg.sales.errors import (
    AcceptedForGood,
    AlreadyEntered,
    DocumentAltered,
    DocumentMissing,
    HasCorrections,
    NeedsConfirmation,
    NotADraft,
    NotIssuable,
    NotTheSeller,
    NumberedDraft,
    NumberMissing,
    OriginalNotAccepted,
)
from obieg.sales.models import KindPolicy, Sale, SaleXml, Sending, SeriesCounter
from obieg.sales.sellers import sending_for
from obieg.sales.signals import sales_accepted
from obieg.sales.states import OfflineMode, SaleState
from obieg.sales.storage import VARIABLE, bytes_of, digest, xml_of
from obieg.sales.waiting import approve_waiting, issue_waiting
from obieg.vault.errors import NoOfflineCertificate
from tests.posting.papers import Paper
from tests.posting.together import at_once
from tests.sales.factories import (
    a_buyer,
    a_client,
    a_content,
    a_contractor,
    a_ksef_number,
    a_line,
    a_profile,
    a_sale,
    an_issuer,
)
from tests.vault.firms import keep_offline

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return a_client(nip="9990511625")


@pytest.fixture
def anna(client: Client) -> Operator:
    return an_issuer(client)


def drafted(client: Client, **changes: Any) -> Sale:
    return drafts.new_draft(client, a_content(**changes), origin="form", actor=None)


def kinds_of_events(sale: Sale) -> list[str]:
    events = Event.objects.of_client(sale.client_id).filter(thing="sales.sale", thing_id=sale.pk)
    return list(events.values_list("kind", flat=True))


def last_numbers(client: Client) -> list[int]:
    return list(SeriesCounter.objects.of_client(client).values_list("last", flat=True))


def test_issues_a_draft_with_number_bytes_and_trail(client: Client, anna: Operator) -> None:
    sale = issuing.issue(drafted(client), actor=anna)
    document = parse(xml_of(sale))

    assert sale.state == SaleState.READY
    assert sale.number == document.number == f"FV/1/{today():%m/%Y}"
    assert document.issue_date == sale.issue_date == today()
    assert check_schema(xml_of(sale)) == ()
    assert sale.sha256 == digest(xml_of(sale))
    assert (sale.net, sale.tax, sale.gross) == (200, 46, 246)
    assert (sale.issued_by, sale.environment) == (anna, client.environment)
    assert kinds_of_events(sale) == ["create", "issue"]


def test_keeps_nothing_and_uses_no_number_where_the_check_finds_an_error(client: Client) -> None:
    sale = drafted(client, lines=(a_line(rate=""),))

    with pytest.raises(NotIssuable) as refusal:
        issuing.issue(sale, actor=None)

    assert "sales.check.line_rate" in {one.code for one in refusal.value.findings}
    sale.refresh_from_db()
    assert (sale.state, sale.number, sale.version) == (SaleState.DRAFT, "", 0)
    assert last_numbers(client) == []
    assert issuing.issue(drafted(client), actor=None).number.startswith("FV/1/")


def test_asks_before_a_date_of_issue_that_is_not_today(client: Client) -> None:
    sale = drafted(client, issue_date=today() - timedelta(days=1))

    with pytest.raises(NeedsConfirmation) as question:
        issuing.issue(sale, actor=None)

    issued = issuing.issue(sale, actor=None, confirmed=question.value.codes)
    assert issued.issue_date == today() - timedelta(days=1)


def test_issues_offline_with_the_mode_and_its_deadline(client: Client) -> None:
    keep_offline(client, environment=client.environment)
    sale = issuing.issue(drafted(client), actor=None, mode=OfflineMode.OFFLINE24)

    assert (sale.state, sale.offline_mode) == (SaleState.WAITING, OfflineMode.OFFLINE24)
    assert sale.offline_deadline is not None
    assert sale.offline_deadline > today()


def test_a_total_failure_leaves_the_document_outside(client: Client) -> None:
    with pytest.raises(NeedsConfirmation) as question:
        issuing.issue(drafted(client), actor=None, mode=OfflineMode.TOTAL_FAILURE)
    sale = issuing.issue(
        drafted(client),
        actor=None,
        mode=OfflineMode.TOTAL_FAILURE,
        confirmed=question.value.codes,
    )

    assert sale.state == SaleState.OUTSIDE


def test_checks_by_the_rules_of_the_clients_environment(client: Client) -> None:
    sale = drafted(client, buyer=BuyerContent(name="Bór", nip="1111111112"))

    assert issuing.issue(sale, actor=None).state == SaleState.READY
    Client.objects.of_client(client.pk).update(environment=KsefEnvironment.PRODUCTION)
    client.refresh_from_db()
    with pytest.raises(NotIssuable):
        issuing.issue(drafted(client, buyer=BuyerContent(name="Bór", nip="1111111112")), actor=None)


def test_tells_every_finding_at_once_and_keeps_nothing(client: Client) -> None:
    sale = drafted(client, buyer=BuyerContent(), lines=(a_line(rate="", price=None),))

    codes = {one.code for one in issuing.findings_of(sale)}

    assert codes >= {
        "sales.check.buyer_name",
        "sales.check.buyer_without_id",
        "sales.check.line_rate",
        "sales.check.line_value",
    }
    assert last_numbers(client) == []


def test_an_empty_draft_is_checked_too(client: Client) -> None:
    sale = drafts.new_draft(client, SaleContent(), origin="form", actor=None)

    assert issuing.findings_of(sale)
    (found,) = issuing.check_many([sale]).values()
    sale.refresh_from_db()
    assert [one["code"] for one in sale.findings] == [one.code for one in found]


def test_a_control_character_is_a_finding(client: Client) -> None:
    sale = drafted(client, place="War\x01szawa")

    assert [one.code for one in issuing.findings_of(sale)] == ["fa.unwritable_text"]


def test_an_exemption_needs_its_basis(client: Client) -> None:
    sale = drafted(client, lines=(a_line(rate="zw"),))
    named = AnnotationsContent(exempt_by="act", exempt_basis="art. 113 ust. 1")

    with pytest.raises(NotIssuable):
        issuing.issue(sale, actor=None)
    drafts.save_draft(sale, a_content(lines=(a_line(rate="zw"),), annotations=named), actor=None)
    assert parse(xml_of(issuing.issue(sale, actor=None))).annotations.exempt


def test_a_client_that_numbers_elsewhere_gives_the_number(client: Client) -> None:
    a_profile(client, own_numbers=False)
    sale = drafted(client)

    with pytest.raises(NumberMissing):
        issuing.issue(sale, actor=None)
    drafts.save_draft(sale, a_content(number="A/7"), actor=None)
    assert issuing.issue(sale, actor=None).number == "A/7"


def test_a_used_number_is_refused(client: Client) -> None:
    issuing.issue(drafted(client, number="A/7"), actor=None)

    with pytest.raises(NotIssuable) as refusal:
        issuing.issue(drafted(client, number="A/7"), actor=None)
    assert "sales.check.number_used" in {one.code for one in refusal.value.findings}


def test_a_reopened_document_keeps_its_number_and_its_former_bytes(client: Client) -> None:
    sale = issuing.issue(drafted(client), actor=None)
    number, first = sale.number, xml_of(sale)

    issuing.reopen(sale, actor=None)
    with pytest.raises(NumberedDraft):
        drafts.delete_draft(sale, actor=None)
    drafts.save_draft(sale, a_content(place="Kraków"), actor=None)
    issuing.issue(sale, actor=None)

    versions = SaleXml.objects.of_client(client).filter(sale=sale).order_by("version")
    assert (sale.number, sale.version) == (number, 2)
    assert [bytes_of(row) for row in versions] == [first, xml_of(sale)]
    assert kinds_of_events(sale) == ["create", "issue", "reopen", "edit", "issue"]


def test_without_an_offline_certificate_no_number_is_used(client: Client) -> None:
    with pytest.raises(NoOfflineCertificate):
        issuing.issue(drafted(client), actor=None, mode=OfflineMode.OFFLINE24)
    assert last_numbers(client) == []


def test_a_rejected_offline_document_is_corrected_technically(client: Client) -> None:
    keep_offline(client, environment=client.environment)
    sale = a_sale(
        SaleState.REJECTED,
        client=client,
        offline_mode=OfflineMode.OFFLINE24,
        offline_deadline=date(2026, 11, 23),
    )
    rejected = sale.sha256

    issuing.reopen(sale, actor=None)
    issuing.issue(sale, actor=None, confirmed=issuing.CONFIRMED)

    assert (sale.state, sale.corrects_sha256) == (SaleState.WAITING, rejected)
    assert sale.issue_date == date(2026, 11, 20)
    assert sale.offline_deadline == date(2026, 11, 23)
    assert (sale.ksef_code, sale.ksef_text, sale.session) == (None, "", None)


def refused_offline(client: Client) -> Sale:
    """Issued offline, refused by KSeF, and back in the form."""
    keep_offline(client, environment=client.environment)
    sale = issuing.issue(drafted(client), actor=None, mode=OfflineMode.OFFLINE24)
    Sale.objects.of_client(client).filter(pk=sale.pk).update(state=SaleState.REJECTED)
    sale.refresh_from_db()
    return issuing.reopen(sale, actor=None)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"lines": (a_line(price=Decimal(90)),)}, ["246,00 → 221,40", "pozycje"]),
        ({"buyer": a_buyer(nip="9990511625")}, ["NIP nabywcy (9992985876 → 9990511625)"]),
        ({"sale_date": date(2026, 10, 1)}, ["data sprzedaży (brak → 01.10.2026"]),
    ],
    ids=["amounts", "buyer", "day"],
)
def test_a_technical_correction_changes_no_content_without_a_confirmation(
    client: Client, changes: dict[str, Any], named: list[str]
) -> None:
    sale = refused_offline(client)
    drafts.save_draft(sale, a_content(**changes), actor=None)
    with pytest.raises(NeedsConfirmation) as question:
        issuing.issue(sale, actor=None)
    assert question.value.codes == {"sales.check.technical_content"}
    for words in named:
        assert words in str(question.value).replace("\xa0", " ")
    sale.refresh_from_db()
    assert sale.state == SaleState.DRAFT
    issuing.issue(sale, actor=None, confirmed=question.value.codes)
    assert sale.state == SaleState.WAITING


def test_a_technical_correction_may_change_what_the_content_does_not_hold(client: Client) -> None:
    sale = refused_offline(client)
    drafts.save_draft(sale, a_content(place="Kraków", footer="inna stopka"), actor=None)
    assert issuing.issue(sale, actor=None).state == SaleState.WAITING


def test_the_first_refused_document_is_the_measure_of_every_later_one(client: Client) -> None:
    sale = refused_offline(client)
    drafts.save_draft(sale, a_content(lines=(a_line(price=Decimal(90)),)), actor=None)
    issuing.issue(sale, actor=None, confirmed=issuing.CONFIRMED)
    Sale.objects.of_client(client).filter(pk=sale.pk).update(state=SaleState.REJECTED)
    sale.refresh_from_db()
    issuing.reopen(sale, actor=None)
    with pytest.raises(NeedsConfirmation):
        issuing.issue(sale, actor=None)


def test_production_keeps_what_it_accepted(client: Client) -> None:
    sale = a_sale(SaleState.ACCEPTED, client=client, environment=KsefEnvironment.PRODUCTION)

    with pytest.raises(AcceptedForGood):
        issuing.cancel(sale, actor=None)
    test = a_sale(SaleState.ACCEPTED, client=client, environment=KsefEnvironment.TEST)
    assert issuing.cancel(test, actor=None).state == SaleState.CANCELLED


def test_an_issued_document_is_neither_changed_nor_deleted(client: Client) -> None:
    sale = issuing.issue(drafted(client), actor=None)

    with pytest.raises(NotADraft):
        drafts.save_draft(sale, a_content(), actor=None)
    with pytest.raises(NotADraft):
        drafts.delete_draft(sale, actor=None)


def test_a_draft_that_never_had_a_number_goes_without_trace_but_the_trail(client: Client) -> None:
    sale = drafted(client)
    key = sale.pk

    drafts.delete_draft(sale, actor=None)

    assert not Sale.objects.of_client(client).exists()
    events = Event.objects.of_client(client).filter(thing="sales.sale", thing_id=key)
    assert [event.kind for event in events] == ["create", "delete"]


def test_marking_a_draft_outside_issues_it_so(client: Client) -> None:
    assert issuing.mark_outside(drafted(client), actor=None).state == SaleState.OUTSIDE
    ready = issuing.issue(drafted(client), actor=None)
    assert issuing.mark_outside(ready, actor=None).state == SaleState.OUTSIDE


@pytest.mark.django_db(transaction=True)
def test_two_operators_issue_a_draft_and_it_has_one_number() -> None:
    firm = a_client(nip="9990511625")
    sale = drafted(firm)

    results = at_once(*(partial(issuing.issue, sale, actor=None) for _ in range(2)))

    assert sorted(isinstance(result, NotADraft) for result in results) == [False, True]
    assert last_numbers(firm) == [1]
    assert SaleXml.objects.of_client(firm).count() == 1


# drafts


def test_keeps_a_given_xml_byte_for_byte(client: Client) -> None:
    issued = issuing.issue(drafted(client, number="X/1"), actor=None)
    xml = xml_of(issued).replace(b"X/1", b"X/2").replace(b"<Fa>", b"\n  <Fa>")

    sale = drafts.draft_from_xml(client, xml, actor=None)
    assert (sale.gross, sale.buyer_name) == (246, "Bór sp. z o.o.")
    issuing.issue(sale, actor=None)

    assert (sale.number, xml_of(sale)) == ("X/2", xml)
    assert drafts.content_of_sale(sale).lines == drafts.content_of_sale(issued).lines


def test_refuses_the_xml_of_another_seller(client: Client) -> None:
    with pytest.raises(NotTheSeller, match="9990000018"):
        drafts.draft_from_xml(client, Paper().xml(), actor=None)


OTHER = {"seller": "9992985876", "seller_name": "Cis"}


@pytest.mark.parametrize(
    ("element", "changes", "mine"),
    [
        ("", {"seller": "9990511625"}, True),
        ("", {**OTHER, "buyer": "9990511625"}, False),
        ("<Adnotacje><P_17>1</P_17></Adnotacje>", {**OTHER, "buyer": "9990511625"}, True),
        ("<Adnotacje><P_17>1</P_17></Adnotacje>", OTHER, False),
    ],
)
def test_takes_only_what_the_client_may_issue(
    client: Client, element: str, changes: dict[str, Any], mine: bool
) -> None:
    xml = Paper(**changes).xml().replace(b"<RodzajF", f"{element}<RodzajF".encode())

    assert drafts.may_issue(client, parse(xml)) == mine


def test_the_clients_own_footer_and_registers_stand_on_its_invoices(client: Client) -> None:
    a_profile(client, krs="0000123456", bdo="000012345", footer="Kapitał 5 000 zł")
    document = parse(xml_of(issuing.issue(drafted(client, footer="Dziękujemy"), actor=None)))

    assert [note.text for note in document.footer.notes] == ["Dziękujemy", "Kapitał 5 000 zł"]
    assert [(one.krs, one.bdo) for one in document.footer.registers] == [
        ("0000123456", "000012345")
    ]


def test_a_client_without_an_address_is_told_where_to_put_it(client: Client) -> None:
    a_profile(client, address1="", address2="")

    codes = {one.code for one in issuing.findings_of(drafted(client))}
    assert "sales.check.seller_address" in codes


def test_self_billing_is_issued_by_the_buyer_for_its_supplier(client: Client) -> None:
    supplier = PartyContent(
        name="Jan Cis", nip="9992985876", address=AddressContent(line1="Leśna 1")
    )
    buyer = BuyerContent(name=client.name, nip=client.nip)
    sale = issuing.issue(drafted(client, seller=supplier, buyer=buyer), actor=None)
    document = parse(xml_of(sale))

    assert (document.seller.nip, document.buyer.nip) == (supplier.nip, client.nip)
    assert document.annotations.self_billing
    assert drafts.content_of_sale(sale).seller == supplier


def test_enters_a_document_once_by_its_external_id(client: Client) -> None:
    drafts.new_draft(client, a_content(), origin="api", actor=None, external_id="7")

    with pytest.raises(AlreadyEntered):
        drafts.new_draft(client, a_content(), origin="api", actor=None, external_id="7")
    assert Sale.objects.of_client(client).count() == 1


def test_a_copy_says_the_same_without_number_and_day(client: Client) -> None:
    sale = issuing.issue(drafted(client, number="A/1"), actor=None)
    copy = drafts.content_of_sale(drafts.copy_sale(sale, actor=None))

    assert (copy.number, copy.issue_date) == ("", None)
    assert copy.lines == drafts.content_of_sale(sale).lines


@pytest.mark.parametrize(
    ("policy", "contractor", "expected"),
    [
        (None, {}, Sending.KEEP),
        ("send", {}, Sending.SEND),
        ("send", {"retail": True}, Sending.OUTSIDE),
        ("send", {"oss": True}, Sending.OUTSIDE),
        ("send", {"retail": True, "sending": "send"}, Sending.SEND),
        ("send", {"sending": "outside"}, Sending.OUTSIDE),
        ("contractor", {"sending": "keep"}, Sending.KEEP),
        ("contractor", {}, Sending.SEND),
        ("outside", {}, Sending.OUTSIDE),
    ],
)
def test_decides_what_becomes_of_a_document(
    client: Client, policy: str | None, contractor: dict[str, Any], expected: Sending
) -> None:
    if policy:
        KindPolicy.objects.create(client=client, kind="VAT", sending=policy)

    assert sending_for(client, "VAT", a_contractor(client, **contractor)) == expected


@pytest.mark.parametrize("check_first", [True, False])
def test_a_kind_that_is_not_checked_first_is_stopped_by_ksefs_own_rules_only(
    check_first: bool, client: Client
) -> None:
    KindPolicy.objects.create(client=client, kind="VAT", check_first=check_first)
    odd = drafted(client, lines=(a_line(rate=""),))
    wrong = drafted(client, buyer=a_buyer(address=AddressContent(country="ZZ", line1="x")))
    with pytest.raises(NotIssuable) as refusal:
        issuing.issue(wrong, actor=None)
    assert any(one.code.startswith("fa.xsd.") for one in refusal.value.findings)
    if check_first:
        with pytest.raises(NotIssuable):
            issuing.issue(odd, actor=None)
        return
    issuing.issue(odd, actor=None)
    assert odd.state == SaleState.READY
    kept = {one["code"]: one["severity"] for one in odd.findings}
    assert kept["sales.check.line_rate"] == "warning"


# files


def test_keeps_documents_as_files_where_a_directory_is_named(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    sale = issuing.issue(drafted(client), actor=None)
    row = SaleXml.objects.of_client(client).get(sale=sale)
    file = tmp_path / row.path

    assert row.content is None
    assert row.path == f"{today():%Y/%m/%d}/{client.nip}/{sale.pk}-1.xml"
    assert file.read_bytes() == xml_of(sale)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(DocumentAltered):
        xml_of(sale)
    file.unlink()
    with pytest.raises(DocumentMissing):
        xml_of(sale)


# waiting for the original


def correcting(client: Client, original: Sale) -> Sale:
    lines = (a_line(before=True, number=1), a_line(quantity=Decimal(1)))
    corrected = CorrectedContent(sale_id=original.pk)
    correction = CorrectionContent(reason="zwrot", corrected=(corrected,))
    return drafted(client, kind="KOR", lines=lines, correction=correction)


def test_a_correction_waits_for_the_ksef_number_of_its_original(
    client: Client, anna: Operator, django_capture_on_commit_callbacks: Any
) -> None:
    original = issuing.issue(drafted(client), actor=None)
    sale = correcting(client, original)
    with pytest.raises(OriginalNotAccepted):
        issuing.issue(sale, actor=anna)
    approve_waiting(sale, actor=anna)
    assert sale.awaits_original
    assert issue_waiting(client.pk) == []

    number = a_ksef_number(client.nip)
    Sale.objects.of_client(client).filter(pk=original.pk).update(ksef_number=number)
    with django_capture_on_commit_callbacks(execute=True):
        sales_accepted.send(sender=Sale, client=client, sales=[original])

    sale.refresh_from_db()
    (corrected,) = parse(xml_of(sale)).correction.corrected
    assert (sale.state, sale.issued_by, sale.corrects) == (SaleState.READY, anna, original)
    assert (corrected.number, corrected.ksef_number) == (original.number, number)
    assert sale.gross == Decimal("-123.00")


def test_a_changed_draft_has_to_be_approved_anew(client: Client) -> None:
    sale = correcting(client, issuing.issue(drafted(client), actor=None))
    approve_waiting(sale, actor=None)

    drafts.save_draft(sale, drafts.content_of_sale(sale), actor=None)

    sale.refresh_from_db()
    assert not sale.awaits_original


def test_the_original_of_an_issued_correction_stays(client: Client) -> None:
    original = issuing.mark_outside(drafted(client), actor=None)
    issuing.issue(correcting(client, original), actor=None)

    with pytest.raises(HasCorrections):
        issuing.reopen(original, actor=None)
