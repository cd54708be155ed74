"""Asking KSeF for a certificate: a key made here, claim, commit, call, record; resumable.

A request whose answer was lost is looked for by the certificate's name, which no other has; only
when KSeF does not know it is it sent again, for the same key.
"""

import secrets
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.core.errors import Transient, UserFixable
from obieg.ksef.certificates import Certificates, Purpose, certificate_request
from obieg.ksef.errors import Gone, KsefRefused, KsefUnavailable
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Operator
from obieg.vault import exhausted
from obieg.vault.certificates import KeyPair
from obieg.vault.credentials import credential_for, keep_pair, signed_access_of, take_over
from obieg.vault.envelope import Binding, Envelope, seal, unseal
from obieg.vault.errors import (
    EnrolmentUnderWay,
    KeyMismatch,
    OfficeCertificate,
    TokenCannotEnrol,
)
from obieg.vault.models import Credential, CredentialKind, CredentialUsage, Enrolment
from obieg.vault.shredding import shred, withdraw
from obieg.vault.states import EnrolmentState

ENROL = "vault.enrol"
POLL = timedelta(seconds=5)
SURELY_LOST = timedelta(minutes=2)  # after this KSeF would list a certificate that it gave
PURPOSES: dict[str, Purpose] = {
    CredentialUsage.OFFLINE: "Offline",
    CredentialUsage.AUTHENTICATION: "Authentication",
}
FOREIGN = "KSeF wydał certyfikat do innego klucza. Zamów certyfikat ponownie."


def begin(
    client: Client, *, actor: Operator | None, usage: CredentialUsage = CredentialUsage.OFFLINE
) -> Enrolment:
    """Make the key, note the wish, and queue the asking of KSeF in the client's context.

    The certificate will be of whoever the client's access logs in as: the client or the office.
    Raises NoCredential, CertificateExpired, TokenCannotEnrol, OfficeCertificate,
    EnrolmentUnderWay.
    """
    access = access_for(client)
    if access.client_id is None and actor is not None and not actor.sees_all_clients:
        raise OfficeCertificate(client=client.name)
    key = ec.generate_private_key(ec.SECP256R1())  # the kind that KSeF recommends
    sealed = seal(_plain(key), _binding(client, client.environment)).pack()
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                client=client,
                owner_id=access.client_id,
                environment=client.environment,
                usage=usage,
                name=f"Obieg {PURPOSES[usage]} {client.nip} {secrets.token_hex(4)}",
                sealed_key=sealed,
                asked_by=actor,
            )
            enrolment.event({"name": enrolment.name}, actor=actor, kind="enrol").save()
            queue(enrolment.pk)
    except IntegrityError as error:
        raise EnrolmentUnderWay from error
    return enrolment


def queue(enrolment_id: int, *, after: timedelta | None = None, failures: int = 0) -> None:
    """Queue the next step, now or `after` a while."""
    enqueue(
        ENROL,
        {"enrolment_id": enrolment_id, "failures": failures},
        once=f"enrol-{enrolment_id}",
        lock=f"enrol-{enrolment_id}",
        at=None if after is None else timezone.now() + after,
    )


def step(enrolment: Enrolment, certificates: Certificates) -> timedelta | None:
    """The next step; how long to wait before another one, None when nothing is left to do.

    What KSeF refuses ends the enrolment. Raises Transient where KSeF could not be asked.
    """
    match enrolment.state:
        case EnrolmentState.NEW:
            return _ask(enrolment, certificates)
        case EnrolmentState.ASKING:
            return _look_for(enrolment, certificates)
        case EnrolmentState.SENT:
            return _collect(enrolment, certificates)
    return None


def refuse(enrolment: Enrolment, text: str) -> None:
    """End the enrolment; the key is forgotten."""
    with transaction.atomic():
        enrolment.advance(EnrolmentState.REFUSED, actor=None, kind="refuse", error_text=text)
        _forget_key(enrolment)


def stood_trial(enrolment: Enrolment) -> None:
    """The new certificate has opened KSeF: from now on it is the one in use."""
    assert enrolment.credential is not None  # noqa: S101 - what is on trial is in the vault
    with transaction.atomic():
        take_over(enrolment.credential, actor=enrolment.asked_by)
        enrolment.advance(EnrolmentState.DONE, actor=enrolment.asked_by, kind="take_over")


def failed_trial(enrolment: Enrolment, text: str) -> None:
    """The new certificate opens nothing: it is destroyed, and the one in use stays.

    It still has to be revoked in KSeF.
    """
    assert enrolment.credential is not None  # noqa: S101 - what is on trial is in the vault
    with transaction.atomic():
        withdraw(enrolment.credential, actor=enrolment.asked_by)
        shred(enrolment.credential, actor=enrolment.asked_by)
        enrolment.advance(EnrolmentState.REFUSED, actor=None, kind="refuse", error_text=text)


def leave_trial(enrolment: Enrolment, text: str) -> None:
    """Break the trial off; the certificate is withdrawn, and whole still, to be revoked."""
    assert enrolment.credential is not None  # noqa: S101 - what is on trial is in the vault
    with transaction.atomic():
        withdraw(enrolment.credential, actor=enrolment.asked_by)
        enrolment.advance(EnrolmentState.REFUSED, actor=None, kind="refuse", error_text=text)


def _ask(enrolment: Enrolment, certificates: Certificates) -> timedelta | None:
    try:
        limits = certificates.limits()
        if not limits.may_ask:
            refuse(enrolment, exhausted.words_of(limits, certificates))
            return None
        csr = certificate_request(certificates.enrolment_data(), _key(enrolment))
    except KsefRefused as refused:
        refuse(enrolment, str(refused))
        return None
    owner_id = access_for(enrolment.client).client_id
    enrolment.advance(
        EnrolmentState.ASKING, actor=None, kind="ask", claimed_at=timezone.now(), owner_id=owner_id
    )
    try:
        reference = certificates.enrol(
            name=enrolment.name, purpose=PURPOSES[enrolment.usage], csr=csr
        )
    except KsefRefused as refused:
        refuse(enrolment, str(refused))
        return None
    except KsefUnavailable as lost:
        if not lost.ambiguous:
            enrolment.advance(EnrolmentState.NEW, actor=None, kind="release")
        raise
    except (Transient, UserFixable):  # a limit or an access: nothing was sent
        enrolment.advance(EnrolmentState.NEW, actor=None, kind="release")
        raise
    enrolment.advance(EnrolmentState.SENT, actor=None, kind="sent", reference=reference)
    return timedelta()


def _look_for(enrolment: Enrolment, certificates: Certificates) -> timedelta | None:
    """The answer was lost: KSeF knows whether the request was."""
    serial = _serial_by_name(enrolment, certificates)
    if serial:
        enrolment.advance(EnrolmentState.SENT, actor=None, kind="found", serial=serial)
        return timedelta()
    if enrolment.claimed_at and enrolment.claimed_at + SURELY_LOST < timezone.now():
        enrolment.advance(EnrolmentState.NEW, actor=None, kind="release")
        return timedelta()
    return POLL


def _collect(enrolment: Enrolment, certificates: Certificates) -> timedelta | None:
    """The certificate, once KSeF has made it."""
    serial = enrolment.serial
    try:
        if not serial:
            status = certificates.enrolment_status(enrolment.reference)
            if status.is_refused:
                refuse(enrolment, status.text)
                return None
            serial = status.serial or ""
    except Gone:  # KSeF keeps the status for some days only
        serial = _serial_by_name(enrolment, certificates)
    except KsefRefused as refused:
        refuse(enrolment, str(refused))
        return None
    if not serial:
        return POLL
    _keep(enrolment, serial, certificates.retrieve([serial])[serial])
    return timedelta()


def _keep(enrolment: Enrolment, serial: str, der: bytes) -> None:
    key = _key(enrolment)
    certificate = x509.load_der_x509_certificate(der)
    if certificate.public_key() != key.public_key():
        refuse(enrolment, FOREIGN)
        raise KeyMismatch
    pair = KeyPair(
        certificate=der,
        private_key=_plain(key),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )
    on_trial = enrolment.usage == CredentialUsage.AUTHENTICATION
    with transaction.atomic():
        credential = keep_pair(
            enrolment.owner,
            pair,
            environment=enrolment.environment,
            label=enrolment.name,
            actor=enrolment.asked_by,
            usage=CredentialUsage(enrolment.usage),
            on_trial=on_trial,
        )
        enrolment.advance(
            EnrolmentState.TRIAL if on_trial else EnrolmentState.DONE,
            actor=enrolment.asked_by,
            kind="keep",
            serial=serial,
            credential=credential,
        )
        _forget_key(enrolment)


def _serial_by_name(enrolment: Enrolment, certificates: Certificates) -> str:
    listed = certificates.query(name=enrolment.name, purpose=PURPOSES[enrolment.usage])
    return next((one.serial for one in listed if one.name == enrolment.name), "")


def access_for(client: Client) -> Credential:
    """The credential that logs the client in, or an access signed outside: never a token."""
    if signed := signed_access_of(client):
        return signed
    credential = credential_for(client)
    if credential.kind != CredentialKind.CERTIFICATE:
        raise TokenCannotEnrol(client=client.name)
    return credential


def _key(enrolment: Enrolment) -> ec.EllipticCurvePrivateKey:
    binding = _binding(enrolment.client, enrolment.environment)
    plain = unseal(Envelope.unpack(bytes(enrolment.sealed_key)), binding)
    key = load_der_private_key(plain, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - `begin` makes no other
    return key


def _plain(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _binding(client: Client, environment: str) -> Binding:
    return Binding(client_id=client.pk, kind="enrolment", environment=environment)


def _forget_key(enrolment: Enrolment) -> None:
    enrolment.sealed_key = b""
    Enrolment.objects.of_client(enrolment.client_id).filter(pk=enrolment.pk).update(sealed_key=b"")
