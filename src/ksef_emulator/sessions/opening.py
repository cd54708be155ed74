"""What opening a session of either kind has in common."""

from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.operation import Call
from ksef_emulator.schemas import FORMS, Form
from ksef_emulator.sessions.records import Session, SessionKind, sessions
from ksef_emulator.wire import Model

FEATURE = "subject-identifier-validation"


class FormCode(Model):
    """Which form the session's invoices have."""

    system_code: str
    schema_version: str
    value: str

    def form(self, *, batch: bool) -> Form:
        """The form; raises 21405 for one that KSeF does not take, or not in batches."""
        for form in FORMS:
            known = (form.system_code, form.schema_version, form.value)
            if known == (self.system_code, self.schema_version, self.value):
                if batch and form.value == "PEF":
                    break
                return form
        raise invalid("'formCode': Wskazany kod formularza nie jest wspierany.")


def wants_identifier_checks(call: Call) -> bool:
    """Whether the caller switched the check of NIP digits on."""
    return FEATURE in call.request.headers.get("x-ksef-feature", "")


def find_session(call: Call, kind: SessionKind | None = None) -> Session:
    """The context's session in the path; raises 21173."""
    session = known_session(call)
    if session is None or kind not in {None, session.kind}:
        raise BadRequest(
            21173,
            "Brak sesji o wskazanym numerze referencyjnym.",
            f"Sesja o numerze referencyjnym {call.reference()} nie została znaleziona.",
        )
    return session


def known_session(call: Call) -> Session | None:
    """The context's session in the path, if there is one; raises 21405 for no reference at all."""
    session = sessions(call.world).get(call.reference())
    return session if session is not None and session.context == call.context else None


def wrong_state(session: Session, purpose: str) -> BadRequest:
    """21180: the session is past the point where this could be done."""
    return BadRequest(
        21180,
        "Status sesji nie pozwala na wykonanie operacji.",
        f"Status sesji {session.code} uniemożliwia {purpose}.",
    )
