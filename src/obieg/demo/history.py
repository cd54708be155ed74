"""What the demo's accountants decided before today: the older invoices, posted by the truth.

The first accountant has cleared her desk up to the last days; the others only approved, of each
client, some of what was proposed right. So the queue has both a morning's work and a backlog.
People may be at work meanwhile: what one of them was faster with, or what cannot be approved any
more (a closed month, a client who left), is left as it is.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, replace

import structlog
from django.db import connections

from obieg.core.errors import UserFixable
from obieg.core.money import ZERO
from obieg.demo.logins import LOGINS
from obieg.demo.world.documents import Document
from obieg.demo.world.postings import Truth
from obieg.office.models import Client, Operator
from obieg.posting.decisions import LineInput, approve, approve_many
from obieg.posting.documents import cases_of
from obieg.posting.models import Dekret
from obieg.posting.states import WAITING
from obieg.posting.suggestion import Case, Part, ProposedLine

log = structlog.get_logger(__name__)

LOT = 50  # documents that an accountant looks through at once
THREADS = 3
BACKLOG_CORRECTED = 2  # documents of each client of the others
BACKLOG_APPROVED = 10  # documents of each client of the others
Truths = Mapping[tuple[str, str], Mapping[int, Truth]]  # by seller and number, then by row


def decide(desks: Sequence[tuple[Client, Operator]], documents: Sequence[Document]) -> int:
    """Approve what each client's accountant had time for; returns how many."""
    truths = {(document.seller.nip, document.number): document.truth for document in documents}
    first = LOGINS[0].login
    with ThreadPoolExecutor(THREADS, thread_name_prefix="decide") as pool:
        work = [
            pool.submit(clear_desk if his.login == first else approve_some, his, client, truths)
            for client, his in desks
        ]
        return sum(done.result() for done in as_completed(work))


def clear_desk(operator: Operator, client: Client, truths: Truths) -> int:
    """Decide about every document of the client, lot by lot, the oldest first."""
    try:
        ids = waiting(operator, client)
        return sum(
            decide_lot(operator, ids[start : start + LOT], truths)
            for start in range(0, len(ids), LOT)
        )
    finally:
        connections.close_all()


def approve_some(operator: Operator, client: Client, truths: Truths) -> int:
    """Put the first few right, approve some of what was proposed right."""
    try:
        lot = load(operator, waiting(operator, client))
        wrong = [dekret for dekret in lot if is_wrong(dekret, truths)][:BACKLOG_CORRECTED]
        corrected = sum(put_right(operator, dekret, truths) for dekret in wrong)
        right = [dekret for dekret in lot if proposed_right(dekret, truths)]
        return corrected + approved(operator, right[:BACKLOG_APPROVED])
    finally:
        connections.close_all()


def waiting(operator: Operator, client: Client) -> list[int]:
    """The client's waiting dekrets, the oldest document first."""
    rows = Dekret.objects.visible_to(operator).filter(client=client, state__in=WAITING)
    return list(rows.order_by("invoice__issue_date", "pk").values_list("pk", flat=True))


def load(operator: Operator, ids: Sequence[int]) -> list[Dekret]:
    rows = Dekret.objects.visible_to(operator).filter(pk__in=ids).select_related("invoice")
    return list(rows.order_by("pk"))


def decide_lot(operator: Operator, ids: Sequence[int], truths: Truths) -> int:
    """One by one what has to be put right, which teaches; then the rest in bulk."""
    corrected = 0
    for pk in ids:
        now = load(operator, [pk])  # one by one: what was put right before may have taught it
        corrected += sum(put_right(operator, it, truths) for it in now if is_wrong(it, truths))
    left = [dekret for dekret in load(operator, ids) if proposed_right(dekret, truths)]
    return corrected + approved(operator, left)


def approved(operator: Operator, dekrets: Sequence[Dekret]) -> int:
    return len(approve_many(dekrets, operator=operator).approved) if dekrets else 0


def proposed_right(dekret: Dekret, truths: Truths) -> bool:
    """Whether it waits with a proposal that says what the accountant would."""
    truth = truth_of(dekret, truths)
    lines = [ProposedLine.from_dict(line) for line in dekret.proposal]
    return bool(truth and lines and dekret.state in WAITING) and all(
        same(line, right_for(number, truth))
        for line in lines
        for number in line.source_lines or (0,)
    )


def is_wrong(dekret: Dekret, truths: Truths) -> bool:
    """Whether it waits with a proposal that the accountant would have to change."""
    waits = dekret.state in WAITING and bool(truth_of(dekret, truths))
    return waits and not proposed_right(dekret, truths)


def truth_of(dekret: Dekret, truths: Truths) -> Mapping[int, Truth]:
    """What is known of the document's rows; empty for one that the demo did not invent."""
    invoice = dekret.invoice
    return truths.get((invoice.seller_nip, invoice.number), {})


def right_for(row: int, truth: Mapping[int, Truth]) -> Truth:
    """How a row is posted; an amount of no row as the first one."""
    return truth.get(row) or next(iter(truth.values()))


def same(proposed: ProposedLine, right: Truth) -> bool:
    """Equal but for the column of the KPiR, which goes with the account."""
    return (
        proposed.account == right.account
        and proposed.vat_register == right.vat_register
        and proposed.deductible_percent == right.deductible_percent
        and proposed.cost_centre == right.cost_centre
        and proposed.project == right.project
    )


def put_right(operator: Operator, dekret: Dekret, truths: Truths) -> bool:
    """Approve with the lines that the accountant types; False where it is no longer to be had."""
    try:
        case = cases_of([dekret])[dekret.pk]
        approve(dekret, typed(case, truth_of(dekret, truths)), operator=operator)
    except (UserFixable, Dekret.DoesNotExist) as refusal:
        log.info("demo_left_alone", dekret=dekret.pk, why=str(refusal))
        return False
    return True


def typed(case: Case, truth: Mapping[int, Truth]) -> list[LineInput]:
    """One line for each rate and treatment of the document's parts."""
    lines: dict[tuple[str, Truth], LineInput] = {}
    for part in case.parts:
        right = right_for(part.source_lines[0] if part.source_lines else 0, truth)
        begun = lines.get((part.rate, right)) or blank(part, right)
        lines[part.rate, right] = replace(
            begun,
            net=begun.net + part.net,
            vat=begun.vat + part.vat,
            source_lines=(*begun.source_lines, *part.source_lines),
        )
    return list(lines.values())


def blank(part: Part, right: Truth) -> LineInput:
    """The line for parts like `part`, still without amounts."""
    return LineInput(
        **asdict(right), net=ZERO, vat=ZERO, vat_rate=part.rate, description=part.description
    )
