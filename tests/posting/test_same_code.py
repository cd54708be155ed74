"""The product and `obieg evaluate` go through the same code, and so come to the same answers."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from zipfile import ZipFile

import pytest

from obieg.office.models import Client
from obieg.posting.decisions import LineInput, approve
from obieg.posting.documents import cases_of
from obieg.posting.evaluation.folder import Played, documents_in
from obieg.posting.evaluation.playing import decision_of
from obieg.posting.learning.learner import Learner
from obieg.posting.models import Account, Dekret, Dimension, Profile
from obieg.posting.office_memory import MEMORY
from obieg.posting.suggestion import Decision, Suggestion
from tests.posting.factories import ClientFactory, OperatorFactory, store_xml
from tests.posting.typing_in import proposed
from tests.reference import REFERENCE, needs_reference

LABELLED = REFERENCE / "labelled-office"
FIRST, PLAYED = 140, 60  # the office has some history, but not much
RESTARTS = (150, 185)  # documents before which the process starts anew

pytestmark = [pytest.mark.django_db, needs_reference]


def in_evaluation(documents: list[Played]) -> Iterator[list[Suggestion]]:
    """What `obieg evaluate` is told, one document after another."""
    learner = Learner()
    for document in documents:
        yield list(learner.suggest(document.case))
        learner.learn(document.case, decision_of(document.case, document.labels))


def in_product(documents: list[Played], invoices: list[bytes]) -> Iterator[Dekret]:
    """The dekrets that the product proposes, each decided as labelled before the next arrives."""
    anna = OperatorFactory(owner=True)
    clients = books_for(documents)
    for place, (document, xml) in enumerate(zip(documents, invoices, strict=True)):
        if place in RESTARTS:
            MEMORY.forget_all()
        (dekret,) = store_xml(clients[document.case.client_id], xml)
        yield dekret
        lines = lines_of(decision_of(document.case, document.labels))
        approve(dekret, lines, operator=anna, exchange_rate=dekret.exchange_rate or Decimal("4.25"))


def lines_of(decision: Decision) -> list[LineInput]:
    return [
        LineInput(
            **treatment.to_dict(),
            net=part.net,
            vat=part.vat,
            vat_rate=part.rate,
            description=part.description,
            source_lines=part.source_lines,
        )
        for part, treatment in decision
    ]


def books_for(documents: list[Played]) -> dict[int, Client]:
    """The clients, with the accounts, registers and cost centres of the labels."""
    labels: dict[int, list[object]] = {}
    for document in documents:
        labels.setdefault(document.case.client_id, []).extend(document.labels.values())
    return {nip: client_with(str(nip), treatments) for nip, treatments in labels.items()}


def client_with(nip: str, treatments: list[object]) -> Client:
    client = ClientFactory(nip=nip, books=False)
    for number in {one.account for one in treatments}:
        Account.objects.create(client=client, number=number, name=number)
    registers = {one.vat_register for one in treatments if one.vat_register}
    Profile.objects.create(client=client, registers=sorted(registers))
    for kind, name in ((Dimension.Kind.COST_CENTRE, "cost_centre"), ("project", "project")):
        for code in {getattr(one, name) for one in treatments} - {""}:
            Dimension.objects.create(client=client, kind=kind, code=code, name=code)
    return client


def by_row(pairs: Iterator[tuple[tuple[int, ...], object]]) -> dict[int, object]:
    return {number: found for numbers, found in pairs for number in numbers}


def test_sixty_documents_are_proposed_alike_by_the_product_and_by_the_evaluation() -> None:
    documents = list(islice(documents_in(LABELLED), FIRST + PLAYED))
    with ZipFile(LABELLED / "invoices.zip") as archive:
        invoices = [archive.read(document.file) for document in documents]
    known = 0
    played = zip(documents, in_evaluation(documents), in_product(documents, invoices), strict=True)
    for place, (document, suggestions, dekret) in enumerate(played):
        if place < FIRST:
            continue
        case = cases_of([dekret])[dekret.pk]
        evaluated = by_row(
            (part.source_lines, found.treatment.account)
            for part, found in zip(case.parts, suggestions, strict=True)
        )
        shown = by_row((line.source_lines, line.account) for line in proposed(dekret))
        assert shown == evaluated, document.case.invoice.number
        if not case.invoice.is_correction:  # these follow their original, whatever was learned
            assert dekret.confidence == min(found.confidence for found in suggestions)
        known += all(evaluated.values())
    assert known > PLAYED / 2, "most are proposed at all"
