"""The trail's page speaks Polish, and keeps the whole entry behind what it says."""

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.audit.words import Fact, deed, facts
from obieg.office.models import Event, Operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def ewa(db: None) -> Visitor:
    visitor = Visitor()
    visitor.force_login(Operator.objects.create_user("ewa", name="Ewa Wilk", sees_all_clients=True))
    return visitor


def entry(kind: str, before: dict[str, object], after: dict[str, object]) -> Event:
    return Event.objects.create(
        thing="vault.credential", thing_id=7, kind=kind, before=before, after=after
    )


def test_a_change_is_told_by_name_before_and_after() -> None:
    told = entry("edit", {"state": "new", "secretive": 1}, {"state": "done", "secretive": 2})
    assert deed(told) == "zmiana"
    assert facts(told) == [Fact("stan", "nowe", "gotowe")]
    dated = entry("issue", {"issue_date": None}, {"issue_date": "2026-11-21"})
    assert facts(dated) == [Fact("data wystawienia", "", "21.11.2026")]


def test_a_text_that_only_looks_like_a_day_is_left_alone() -> None:
    told = entry("edit", {}, {"note": "2026-02-31"})
    assert facts(told) == [Fact("uwaga", "", "2026-02-31")]


def test_what_did_not_change_is_not_told_and_long_values_are_cut() -> None:
    told = entry("edit", {"name": "Bór"}, {"name": "Bór", "note": "x" * 200, "active": False})
    assert [(fact.label, fact.after) for fact in facts(told)] == [
        ("czynny", "nie"),
        ("uwaga", "x" * 79 + "…"),
    ]


def test_a_deed_without_a_word_is_shown_as_it_is_written() -> None:
    assert deed(entry("unheard_of", {}, {})) == "unheard_of"


def test_the_page_and_the_file_speak_polish_and_keep_the_whole_entry(ewa: Visitor) -> None:
    entry("shred", {}, {"fingerprint": "ab12", "secretive": "tylko w zapisie"})
    page = ewa.get(reverse("audit")).content.decode()
    for words in ("poświadczenie", "zniszczenie w sejfie", "odcisk:", "tylko w zapisie"):
        assert words in page
    lines = b"".join(ewa.get(reverse("audit-sheet"))).decode()
    assert "zniszczenie w sejfie;shred" in lines


def test_an_empty_list_says_what_to_do(ewa: Visitor) -> None:
    page = ewa.get(reverse("audit"), {"od": "0101", "do": "2000-01-01"}).content.decode()
    assert "Nic nie pasuje do filtrów" in page
    assert "Wyczyść filtry" in page


def test_an_operators_role_is_told_by_its_polish_name() -> None:
    assert facts(Event(after={"role": "reader"})) == [Fact("rola", "", "tylko wgląd")]
