"""The check before sending: known errors are found, valid invoices raise none."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from obieg.fa.check import check, check_invoice, has_errors
from obieg.fa.check.payment import is_account
from obieg.fa.command import check_command
from obieg.fa.finding import Severity
from obieg.fa.model import (
    AdvancePayment,
    BankAccount,
    Correction,
    Invoice,
    Line,
    PartialPayment,
    Payment,
    PaymentTerm,
    RateSum,
    Settlement,
    ThirdParty,
)
from obieg.fa.parse import parse
from tests.reference import REFERENCE, needs_reference, samples

pytestmark = needs_reference

TODAY = date(2026, 2, 15)
SAMPLE = REFERENCE / "samples/fa3/mf-fa3-przyklad-01.xml"
LATER = date(2026, 12, 31)


@pytest.mark.parametrize("sample", samples("fa3"), ids=lambda path: path.stem)
def test_valid_invoices_raise_no_error(sample: Path) -> None:
    findings = check(sample.read_bytes(), today=LATER, production=False)

    assert not has_errors(findings), findings


@pytest.mark.parametrize(
    ("stem", "code", "severity"),
    [
        ("05-jst1-without-podmiot3", "fa.check.jst_without_party", Severity.ERROR),
        ("17-gv1-without-podmiot3", "fa.check.gv_without_party", Severity.ERROR),
        ("21-wrong-tax-calculation", "fa.check.tax", Severity.ERROR),
        ("23-missing-bank-account-validation", "fa.check.account", Severity.WARNING),
        ("25-negative-quantities", "fa.check.negative_quantity", Severity.WARNING),
        ("ary_001-lamie", "fa.check.advance_payments", Severity.WARNING),
        ("sem_001-lamie", "fa.check.polish_vat_ue", Severity.ERROR),
        ("sem_005-lamie", "fa.check.same_delivery_date", Severity.WARNING),
        ("tec_001-lamie", "fa.check.bom", Severity.ERROR),
        ("tec_003-lamie", "fa.check.characters", Severity.ERROR),
    ],
)
def test_finds_the_known_error(stem: str, code: str, severity: Severity) -> None:
    sample = REFERENCE / f"samples/fa3-business-errors/{stem}.xml"
    findings = check(sample.read_bytes(), today=LATER, production=False)

    assert (code, severity) in {(finding.code, finding.severity) for finding in findings}
    if severity is Severity.ERROR:
        assert [f.code for f in findings if f.severity is Severity.ERROR] == [code]


def test_every_sample_with_a_known_error_is_covered() -> None:
    assert len(samples("fa3-business-errors")) == 10


@pytest.mark.parametrize("sample", samples("fa3-schema-invalid"), ids=lambda path: path.stem)
def test_refuses_what_the_schema_refuses(sample: Path) -> None:
    assert has_errors(check(sample.read_bytes(), today=LATER, production=False))


@pytest.mark.parametrize("sample", samples("hostile", "pef", "fa_rr"), ids=lambda path: path.stem)
def test_makes_a_finding_of_what_is_no_invoice(sample: Path) -> None:
    assert has_errors(check(sample.read_bytes()))


def test_a_year_of_real_purchases_raises_no_error() -> None:
    with ZipFile(REFERENCE / "labelled-office/invoices.zip") as archive:
        for name in archive.namelist()[::15]:
            assert not has_errors(check(archive.read(name), today=LATER))


def test_a_good_invoice_of_today_has_no_findings() -> None:
    assert check(SAMPLE.read_bytes(), today=TODAY) == ()


def test_a_wrong_nip_is_an_error_only_where_ksef_refuses_it() -> None:
    buyer = replace(good().buyer, nip="9990511624")

    for production, severity in ((True, Severity.ERROR), (False, Severity.WARNING)):
        (finding,) = check_invoice(replace(good(), buyer=buyer), today=TODAY, production=production)
        assert (finding.code, finding.severity) == ("fa.check.nip", severity)
        assert finding.place == "Podmiot2/DaneIdentyfikacyjne/NIP"


ROW = Line(number=1, description="Stal", quantity=Decimal(1), rate="23")
NET = RateSum(field="P_13_1", net=Decimal(20_000), tax=Decimal(4600))
BIG = {
    "sums": (NET,),
    "total": Decimal(24_600),
    "lines": (replace(ROW, unit_net=Decimal(20_000), net=Decimal(20_000), annex15=True),),
}


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"issue_date": TODAY + timedelta(1)}, "fa.check.future_date", "Fa/P_1"),
        ({"issue_date": TODAY - timedelta(1)}, "fa.check.not_today", "Fa/P_1"),
        (
            {"period_from": date(2026, 2, 1), "period_to": date(2026, 1, 1)},
            *("fa.check.period", "Fa/OkresFa"),
        ),
        ({"kind": "KOR"}, "fa.check.no_corrected", "Fa/DaneFaKorygowanej"),
        ({"correction": Correction(reason="x")}, "fa.check.unexpected_correction", "Fa/Rodzaj"),
        ({"kind": "ZAL"}, "fa.check.no_order", "Fa/Zamowienie"),
        ({"kind": "ROZ"}, "fa.check.no_advances", "Fa/FakturaZaliczkowa"),
        ({"lines": ()}, "fa.check.no_lines", "Fa/FaWiersz"),
        ({"total": Decimal(2000)}, "fa.check.total", "Fa/P_15"),
        ({"currency": "EUR"}, "fa.check.tax_pln", "Fa/P_14_1W"),
        (BIG, "fa.check.split_payment", "Fa/Adnotacje/P_18A"),
        (
            {"third_parties": (ThirdParty(role="4", share=Decimal(101)),)},
            *("fa.check.shares", "Podmiot3"),
        ),
        (
            {"settlement": Settlement(to_pay=Decimal(1))},
            *("fa.check.settlement", "Fa/Rozliczenie/DoZaplaty"),
        ),
        (
            {"advance_payments": (AdvancePayment(amount=Decimal(1)),)},
            *("fa.check.advance_payments", "Fa/ZaliczkaCzesciowa"),
        ),
        (
            {"payment": Payment(partial=(PartialPayment(amount=Decimal(9999)),))},
            *("fa.check.overpaid", "Fa/Platnosc/ZaplataCzesciowa"),
        ),
        (
            {"payment": Payment(terms=(PaymentTerm(due=date(2026, 1, 1)),))},
            *("fa.check.due_before_issue", "Fa/Platnosc/TerminPlatnosci/Termin"),
        ),
    ],
)
def test_finds_what_does_not_fit(changes: dict[str, Any], code: str, place: str) -> None:
    findings = check_invoice(replace(good(), **changes), today=TODAY)

    assert any(f.code == code and f.place.startswith(place) for f in findings), findings


@pytest.mark.parametrize(
    ("number", "changes", "code"),
    [
        (1, {"number": 2}, "fa.check.line_number"),
        (2, {"net": Decimal(41)}, "fa.check.line_value"),
        (2, {"net": Decimal(41)}, "fa.check.rate_sum"),
        (1, {"rate": "8"}, "fa.check.rate_sum"),
        (1, {"rate": "zw"}, "fa.check.exempt_unmarked"),
        (1, {"rate": "oo"}, "fa.check.reverse_charge"),
        (1, {"rate": "0 WDT"}, "fa.check.wdt_buyer"),
        (3, {"description": ""}, "fa.check.line_name"),
        (3, {"quantity": Decimal(-1)}, "fa.check.negative_quantity"),
    ],
)
def test_finds_what_does_not_fit_in_a_row(number: int, changes: dict[str, Any], code: str) -> None:
    lines = list(good().lines)
    lines[number - 1] = replace(lines[number - 1], **changes)

    findings = check_invoice(replace(good(), lines=tuple(lines)), today=TODAY)

    assert code in {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exempt": True}, "fa.check.exempt_basis"),
        ({"exempt": True, "exempt_by_act": "art. 43"}, "fa.check.exempt_unused"),
        ({"margin": True}, "fa.check.margin"),
    ],
)
def test_finds_marks_that_do_not_fit(changes: dict[str, Any], code: str) -> None:
    marks = replace(good().annotations, **changes)

    findings = check_invoice(replace(good(), annotations=marks), today=TODAY)

    assert code in {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("discount", "value"), [("100", "18000"), ("100", "19900"), ("0", "20000")]
)
def test_takes_a_discount_off_the_unit_or_off_the_row(discount: str, value: str) -> None:
    row = replace(
        ROW,
        quantity=Decimal(20),
        unit_net=Decimal(1000),
        discount=Decimal(discount),
        net=Decimal(value),
    )

    codes = {f.code for f in check_invoice(replace(good(), lines=(row,)), today=TODAY)}

    assert "fa.check.line_value" not in codes


@pytest.mark.parametrize(
    ("number", "swift", "right"),
    [
        ("61109010140000071219812874", "", True),
        ("PL61109010140000071219812874", "", True),
        ("61 1090 1014 0000 0712 1981 2874", "", True),
        ("61109010140000071219812875", "", False),
        ("6110901014000007121981287", "", False),
        ("DE89370400440532013000", "", True),
        ("DE88370400440532013000", "", False),
        ("021000021123456789", "CHASUS33", True),
        ("021000021123456789", "PKOPPLPW", False),
    ],
)
def test_knows_a_right_account_number(number: str, swift: str, *, right: bool) -> None:
    assert is_account(BankAccount(number=number, swift=swift)) is right


def test_finds_instructions_and_size_in_the_bytes() -> None:
    xml = SAMPLE.read_bytes()
    padding = b"<!--" + b" " * 1_000_000 + b"-->"
    worse = xml.replace(b"<Stopka>", b"<?print now?>" + padding + b"<Stopka>")

    assert [f.code for f in check(worse, today=TODAY)] == ["fa.check.instruction", "fa.check.size"]


def test_the_command_tells_all_findings_and_fails_on_errors(tmp_path: Path) -> None:
    bad = REFERENCE / "samples/fa3-business-errors/sem_001-lamie.xml"

    result = CliRunner().invoke(check_command, [str(SAMPLE), str(bad)])

    assert result.exit_code == 1
    assert f"{SAMPLE}:" in result.stdout
    assert "BŁĄD: Polski numer 1111111111" in result.stdout


def test_the_command_speaks_json_and_passes_without_errors() -> None:
    result = CliRunner().invoke(check_command, [str(SAMPLE), "--json"])

    (findings,) = json.loads(result.stdout).values()
    assert result.exit_code == 0
    assert {"code", "severity", "place", "text"} == set(findings[0])


def good() -> Invoice:
    return parse(SAMPLE.read_bytes())


@pytest.mark.parametrize(
    ("rate", "total", "found"),
    [("4.30", 3_000, False), ("4.30", 4_000, True), (None, 4_000, True), (None, 3_000, False)],
)
def test_counts_the_limit_of_split_payment_in_zlote(
    rate: str | None, total: int, found: bool
) -> None:
    """By the rows' exchange rate, else by that of the tax."""
    given = Decimal(rate) if rate else None
    row = replace(ROW, net=Decimal(total), annex15=True, exchange_rate=given)
    tax = RateSum(field="P_13_1", net=Decimal(total), tax=Decimal(100), tax_pln=Decimal(430))
    changes = {"currency": "EUR", "total": Decimal(total), "lines": (row,), "sums": (tax,)}

    findings = check_invoice(replace(good(), **changes), today=TODAY)

    assert ("fa.check.split_payment" in {one.code for one in findings}) == found


@pytest.mark.parametrize(
    ("tax", "rates", "found"),
    [("15.00", ("8", "7"), False), ("15.00", ("8", "8"), True), ("20.00", ("8", "7"), True)],
)
def test_rows_of_both_rates_of_a_sum_put_its_tax_between_them(
    tax: str, rates: tuple[str, str], found: bool
) -> None:
    rows = tuple(replace(ROW, number=n, net=Decimal(100), rate=r) for n, r in enumerate(rates, 1))
    both = RateSum(field="P_13_2", net=Decimal(200), tax=Decimal(tax))

    findings = check_invoice(replace(good(), lines=rows, sums=(both,)), today=TODAY)

    assert ("fa.check.tax" in {one.code for one in findings}) == found
