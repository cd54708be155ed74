"""Starting an authentication: by a signed document, by a KSeF token."""

from datetime import timedelta
from typing import Any

from cryptography import x509
from lxml import etree

from ksef_emulator.auth.access import save
from ksef_emulator.auth.challenges import use_challenge
from ksef_emulator.auth.records import (
    BLOCKED,
    DECEASED,
    FAILURES,
    NO_PERMISSIONS,
    SUCCEEDED,
    AllowedIps,
    Authentication,
    Method,
    Outcome,
    Subject,
)
from ksef_emulator.auth.requests import AuthTokenRequest, read_request
from ksef_emulator.bearer import TokenKind
from ksef_emulator.certificates.trust import (
    certificate_problem,
    is_from_ksef,
    issued_certificate,
)
from ksef_emulator.clock import to_micros
from ksef_emulator.crypto import sha256_base64
from ksef_emulator.errors import BadRequest, unreadable
from ksef_emulator.identifiers import Identifier, IdentifierType
from ksef_emulator.permissions.effective import effective_permissions, identities
from ksef_emulator.permissions.records import persons
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World
from ksef_emulator.xades.subject import SubjectUnknown, method_of, subject_of
from ksef_emulator.xades.verification import (
    CertificateInvalid,
    SignatureInvalid,
    Signed,
    parse,
    verify,
)

OPERATION_LIFETIME = 3600  # seconds that the AuthenticationToken lives


class BlockedContext(Model):
    """A context in which nobody may authenticate (test data)."""

    context: Identifier


def blocked_contexts(world: World) -> Shelf[BlockedContext]:
    """Blocked contexts by their identifier."""
    return Shelf(world.db, "blocked", BlockedContext)


def by_signature(world: World, content: bytes, *, verify_chain: bool) -> Authentication:
    """Verify the document, use its challenge up and start; raises BadRequest."""
    signed = _verified(content)
    request = read_request(signed.document)
    subject, method = _subject(world, signed.certificate, request)
    use_challenge(world, request.challenge)
    return start(
        world,
        request.context,
        subject,
        method,
        certificate_problem(world, signed.certificate, signed.others, verify_chain=verify_chain),
        allowed_ips=request.allowed_ips,
        document_hash=sha256_base64(content),
    )


def _verified(content: bytes) -> Signed:
    try:
        return verify(parse(content))
    except etree.XMLSyntaxError as error:
        if "encod" in str(error).lower():
            raise BadRequest(21217, "Nieprawidłowe kodowanie znaków.") from error
        raise unreadable() from error
    except SignatureInvalid as error:
        raise BadRequest(error.code, error.description, str(error)) from error
    except CertificateInvalid as error:
        raise BadRequest(21115, "Nieprawidłowy certyfikat.", str(error)) from error


def _subject(
    world: World, certificate: x509.Certificate, request: AuthTokenRequest
) -> tuple[Subject, Method]:
    """Who signed and how; a KSeF certificate stands for whoever asked for it."""
    try:
        method = method_of(certificate)
        record = (
            issued_certificate(world, certificate) if is_from_ksef(world, certificate) else None
        )
        if record is None:
            subject = subject_of(certificate, by_fingerprint=request.by_fingerprint)
        else:
            method = Method.INTERNAL_CERTIFICATE
            subject = subject_of(certificate, by_fingerprint=True).model_copy(
                update={"identifier": record.subject, "ksef_serial": record.serial}
            )
    except SubjectUnknown as error:
        raise BadRequest(21406, "Konflikt podpisu i typu uwierzytelnienia.", str(error)) from error
    except CertificateInvalid as error:
        raise BadRequest(21115, "Nieprawidłowy certyfikat.", str(error)) from error
    peppol = IdentifierType.PEPPOL_ID
    if (request.context.type is peppol) != (subject.identifier.type is peppol) or (
        request.context.type is peppol and request.context != subject.identifier
    ):
        raise BadRequest(
            21117, "Nieprawidłowy identyfikator podmiotu dla wskazanego typu kontekstu."
        )
    return subject, method


def start(
    world: World,
    context: Identifier,
    subject: Subject,
    method: Method,
    problem: Outcome | None,
    *,
    allowed_ips: AllowedIps | None = None,
    document_hash: str | None = None,
    token_reference: str | None = None,
    token_permissions: frozenset[str] | None = None,
) -> Authentication:
    """Judge the caller and store the authentication with its outcome."""
    now = world.clock.now()
    settings = world.settings
    delay = timedelta(seconds=max(settings.processing_delay, settings.authentication_delay))
    problem = FAILURES[settings.processing_failure] or problem
    authentication = Authentication(
        reference=world.numbering.reference("AU", now),
        context=context,
        subject=subject,
        method=method,
        started=now,
        ready=to_micros(now + delay),
        outcome=problem or SUCCEEDED,
        allowed_ips=allowed_ips,
        document_hash=document_hash,
        token_reference=token_reference,
        token_permissions=token_permissions,
    )
    if problem is None:
        outcome = _judged(world, authentication)
        authentication = authentication.model_copy(update={"outcome": outcome})
    save(world, authentication)
    return authentication


def _judged(world: World, authentication: Authentication) -> Outcome:
    if blocked_contexts(world).get(str(authentication.context)):
        return BLOCKED
    if is_deceased(world, authentication.subject.identifier):
        return DECEASED
    if not permissions_of(world, authentication):
        return NO_PERMISSIONS
    return SUCCEEDED


def is_deceased(world: World, subject: Identifier) -> bool:
    """Whether test data say that the person behind the identifier has died."""
    for self_ in identities(world, subject):
        person = persons(world).get(self_.value)
        if person is not None and person.is_deceased:
            return True
    return False


def permissions_of(world: World, authentication: Authentication) -> frozenset[str]:
    """What the caller may do now; a KSeF token never gives more than it was made with."""
    held = effective_permissions(world, authentication.subject.identifier, authentication.context)
    limit = authentication.token_permissions
    return held if limit is None else held & limit


def as_started(world: World, authentication: Authentication) -> dict[str, Any]:
    """The specification's AuthenticationInitResponse."""
    token = world.bearers.issue(
        TokenKind.OPERATION,
        authentication.reference,
        authentication.context,
        OPERATION_LIFETIME,
    )
    return {"referenceNumber": authentication.reference, "authenticationToken": token}
