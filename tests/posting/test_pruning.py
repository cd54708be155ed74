"""The memory is bounded, and what is forgotten changes no answer."""

import pytest

from obieg.office.models import Assignment, Client, Operator
from obieg.posting import office_memory
from obieg.posting.decisions import approve, undo
from obieg.posting.documents import cases_of
from obieg.posting.learning.learner import Answer
from obieg.posting.models import Dekret, Lesson
from obieg.posting.office_memory import OfficeMemory
from obieg.posting.pruning import prune_lessons
from obieg.posting.relearning import learn_untaught
from tests.posting.factories import ClientFactory, purchase
from tests.posting.papers import Row
from tests.posting.test_engine import COURSE, SERVICE
from tests.posting.typing_in import line

pytestmark = pytest.mark.django_db


def taught(client: Client, operator: Operator, count: int, first: int = 0) -> list[Dekret]:
    """So many decided purchases of two kinds, in turn."""
    made: list[Dekret] = []
    for number in range(first, first + count):
        account, row = (("402-12", SERVICE), ("402-09", COURSE))[number % 2]
        dekret = purchase(client, rows=[row], number=f"F/{client.pk}/{number}")
        made.append(approve(dekret, [line(dekret, account=account)], operator=operator))
    return made


def kept(client: Client) -> list[int]:
    """The dekrets whose lessons are stored, live or not."""
    return list(Lesson.objects.of_client(client).order_by("pk").values_list("dekret", flat=True))


def answer_of_a_new_process(client: Client, row: Row) -> Answer:
    asked = purchase(client, rows=[row], number="F/asked")
    memory = OfficeMemory()
    memory.refresh(client.pk, "purchase")
    (found,) = memory.answers(cases_of([asked])[asked.pk])
    asked.delete()
    asked.invoice.delete()
    return found


def test_a_client_keeps_its_last_lessons_and_the_office_those_of_all(
    client_firm: Client, anna: Operator
) -> None:
    decided = [dekret.pk for dekret in taught(client_firm, anna, 6)]
    assert prune_lessons(of_client=4, of_office=5) == 1
    assert kept(client_firm) == decided[1:]
    assert prune_lessons(of_client=4, of_office=2) == 1
    assert kept(client_firm) == decided[2:]
    assert prune_lessons() == 0


def test_a_rare_client_loses_nothing_to_a_busy_one(client_firm: Client, anna: Operator) -> None:
    rare = ClientFactory()
    Assignment.objects.create(operator=anna, client=rare)
    taught(rare, anna, 2)
    taught(client_firm, anna, 6)
    prune_lessons(of_client=2, of_office=3)
    assert (len(kept(rare)), len(kept(client_firm))) == (2, 3)


def test_what_no_process_reads_is_missed_by_none(
    client_firm: Client, anna: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_memory, "OF_CLIENT", 4)
    monkeypatch.setattr(office_memory, "OF_OFFICE", 4)
    monkeypatch.setattr(office_memory, "AT_FIRST", 4)
    taught(client_firm, anna, 10)
    Lesson.objects.of_client(client_firm).update(changed_in=1)  # by transactions that ended
    before = [answer_of_a_new_process(client_firm, row) for row in (SERVICE, COURSE)]
    assert prune_lessons(of_client=4, of_office=4) == 6
    assert [answer_of_a_new_process(client_firm, row) for row in (SERVICE, COURSE)] == before
    assert [found.treatment.account for found in before] == ["402-12", "402-09"]


def test_a_withdrawn_lesson_stays_until_every_process_heard_of_it(
    client_firm: Client, anna: Operator
) -> None:
    first, *_ = taught(client_firm, anna, 1)
    undo(first, operator=anna)
    Lesson.objects.of_client(client_firm).update(changed_in=1)
    others = taught(client_firm, anna, 3, first=1)
    assert prune_lessons(changes=3) == 0
    assert prune_lessons(changes=2) == 1
    assert kept(client_firm) == [dekret.pk for dekret in others]


def test_what_was_pruned_is_not_learned_again_as_the_latest(
    client_firm: Client, anna: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(client_firm, anna, 5)
    prune_lessons(of_client=2, of_office=2)
    monkeypatch.setattr("obieg.posting.relearning.OF_CLIENT", 2)
    assert learn_untaught(client_firm) == 0


def test_a_process_that_counts_too_many_begins_anew(
    client_firm: Client, anna: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = OfficeMemory()
    taught(client_firm, anna, 4)
    memory.refresh(client_firm.pk, "purchase")
    asked = purchase(client_firm, rows=[COURSE], number="F/asked")
    case = cases_of([asked])[asked.pk]
    known = memory.answers(case)
    prune_lessons(of_client=2, of_office=2)
    monkeypatch.setattr(office_memory, "MOST", 3)
    memory.refresh(client_firm.pk, "purchase")
    assert [one.treatment for one in memory.answers(case)] == [one.treatment for one in known]
    assert len(memory._live) == 2
