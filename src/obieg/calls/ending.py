"""The end of a cooperation: everything switched off, revoked, destroyed, and a protocol of it."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from obieg.calls.retiring import retire
from obieg.office.models import Client, Event, Operator
from obieg.vault import enrolment
from obieg.vault.models import Credential, Enrolment, Move
from obieg.vault.signals import cooperation_ends
from obieg.vault.states import ENROLMENT_TRANSITIONS, EnrolmentState, MoveState

KIND = "end_cooperation"
REFUSED = "Zakończono współpracę z klientem."
Line = tuple[str, str]  # what, and how it ended; Polish


def held_secrets(client: Client) -> QuerySet[Credential]:
    """The client's own credentials that are still readable here, in every environment."""
    rows = Credential.objects.of_client(client).filter(shredded_at=None)
    return rows.defer("ciphertext", "wrapped_key").order_by("-active", "-pk")


def end_cooperation(client: Client, *, in_ksef: bool, actor: Operator | None) -> Event:
    """Switch off, revoke in KSeF where asked, destroy; the trail's entry with the protocol.

    It may be repeated after a Transient: what was done stays done, and the protocol of the last
    attempt tells of every credential that was destroyed since.
    """
    with transaction.atomic():
        lines = [*_switch_off(client, actor)]
    for credential in list(held_secrets(client)):
        full = Credential.objects.of_client(client).get(pk=credential.pk)
        said = retire(full, client, in_ksef=in_ksef, actor=actor)
        lines.append((_title(full), "; ".join(filter(None, (said, "zniszczono w sejfie")))))
    return Event.objects.create(
        client=client,
        thing="office.client",
        thing_id=client.pk,
        actor=actor,
        kind=KIND,
        after={"lines": lines, "shredded": _destroyed(client)},
    )


def last_protocol(client: Client) -> Event | None:
    """The protocol of the last end of the cooperation."""
    return Event.objects.of_client(client).filter(kind=KIND).order_by("-pk").first()


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
            enrolment.failed_trial(row, REFUSED)
        else:
            enrolment.refuse(row, REFUSED)
        yield f"Wniosek o certyfikat „{row.name}”", "przerwany, klucz zniszczony"
    for move in Move.objects.of_client(client).filter(state=MoveState.QUEUED):
        move.advance(MoveState.FAILED, actor=None, kind="fail", error_text=REFUSED)
        yield "Przejście na certyfikat biura", "przerwane"


def _title(credential: Credential) -> str:
    environment = credential.get_environment_display()
    number = f", nr {credential.reference}" if credential.reference else ""
    kind = credential.get_kind_display()
    return f"{kind} „{credential.label}” ({environment}{number})"


def _destroyed(client: Client) -> list[dict[str, str]]:
    """Every credential that the client ever had here, by what is public about it."""
    rows = Credential.objects.of_client(client).exclude(shredded_at=None).order_by("pk")
    return [
        {
            "title": _title(row),
            "fingerprint": row.fingerprint,
            "added": row.created_at.isoformat(),
            "revoked": row.revoked_at.isoformat() if row.revoked_at else "",
            "shredded": row.shredded_at.isoformat() if row.shredded_at else "",
        }
        for row in rows
    ]
