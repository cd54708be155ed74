"""The end of a cooperation: everything switched off, revoked, destroyed, and a protocol of it.

It is carried out in the background, line by line; a line that is done is not done again, so that it
may be cut at any moment.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from obieg.calls.errors import EndingUnderWay, OfflineDocumentsWait
from obieg.calls.models import Ending, EndingLine
from obieg.calls.retiring import DESTROYED, destroy, revoked_words
from obieg.calls.revoking import documents_waiting
from obieg.calls.states import EndingState
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.core.polish import counted
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Event, Operator
from obieg.vault import enrolment
from obieg.vault.models import Credential, CredentialUsage, Enrolment, Move
from obieg.vault.signals import cooperation_ends
from obieg.vault.states import ENROLMENT_TRANSITIONS, EnrolmentState, MoveState

log = structlog.get_logger(__name__)

END = "calls.end_cooperation"
KIND = "end_cooperation"  # of the protocol's entry on the trail
REFUSED = "Zakończono współpracę z klientem."
LONGEST_WAIT = timedelta(minutes=15)
PATIENCE = 24  # attempts, about four hours, after which somebody has to decide
GAVE_UP = (
    "KSeF nie odpowiada od kilku godzin. Ponów, gdy wróci, albo dokończ bez unieważniania w KSeF."
)
INVOICES = ("fakturę", "faktury", "faktur")
Line = tuple[str, str]  # what, and how it ended; Polish


def held_secrets(client: Client) -> QuerySet[Credential]:
    """The client's own credentials that are still readable here, in every environment.

    In the order of their end: what may log in to revoke the others goes last.
    """
    rows = Credential.objects.of_client(client).filter(shredded_at=None)
    order = Case(
        When(usage=CredentialUsage.OFFLINE, then=Value(0)),
        When(usage=CredentialUsage.AUTHENTICATION, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.defer("ciphertext", "wrapped_key").order_by(order, "active", "pk")


def begin(client: Client, *, in_ksef: bool, actor: Operator | None) -> Ending:
    """Note the wish with its lines, and queue it. Raises EndingUnderWay, OfflineDocumentsWait."""
    waiting = documents_waiting(client=client) if in_ksef else 0
    if waiting:
        raise OfflineDocumentsWait(count=counted(waiting, *INVOICES))
    try:
        with transaction.atomic():
            ending = Ending.objects.create(client=client, in_ksef=in_ksef, asked_by=actor)
            ending.event({"in_ksef": in_ksef}, actor=actor, kind="ask").save()
            _plan(ending)
            _queue(ending.pk)
    except IntegrityError as error:
        raise EndingUnderWay(client=client.name) from error
    return ending


def repeat(ending: Ending, *, in_ksef: bool, actor: Operator | None) -> None:
    """Go on with an ending that was broken off; IllegalTransition where it was not."""
    with transaction.atomic():
        ending.advance(
            EndingState.ASKED,
            actor=actor,
            kind="repeat",
            in_ksef=in_ksef,
            error_text="",
            next_at=None,
        )
        _queue(ending.pk)


def present_ending(client: Client) -> Ending | None:
    """The ending of the client that was asked for last."""
    return Ending.objects.of_client(client).order_by("-pk").first()


def lines_of(ending: Ending) -> QuerySet[EndingLine]:
    """What the ending does, in its order: what is switched off, then the credentials."""
    rows = EndingLine.objects.of_client(ending.client_id).filter(ending=ending)
    return rows.alias(switched=Q(credential=None)).order_by("-switched", "pk")


def last_protocol(client: Client) -> Event | None:
    """The protocol of the last end of the cooperation."""
    return Event.objects.of_client(client).filter(kind=KIND).order_by("-pk").first()


def carry(ending_id: int, failures: int = 0) -> timedelta | None:
    """Everything that can be done now; queues its own next attempt and says after how long."""
    rows = Ending.objects.across_clients().select_related("client", "asked_by")
    ending = rows.get(pk=ending_id)
    if not ending.is_under_way:
        return None
    try:
        _carry_on(ending)
    except MustWait as limit:
        wait, error_text = max(limit.until - timezone.now(), timedelta()), str(limit)
    except Transient as error:
        log.warning("ending_put_off", ending=ending.pk, error=error.code)
        failures += 1
        wait, error_text = min(timedelta(seconds=5 << min(failures, 10)), LONGEST_WAIT), str(error)
    except UserFixable as error:
        _break_off(ending, str(error))
        return None
    else:
        return None
    if failures > PATIENCE:
        _break_off(ending, GAVE_UP)
        return None
    _put_off(ending, error_text, wait, failures)
    return wait


def queue_unfinished() -> None:
    """Queue again what a crash has left: one that waits in the queue stays one."""
    now = timezone.now()
    rows = Ending.objects.across_clients().filter(
        state__in=[EndingState.ASKED, EndingState.RUNNING]
    )
    for ending in rows:
        if ending.next_at is None or ending.next_at <= now:
            _queue(ending.pk)


def _carry_on(ending: Ending) -> None:
    if ending.state == EndingState.ASKED:
        with transaction.atomic():
            for what, how in _switch_off(ending.client, ending.asked_by):
                EndingLine.objects.create(ending=ending, what=what, how=how, done_at=timezone.now())
            _plan(ending)  # also what was on trial
            ending.advance(EndingState.RUNNING, actor=ending.asked_by, kind="run")
    for line in lines_of(ending).filter(done_at=None):
        if line.credential_id is not None:
            _end_credential(ending, line, line.credential_id)
    _conclude(ending)


def _plan(ending: Ending) -> None:
    """A line for every credential that is still readable."""
    for credential in held_secrets(ending.client):
        lines_of(ending).get_or_create(
            ending=ending, credential=credential, defaults={"what": title_of(credential)}
        )


def _end_credential(ending: Ending, line: EndingLine, credential_id: int) -> None:
    """What KSeF said is kept before the secret is destroyed, so that the protocol knows it."""
    credential = Credential.objects.of_client(ending.client).get(pk=credential_id)
    if ending.in_ksef and not line.how and credential.shredded_at is None:
        line.how = revoked_words(credential, ending.client, actor=ending.asked_by)
        line.save(update_fields=["how"])
    with transaction.atomic():
        destroy(credential, actor=ending.asked_by)
        line.how = "; ".join(filter(None, (line.how, DESTROYED)))
        line.done_at = timezone.now()
        line.save(update_fields=["how", "done_at"])


def _conclude(ending: Ending) -> None:
    lines = list(lines_of(ending).values_list("what", "how"))
    with transaction.atomic():
        protocol = Event.objects.create(
            client=ending.client,
            thing="office.client",
            thing_id=ending.client_id,
            actor=ending.asked_by,
            kind=KIND,
            after={"lines": lines, "shredded": _destroyed(ending.client)},
        )
        ending.advance(
            EndingState.DONE,
            actor=ending.asked_by,
            kind="conclude",
            protocol=protocol,
            error_text="",
            next_at=None,
        )


def _break_off(ending: Ending, text: str) -> None:
    ending.refresh_from_db(from_queryset=Ending.objects.across_clients())
    ending.advance(EndingState.FAILED, actor=None, kind="fail", error_text=text, next_at=None)


def _put_off(ending: Ending, text: str, wait: timedelta, failures: int) -> None:
    with transaction.atomic():
        ending.error_text, ending.next_at = text, timezone.now() + wait
        ending.save(update_fields=["error_text", "next_at"])
        _queue(ending.pk, after=wait, failures=failures)


def _switch_off(client: Client, actor: Operator | None) -> Iterator[Line]:
    stored = Client.objects.of_client(client.pk).select_for_update().get()
    if stored.active:
        stored.active = False
        stored.save(update_fields=["active"])
        yield "Klient", "nieaktywny: nic się więcej nie pobiera ani nie wysyła"
    client.active = False
    yield from _stop_requests(client)
    answers: list[tuple[Any, Any]] = cooperation_ends.send(Client, client=client, actor=actor)
    for _, lines in answers:
        yield from lines


def _stop_requests(client: Client) -> Iterator[Line]:
    under_way = [state for state in EnrolmentState if ENROLMENT_TRANSITIONS[state]]
    for row in Enrolment.objects.of_client(client).filter(state__in=under_way):
        if row.state == EnrolmentState.TRIAL:
            enrolment.leave_trial(row, REFUSED)
            yield f"Wniosek o certyfikat „{row.name}”", "próba przerwana"
            continue
        enrolment.refuse(row, REFUSED)
        yield f"Wniosek o certyfikat „{row.name}”", "przerwany, klucz zniszczony"
    for move in Move.objects.of_client(client).filter(state=MoveState.QUEUED):
        move.advance(MoveState.FAILED, actor=None, kind="fail", error_text=REFUSED)
        yield "Przejście na certyfikat biura", "przerwane"


def title_of(credential: Credential) -> str:
    """What a protocol calls a credential."""
    environment = credential.get_environment_display()
    number = f", nr {credential.reference}" if credential.reference else ""
    kind = credential.get_kind_display()
    return f"{kind} „{credential.label}” ({environment}{number})"


def _destroyed(client: Client) -> list[dict[str, str]]:
    """Every credential that the client ever had here, by what is public about it."""
    rows = Credential.objects.of_client(client).exclude(shredded_at=None).order_by("pk")
    return [
        {
            "title": title_of(row),
            "fingerprint": row.fingerprint,
            "added": row.created_at.isoformat(),
            "revoked": row.revoked_at.isoformat() if row.revoked_at else "",
            "shredded": row.shredded_at.isoformat() if row.shredded_at else "",
        }
        for row in rows
    ]


def _queue(ending_id: int, *, after: timedelta = timedelta(), failures: int = 0) -> None:
    enqueue(
        END,
        {"ending_id": ending_id, "failures": failures},
        once=f"ending-{ending_id}",
        lock=f"ending-{ending_id}",
        at=timezone.now() + after if after else None,
    )
