"""Sending many in one package: packed and uploaded in a stream, resumed by any process.

Until its closing is asked for, KSeF processes nothing of a batch; that is committed before the
call. So a batch that was surely never closed may be given up, and its documents sent anew.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.ksef.batch import Packed, pack
from obieg.ksef.errors import (
    InvoiceTooLarge,
    KsefRefused,
    PartLost,
    SessionEnded,
    SessionUnknown,
    UploadExpired,
    UploadIncomplete,
)
from obieg.ksef.forms import FORMS
from obieg.ksef.gateway import Gateway
from obieg.ksef.upload import OpenedBatch, upload_part
from obieg.office.models import Client
from obieg.sales.models import KsefSession
from obieg.sales.sending import claiming, delays, folders, sessions
from obieg.sales.sending.documents import documents_of, sale_id_of
from obieg.sales.sending.errors import BytesLost
from obieg.sales.sending.queueing import BATCH, due
from obieg.sales.sending.sessions import KINDS, note
from obieg.sales.states import SessionState


def claim_due(client: Client) -> list[KsefSession]:
    """New batches with everything that is due for one, claimed and committed."""
    claimed = (_claim(client, offline=offline) for offline in (False, True))
    return [session for session in claimed if session]


def open_it(session: KsefSession, ksef: Gateway) -> datetime | None:
    """OPENING: pack, and announce it. An announcement whose answer was lost ends by itself."""
    try:
        package = package_of(session)
        opened = ksef.sessions.open_batch(
            FORMS[session.form], sessions.key_of(session), package, offline=session.offline
        )
    except UserFixable as error:
        give_up(session, error)
        return None
    with transaction.atomic():
        note(session, manifest=session.manifest | {"opened": opened.to_json(), "uploaded": []})
        session.advance(SessionState.OPEN, actor=None, kind="open", reference=opened.reference)
    return None


def upload(session: KsefSession, ksef: Gateway) -> datetime | None:  # noqa: ARG001 - a step as the others
    """OPEN: send the parts that are not there yet; each is recorded."""
    try:
        _upload_rest(session)
    except UploadExpired as late:
        _end(session, str(late), again=True)
    except (KsefRefused, PackingDiffers) as error:
        _end(session, str(error), again=True, counted=True)
    else:
        session.advance(SessionState.CLOSING, actor=None, kind="close")
    return None


def close(session: KsefSession, ksef: Gateway) -> datetime | None:
    """CLOSING: the call may be repeated; where a part did not arrive, all are sent again."""
    try:
        ksef.sessions.close_batch(session.reference)
    except UploadIncomplete:
        note(session, manifest=session.manifest | {"uploaded": []})
        if _uploaded_again(session):
            return delays.next_question(session.claimed_at)
    except SessionUnknown:
        raise
    except SessionEnded:
        pass  # closed before, or its time ran out: its status tells which
    session.advance(SessionState.CLOSED, actor=None, kind="closed", closed_at=timezone.now())
    return None


def give_up(session: KsefSession, error: UserFixable) -> None:
    """End a batch that was never announced; its documents wait for a person, with the reason.

    Where one document alone is to blame, the others go again.
    """
    guilty = _guilty(error)
    sales = claiming.sending_in(session)
    innocent = [sale for sale in sales if guilty is not None and sale.pk != guilty]
    claiming.release_all(innocent)
    rest = {sale.pk for sale in innocent}
    claiming.release_all([s for s in sales if s.pk not in rest], text=str(error), again=False)
    _end(session, str(error), again=False)


def _guilty(error: UserFixable) -> int | None:
    """The id of the one document that stopped the packing."""
    if isinstance(error, InvoiceTooLarge):
        return sale_id_of(str(error.facts["name"]))
    return int(str(error.facts["sale_id"])) if isinstance(error, BytesLost) else None


class PackingDiffers(UserFixable):
    """The parts were lost and could not be made again exactly as they were announced."""

    code = "sales.packing_differs"
    message_pl = "Części paczki zaginęły i nie da się ich odtworzyć. Obieg spakuje ją na nowo."


def _claim(client: Client, *, offline: bool) -> KsefSession | None:
    first = due(client, BATCH).select_related("queued_by").first()
    if first is None:
        return None
    session = sessions.new_session(client, KINDS.BATCH, opened_by=first.queued_by, offline=offline)
    with transaction.atomic(durable=True):
        count = claiming.claim_batch(session)
        note(session, invoices=count)
        transaction.set_rollback(count == 0)  # another worker was first
    return session if count else None


def package_of(session: KsefSession) -> Packed:
    """The package on the disk: as it was packed before, or packed now and noted."""
    if "packed" in session.manifest:
        packed = Packed.from_json(session.manifest["packed"])
        if all(part.path.is_file() for part in packed.parts):
            return packed
    packed = _pack(session)
    note(session, manifest={"packed": packed.to_json()})
    return packed


def _pack(session: KsefSession) -> Packed:
    return pack(documents_of(session), sessions.key_of(session), folders.folder_of(session.pk))


def _upload_rest(session: KsefSession) -> None:
    packed = Packed.from_json(session.manifest["packed"])
    opened = OpenedBatch.from_json(session.manifest["opened"])
    parts = {part.ordinal: part for part in packed.parts}
    for link in opened.uploads:
        if link.ordinal in session.manifest["uploaded"]:
            continue
        try:
            upload_part(link, parts[link.ordinal])
        except PartLost:
            _pack_again(session, packed)
            upload_part(link, parts[link.ordinal])
        done = [*session.manifest["uploaded"], link.ordinal]
        note(session, manifest=session.manifest | {"uploaded": done})


def _pack_again(session: KsefSession, before: Packed) -> None:
    """The same documents and key give the same parts; PackingDiffers where they do not."""
    again = _pack(session)
    if [part.sha256 for part in again.parts] != [part.sha256 for part in before.parts]:
        raise PackingDiffers


def _uploaded_again(session: KsefSession) -> bool:
    """Whether the parts could be sent once more; else KSeF will cancel the session by itself."""
    try:
        _upload_rest(session)
    except (UploadExpired, KsefRefused, PackingDiffers):
        return False
    return True


def _end(session: KsefSession, text: str, *, again: bool, counted: bool = False) -> None:
    claiming.release_all(claiming.sending_in(session), text=text, again=again, counted=counted)
    sessions.end(session, SessionState.FAILED, actor=None, kind="end", ksef_text=text)
