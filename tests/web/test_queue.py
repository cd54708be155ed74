"""The queue without JavaScript: every decision is an ordinary form."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from obieg.office.models import Event
from obieg.posting.models import Dekret, DekretLine
from tests.posting.factories import purchase
from tests.posting.papers import Row
from tests.web import offices
from tests.web.offices import Office

# 3 tell who asks (session, operator, assignments), 1 which months are closed, 1 what the office
# decided for the books of all.
MOST_QUERIES = 14


def fields_of(response: Any) -> dict[str, str]:
    """What the form of the dekret on the page would send."""
    desk = response.context["desk"]
    forms = [desk.terms, desk.lines.management_form, *desk.lines]
    sent = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in sent.items()}


def stored(dekret: Dekret) -> Dekret:
    return Dekret.objects.across_clients().get(pk=dekret.pk)


def lines_of(dekret: Dekret) -> list[DekretLine]:
    return list(DekretLine.objects.across_clients().filter(dekret=dekret))


def test_the_queue_shows_the_oldest_document_beside_its_dekret(
    office: Office, anna: Visitor
) -> None:
    first, _ = offices.sure_purchases(office.bor, 2)
    page = anna.get(reverse("queue"))
    text = page.content.decode()
    assert page.context["desk"].dekret == first
    assert "Wartość netto" in text  # of the view
    assert "pewność 95%" in text
    assert "221-1" in text  # of the entries


def test_approving_as_proposed_leads_to_the_next_document(office: Office, anna: Visitor) -> None:
    first, second = offices.sure_purchases(office.bor, 2)
    page = anna.get(reverse("queue"))
    answer = anna.post(reverse("queue-approve", args=[first.pk]), fields_of(page))
    assert answer.status_code == 302
    assert f"dokument={second.pk}" in answer["Location"]
    assert stored(first).state == "approved"
    corrections = Event.objects.across_clients().filter(thing_id=first.pk, kind="correct")
    assert not corrections.exists()


def test_what_was_typed_is_what_is_approved(office: Office, anna: Visitor) -> None:
    dekret = offices.unknown_purchase(office.bor)
    page = anna.get(reverse("queue"), {"kolejka": "reczna"})
    typed = fields_of(page) | {"form-0-account": "402-01", "form-0-deductible_percent": "50"}
    anna.post(reverse("queue-approve", args=[dekret.pk]), typed)
    (line,) = lines_of(dekret)
    assert (line.account, line.deductible_percent, line.net) == ("402-01", 50, Decimal("500.00"))


def test_the_vat_may_be_deducted_in_another_month_than_the_cost(
    office: Office, anna: Visitor
) -> None:
    (dekret,) = offices.sure_purchases(office.bor, 1)
    page = anna.get(reverse("queue"))
    assert "jak okres" in page.content.decode()
    typed = fields_of(page) | {"vat_month": "2026-12"}
    anna.post(reverse("queue-approve", args=[dekret.pk]), typed)
    decided = stored(dekret)
    assert (decided.period, decided.vat_month) == (date(2026, 11, 1), date(2026, 12, 1))
    shown = anna.get(reverse("documents-one", args=[dekret.invoice_id])).content.decode()
    assert "VAT za <strong>12.2026</strong>" in shown


def test_a_split_line_keeps_what_was_typed_and_takes_the_rest(
    office: Office, anna: Visitor
) -> None:
    dekret = offices.unknown_purchase(office.bor)
    page = anna.get(reverse("queue"), {"kolejka": "reczna"})
    typed = fields_of(page) | {"form-0-account": "402-01", "form-0-net": "200,00", "split": "0"}
    divided = anna.post(reverse("queue-divide", args=[dekret.pk]) + "?kolejka=reczna", typed)
    sent = fields_of(divided)
    assert [sent["form-0-account"], sent["form-1-account"]] == ["402-01", "402-01"]
    assert [sent["form-0-vat"], sent["form-1-net"], sent["form-1-vat"]] == [
        "46,00",
        "300,00",
        "69,00",
    ]
    anna.post(reverse("queue-approve", args=[dekret.pk]), sent | {"form-1-account": "402-02"})
    amounts = [(line.account, line.gross) for line in lines_of(dekret)]
    assert amounts == [("402-01", Decimal("246.00")), ("402-02", Decimal("369.00"))]


def test_joined_lines_lose_nothing(office: Office, anna: Visitor) -> None:
    rows = [Row("Nieznana usługa", Decimal("10.00")), Row("Inna usługa", Decimal("5.00"), "8")]
    dekret = purchase(office.bor, rows=rows)
    sent = fields_of(anna.get(reverse("queue"), {"kolejka": "reczna"}))
    assert sent["form-TOTAL_FORMS"] == "2"
    joined = anna.post(reverse("queue-divide", args=[dekret.pk]), sent | {"remove": "1"})
    sent = fields_of(joined)
    assert (sent["form-TOTAL_FORMS"], sent["form-0-net"]) == ("1", "15,00")


def test_a_refused_approval_keeps_the_typing_and_names_the_field(
    office: Office, anna: Visitor
) -> None:
    dekret = offices.unknown_purchase(office.bor)
    page = anna.get(reverse("queue"), {"kolejka": "reczna"})
    typed = fields_of(page) | {"form-0-account": "NIE-MA", "form-0-net": "1 0x"}
    answer = anna.post(reverse("queue-approve", args=[dekret.pk]), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="NIE-MA"' in text
    assert 'value="1 0x"' in text
    assert "Wpisz kwotę" in text
    answer = anna.post(reverse("queue-approve", args=[dekret.pk]), typed | {"form-0-net": "500,00"})
    assert "nie ma konta „NIE-MA”" in answer.content.decode()
    assert stored(dekret).state == "to_classify"


def test_sums_that_differ_are_told_before_anything_is_approved(
    office: Office, anna: Visitor
) -> None:
    dekret = offices.sure_purchases(office.bor, 1)[0]
    typed = fields_of(anna.get(reverse("queue"))) | {"form-0-net": "1,00"}
    preview = anna.post(
        reverse("queue-preview", args=[dekret.pk]), typed, headers={"HX-Request": "true"}
    )
    assert "do rozdzielenia: netto 100,00" in preview.content.decode().replace("\xa0", " ")
    answer = anna.post(reverse("queue-approve", args=[dekret.pk]), typed)
    assert answer.status_code == 422
    assert "Popraw kwoty" in answer.content.decode()


def test_a_rejection_needs_a_reason_and_can_be_undone(office: Office, anna: Visitor) -> None:
    dekret = offices.sure_purchases(office.bor, 1)[0]
    reject, undo = (reverse(f"queue-{act}", args=[dekret.pk]) for act in ("reject", "undo"))
    assert anna.post(reject).status_code == 422
    anna.post(reject, {"note": "To nie nasza faktura"})
    assert stored(dekret).note == "To nie nasza faktura"
    assert "Odrzucono PALIWO/1/2026" in anna.get(reverse("queue")).content.decode()
    anna.post(undo)
    assert stored(dekret).state == "to_approve"
    history = anna.get(reverse("queue-history", args=[dekret.pk])).content.decode()
    assert history.index("Odrzucono") < history.index("Cofnięto")
    assert "To nie nasza faktura" in history


def test_filters_are_the_address(office: Office, ewa: Visitor) -> None:
    offices.sure_purchases(office.bor, 2)
    other = offices.sure_purchases(office.cis, 1)[0]
    page = ewa.get(reverse("queue"), {"klient": office.cis.pk})
    assert page.context["rows"] == [other]
    page = ewa.get(reverse("queue"), {"szukaj": "stacja paliwo/2"})
    assert [row.invoice.number for row in page.context["rows"]] == ["PALIWO/2/2026"]
    assert "Słowo musi mieć co najmniej 3 znaki" in (
        ewa.get(reverse("queue"), {"szukaj": "st"}).content.decode()
    )


def test_a_kpir_client_sees_columns_instead_of_entries(office: Office, ewa: Visitor) -> None:
    offices.sure_purchases(office.cis, 1)
    text = ewa.get(reverse("queue")).content.decode()
    assert "Kolumna KPiR" in text
    assert "Wn" not in text


def test_a_long_queue_is_paged_by_key(office: Office, anna: Visitor) -> None:
    offices.sure_purchases(office.bor, 52)
    page = anna.get(reverse("queue"))
    assert len(page.context["rows"]) == 50
    rest = anna.get(page.context["more_url"])
    assert [row.invoice.number for row in rest.context["rows"]] == [
        "PALIWO/51/2026",
        "PALIWO/52/2026",
    ]


def test_what_a_bulk_approval_would_do_is_shown_first(office: Office, anna: Visitor) -> None:
    sure = offices.sure_purchases(office.bor, 3)
    unknown = offices.unknown_purchase(office.bor)
    look = anna.get(reverse("queue-bulk"))
    assert look.context["rows"] == sure
    ids = [dekret.pk for dekret in (*sure[:2], unknown)]
    after = anna.post(reverse("queue-bulk-approve"), {"dekret": ids}, follow=True)
    assert [stored(dekret).state for dekret in sure] == ["approved", "approved", "to_approve"]
    assert stored(unknown).state == "to_classify"
    text = after.content.decode()
    assert "Zatwierdzono 2 dokumenty" in text
    assert "NIEZNANA/1/2026" in text


def test_the_page_asks_the_database_little_however_long_the_queue_is(
    office: Office, anna: Visitor
) -> None:
    offices.sure_purchases(office.bor, 3)
    with CaptureQueriesContext(connection) as few:
        anna.get(reverse("queue"))
    offices.sure_purchases(office.bor, 20)
    with CaptureQueriesContext(connection) as many:
        anna.get(reverse("queue"))
    assert len(many) == len(few) <= MOST_QUERIES


def test_a_pane_asks_the_database_little(office: Office, anna: Visitor) -> None:
    dekret = offices.sure_purchases(office.bor, 3)[1]
    with CaptureQueriesContext(connection) as queries:
        anna.get(reverse("queue"), {"dokument": dekret.pk}, headers={"HX-Request": "true"})
    assert len(queries) <= 11


def test_a_decision_made_by_somebody_else_is_told_and_changes_nothing(
    office: Office, anna: Visitor, ewa: Visitor
) -> None:
    dekret = offices.sure_purchases(office.bor, 1)[0]
    typed = fields_of(anna.get(reverse("queue")))
    ewa.post(reverse("queue-approve", args=[dekret.pk]), typed)
    answer = anna.post(reverse("queue-approve", args=[dekret.pk]), typed)
    assert answer.status_code == 422
    assert "office.illegal_transition" in answer.content.decode()


@pytest.mark.parametrize("key", ["abc", "999999"])
def test_a_document_that_is_not_there_is_not_found(office: Office, anna: Visitor, key: str) -> None:
    assert anna.get(reverse("queue"), {"dokument": key}).status_code == 404
