"""The letter that asks a client to grant the office what it lacks, with how to do it."""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from obieg.calls.permissions.errors import LetterSent, NoOfficeFirm
from obieg.calls.permissions.models import OfficeFirm
from obieg.calls.permissions.scopes import name_of
from obieg.core.nip import format_nip
from obieg.mail.models import Letter
from obieg.mail.outbox import queue_letter
from obieg.office.models import Client, Event, Operator

OCCASION = "permissions"
APPLICATION = "https://ksef.podatki.gov.pl"  # where the Ministry keeps Aplikacja Podatnika KSeF
TEXT = """Dzień dobry,

aby prowadzić Państwa rozliczenia, biuro potrzebuje w Krajowym Systemie e-Faktur (KSeF) uprawnień
do faktur firmy {client} ({context}): {names}.

Jak je nadać (około 5 minut):

1. Proszę wejść na {address}, wybrać Aplikację Podatnika KSeF i uwierzytelnić się
   (profil zaufany, podpis kwalifikowany albo pieczęć) w kontekście: {context}.
2. W menu po lewej: Uprawnienia, Nadaj uprawnienie.
3. Rodzaj: podmiotowi do wystawiania i przeglądania faktur.
4. NIP podmiotu: {nip}, nazwa: {name}
5. Proszę zaznaczyć: {names}. Zgoda na dalsze przekazywanie uprawnień nie jest potrzebna.
6. Proszę zatwierdzić; uprawnienie działa po kilku minutach i można je w każdej chwili odebrać.

Uprawnienia może nadać właściciel firmy albo osoba, która ma w KSeF „zarządzanie uprawnieniami”.
W spółce bez pieczęci wskazuje się ją najpierw w urzędzie skarbowym (formularz ZAW-FA).

Z wyrazami szacunku
{name}
"""


def subject_for(client: Client) -> str:
    """Of the letter."""
    return f"Uprawnienia w KSeF dla biura rachunkowego: {client.name}"[:250]


def text_for(client: Client, scopes: Sequence[str]) -> str:
    """What to send to the client; NoOfficeFirm."""
    firm = OfficeFirm.present()
    if firm is None:
        raise NoOfficeFirm
    return TEXT.format(
        client=client.name,
        context=_context(client),
        names=" i ".join(name_of(scope) for scope in scopes),
        address=APPLICATION,
        nip=format_nip(firm.nip),
        name=firm.name,
    )


def _context(client: Client) -> str:
    """In which context of KSeF the grant is to be made."""
    if client.internal_id:
        return f"identyfikator wewnętrzny {client.internal_id}"
    return f"NIP {format_nip(client.nip)}"


def send(
    client: Client, *, recipients: Sequence[str], subject: str, text: str, actor: Operator
) -> Letter:
    """Queue the letter, the same to the same people once a day; LetterSent."""
    told = "\n".join([f"{timezone.localdate()}", *sorted(recipients), subject, text])
    digest = hashlib.sha256(told.encode()).hexdigest()[:24]
    with transaction.atomic():
        letter = queue_letter(
            occasion=f"{OCCASION}-{client.pk}-{digest}",
            recipients=recipients,
            subject=subject,
            text=text,
            client=client,
            actor=actor,
        )
        if letter is None:
            raise LetterSent
        Event.objects.create(
            client=client,
            thing="permissions.letter",
            thing_id=letter.pk,
            actor=actor,
            kind="ask_client",
            after={"letter": letter.pk},
        )
    return letter


def last_recipients(client: Client) -> list[str]:
    """Whom the last such letter went to."""
    letters = Letter.objects.of_client(client).filter(
        occasion__startswith=f"{OCCASION}-{client.pk}-"
    )
    last = letters.order_by("-pk").first()
    return list(last.recipients) if last else []
