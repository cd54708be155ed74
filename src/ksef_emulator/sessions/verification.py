"""The Ministry's verification list: what an invoice must pass to get a KSeF number."""

from dataclasses import dataclass, replace

from lxml import etree

from ksef_emulator.clock import to_datetime
from ksef_emulator.identifiers import WARSAW
from ksef_emulator.invoices.document import (
    Document,
    NotAnInvoice,
    form_of,
    parse_xml,
    read_document,
)
from ksef_emulator.invoices.repository import find_duplicate
from ksef_emulator.limits.sessions import SessionLimits, context_limits
from ksef_emulator.nip_check import has_valid_check_digit
from ksef_emulator.schemas import Form, SchemaMissing
from ksef_emulator.sessions.files import file_problem
from ksef_emulator.sessions.records import (
    ACCEPTED,
    SentInvoice,
    Session,
    SessionKind,
    Verdict,
)
from ksef_emulator.sessions.rights import may_issue
from ksef_emulator.testdata.attachments import may_attach
from ksef_emulator.world import World

MEGABYTE = 1_000_000
Key = tuple[str | None, str, str]


@dataclass(frozen=True)
class Examined:
    """A verdict and, where the file could be read, what it says."""

    verdict: Verdict
    document: Document | None = None


class Verification:
    """Verification within one session; remembers its own invoices to find duplicates."""

    def __init__(self, world: World, session: Session) -> None:
        self._world = world
        self._session = session
        limits = context_limits(world, session.context)
        online = session.kind is SessionKind.ONLINE
        self._limits: SessionLimits = limits.online_session if online else limits.batch_session
        self._accepted: dict[Key, str] = {}

    def examine(self, sent: SentInvoice, content: bytes) -> Examined:
        """Every rule, the first that is broken decides."""
        problem = file_problem(content)
        if problem is not None:
            return Examined(Verdict(430, (problem,)))
        try:
            root = parse_xml(content)
        except NotAnInvoice as error:
            return Examined(Verdict(430, (str(error),)))
        return self._examine_document(sent, content, root)

    def _examine_document(
        self, sent: SentInvoice, content: bytes, root: etree._Element
    ) -> Examined:
        try:
            form = form_of(root)
            errors = self._schema_errors(form, root)
            if errors:
                return Examined(Verdict(450, tuple(errors)))
            document = read_document(root, form)
        except (NotAnInvoice, SchemaMissing) as error:
            return Examined(Verdict(450, (str(error),)))
        verdict = self._judge(sent, len(content), document)
        if verdict is ACCEPTED:
            self._accepted[_key(document)] = sent.reference
        return Examined(verdict, document)

    def _schema_errors(self, form: Form, root: etree._Element) -> list[str]:
        """What breaks the schema that was declared when the session was opened."""
        declared = self._session.system_code
        if form.system_code != declared:
            return [
                f"Dokument nie jest zgodny ze schemą {declared} zadeklarowaną przy otwarciu sesji."
            ]
        return self._world.schemas.errors(form, root)

    def _judge(self, sent: SentInvoice, size: int, document: Document) -> Verdict:
        return (
            self._size_problem(size, document)
            or self._date_problem(sent, document)
            or self._attachment_problem(sent, document)
            or self._identifier_problem(document)
            or self._rights_problem(document)
            or self._duplicate(document)
            or ACCEPTED
        )

    def _size_problem(self, size: int, document: Document) -> Verdict | None:
        limits = self._limits
        megabytes = (
            limits.max_invoice_with_attachment_size_in_mb
            if document.attachment
            else limits.max_invoice_size_in_mb
        )
        if size > megabytes * MEGABYTE:
            limit = megabytes * MEGABYTE
            return Verdict(430, (f"Rozmiar pliku {size} B przekracza dozwolone {limit} B.",))
        return None

    @staticmethod
    def _date_problem(sent: SentInvoice, document: Document) -> Verdict | None:
        accepted = to_datetime(sent.invoicing).astimezone(WARSAW).date()
        if document.issue_date > accepted.isoformat():
            return Verdict(
                450, ("Data wystawienia (P_1) jest późniejsza niż data przyjęcia w KSeF.",)
            )
        return None

    def _attachment_problem(self, sent: SentInvoice, document: Document) -> Verdict | None:
        if not document.attachment:
            return None
        online = self._session.kind is SessionKind.ONLINE
        if online and sent.corrected_hash is None:
            return Verdict(415, ("Faktury z załącznikiem można wysyłać tylko wsadowo.",))
        if not may_attach(self._world, document.seller.value or ""):
            return Verdict(415, ("Podmiot nie zgłosił wystawiania faktur z załącznikiem.",))
        return None

    def _identifier_problem(self, document: Document) -> Verdict | None:
        """Check digits, which the test environment checks only when the session asks for it."""
        if not self._session.checks_identifiers:
            return None
        parties = [document.seller, document.buyer, *document.thirds]
        if document.authorized is not None:
            parties.append(document.authorized)
        for party in parties:
            wrong = party.type in {"Nip", "InternalId"} and not has_valid_check_digit(
                (party.value or "")[:10]
            )
            if wrong:
                return Verdict(450, (f"Nieprawidłowa suma kontrolna numeru NIP {party.value}.",))
        return None

    def _rights_problem(self, document: Document) -> Verdict | None:
        if may_issue(self._world, self._session, document):
            return None
        detail = f"Kontekst {self._session.context.value} nie może wystawić tej faktury."
        return Verdict(410, (detail,))

    def _duplicate(self, document: Document) -> Verdict | None:
        known = find_duplicate(self._world, document)
        if known is None and _key(document) in self._accepted:
            return _duplicate_verdict(document, None, self._session.reference)
        if known is None:
            return None
        return _duplicate_verdict(document, *known)


def _key(document: Document) -> Key:
    return document.seller.value, document.number, document.kind


def _duplicate_verdict(document: Document, ksef_number: str | None, session: str | None) -> Verdict:
    detail = f"Duplikat faktury {document.number}."
    if ksef_number:
        detail = f"Duplikat faktury. Faktura o numerze KSeF: {ksef_number} została już prawidłowo"
        detail += f" przesłana do systemu w sesji: {session or 'nieznanej'}."
    extensions = {
        "originalKsefNumber": ksef_number,
        "originalSessionReferenceNumber": session,
    }
    return Verdict(440, (detail,), extensions)


def with_original(verdict: Verdict, ksef_number: str) -> Verdict:
    """A duplicate's verdict, once the original of the same package has its number."""
    extensions = {**verdict.extensions, "originalKsefNumber": ksef_number}
    return replace(verdict, extensions=extensions)
