"""A draft that saves itself: when it begins, what it says, and that nothing is overwritten."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.office.models import Client, Event
from obieg.sales.drafts import SITTING
from obieg.sales.keeping import PARTED
from obieg.sales.models import Contractor, Sale
from tests.sales.factories import a_client, a_content, a_sale, an_issuer
from tests.sales.test_pages import BUYER, LINE, TYPED, text_of
from tests.web.conftest import as_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return a_client(name="Sosna S.A.")


@pytest.fixture
def anna(client: Client) -> Visitor:
    return as_operator(an_issuer(client))


@pytest.fixture
def other(client: Client) -> Visitor:
    """Somebody else who serves the same client."""
    return as_operator(an_issuer(client))


def a_draft(client: Client) -> Sale:
    return a_sale(client=client, content=a_content())


def seen_by(visitor: Visitor, sale: Sale) -> str:
    """The mark that the opened form carries."""
    page = text_of(visitor.get(reverse("sales-edit", args=[sale.pk])))
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def keep(visitor: Visitor, sale: Sale, seen: str, **changes: str) -> str:
    typed = TYPED | changes | {"seen": seen}
    return text_of(visitor.post(reverse("sales-keep", args=[sale.pk]), typed))


def edits(sale: Sale) -> int:
    return Event.objects.of_client(sale.client_id).filter(thing_id=sale.pk, kind="edit").count()


def test_a_new_invoice_becomes_a_draft_at_the_first_thing_worth_keeping(
    anna: Visitor, client: Client
) -> None:
    address = reverse("sales-keep-new", args=[client.pk])
    answer = anna.post(address, {"kind": "VAT", "place": "Warszawa"})
    assert not Sale.objects.of_client(client).exists()
    assert "HX-Replace-Url" not in answer.headers
    answer = anna.post(address, {"kind": "VAT", "buyer__name": "Bór"})
    sale = Sale.objects.of_client(client).get()
    assert answer["HX-Replace-Url"] == reverse("sales-edit", args=[sale.pk])
    assert re.search(r"zapisano \d\d:\d\d", text_of(answer))
    assert reverse("sales-keep", args=[sale.pk]) in text_of(answer)


def test_each_save_gives_the_mark_for_the_next_one(anna: Visitor, client: Client) -> None:
    sale = a_draft(client)
    answer = keep(anna, sale, seen_by(anna, sale), place="Kraków")
    found = re.search(r'name="seen" value="(\w+)"', answer)
    assert found
    assert found[1] == seen_by(anna, sale)
    keep(anna, sale, found[1], place="Gdynia")
    assert Sale.objects.of_client(client).get().content["place"] == "Gdynia"


def test_what_somebody_else_changed_is_not_overwritten_and_both_are_kept(
    anna: Visitor, other: Visitor, client: Client
) -> None:
    sale = a_draft(client)
    seen = seen_by(anna, sale)
    keep(other, sale, seen_by(other, sale), place="Kraków")
    answer = keep(anna, sale, seen, place="Gdynia")
    assert "Ktoś inny zmienił ten szkic" in answer
    theirs, mine = Sale.objects.of_client(client).order_by("pk")
    assert theirs.content["place"] == "Kraków"
    assert mine.content["place"] == "Gdynia"
    assert mine.note == PARTED
    assert reverse("sales-keep", args=[mine.pk]) in answer


@pytest.mark.parametrize("act", ["save", "issue"])
def test_the_buttons_overwrite_and_issue_nothing_either(
    anna: Visitor, other: Visitor, client: Client, act: str
) -> None:
    sale = a_draft(client)
    seen = seen_by(anna, sale)
    keep(other, sale, seen_by(other, sale), place="Kraków")
    answer = anna.post(
        reverse("sales-edit", args=[sale.pk]),
        TYPED | {"place": "Gdynia", "seen": seen, "act": act},
    )
    theirs, mine = Sale.objects.of_client(client).order_by("pk")
    assert answer["Location"] == reverse("sales-edit", args=[mine.pk])
    assert [theirs.state, mine.state] == ["draft", "draft"]
    assert [theirs.content["place"], mine.content["place"]] == ["Kraków", "Gdynia"]


def test_the_same_words_from_two_tabs_are_no_conflict(anna: Visitor, client: Client) -> None:
    sale = a_draft(client)
    seen = seen_by(anna, sale)
    keep(anna, sale, seen, place="Kraków")
    assert "Ktoś inny" not in keep(anna, sale, seen, place="Kraków")  # its answer was lost
    assert Sale.objects.of_client(client).count() == 1


def test_what_cannot_be_read_is_kept_as_typed_and_is_part_of_the_mark(
    anna: Visitor, client: Client
) -> None:
    sale = a_draft(client)
    seen = seen_by(anna, sale)
    keep(anna, sale, seen, **{"lines-0-quantity": "dwie"})
    assert "Ktoś inny" in keep(anna, sale, seen, **{"lines-0-quantity": "trzy"})
    page = text_of(anna.get(reverse("sales-edit", args=[sale.pk])))
    assert 'value="dwie"' in page


def test_a_sitting_is_one_entry_of_the_trail(anna: Visitor, client: Client) -> None:
    sale = a_draft(client)
    for place in ("Kraków", "Gdynia", "Sopot"):
        keep(anna, sale, seen_by(anna, sale), place=place)
    assert edits(sale) == 1


def test_after_a_break_or_another_hand_the_trail_speaks_again(
    anna: Visitor, other: Visitor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = a_draft(client)
    keep(anna, sale, seen_by(anna, sale), place="Kraków")
    keep(other, sale, seen_by(other, sale), place="Gdynia")
    assert edits(sale) == 2
    later = timezone.now() + SITTING + timedelta(seconds=1)
    monkeypatch.setattr("obieg.sales.drafts.timezone.now", lambda: later)
    keep(other, sale, seen_by(other, sale), place="Sopot")
    assert edits(sale) == 3


def test_an_issued_or_approved_document_is_left_alone_and_that_is_said(
    anna: Visitor, client: Client
) -> None:
    issued = a_sale("ready", client=client)
    assert "nie zapisano" in keep(anna, issued, "")
    approved = a_sale(client=client, approval={"by": None, "confirmed": [], "mode": ""})
    assert "zatwierdzony" in keep(anna, approved, seen_by(anna, approved), place="Kraków")
    approved.refresh_from_db()
    assert approved.approval is not None


def test_a_buyer_half_typed_is_not_remembered(anna: Visitor, client: Client) -> None:
    typed = {"kind": "VAT", **BUYER, **LINE, "keep_buyer": "on", "buyer__name": "Bó"}
    anna.post(reverse("sales-keep-new", args=[client.pk]), typed)
    assert Sale.objects.of_client(client).exists()
    assert not Contractor.objects.of_client(client).exists()


def test_a_foreign_draft_is_not_found(client: Client) -> None:
    sale = a_draft(client)
    stranger = as_operator(an_issuer(a_client()))
    assert stranger.post(reverse("sales-keep", args=[sale.pk]), TYPED).status_code == 404
