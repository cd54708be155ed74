"""Access signed outside: the request to download, and the login with the signed one."""

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64

from lxml import etree

from obieg.calls.access import ClientAccess
from obieg.calls.branches import told_of_branch
from obieg.calls.limiter import CallMeter
from obieg.core.internal_id import context_type
from obieg.ksef.environment import environment
from obieg.ksef.login import authenticate_signed, challenge
from obieg.ksef.secrets import Tokens
from obieg.ksef.signature import NAMESPACE, unsigned_request
from obieg.ksef.wire import Wire
from obieg.office.models import Client, Operator
from obieg.vault.credentials import keep_signature
from obieg.vault.errors import RequestForeign
from obieg.vault.models import Credential

LARGEST = 500_000  # bytes of a signed request
DSIG = "http://www.w3.org/2000/09/xmldsig#"
PURPOSE = "podpis poza Obiegiem"


def request_to_sign(client: Client) -> bytes:
    """The AuthTokenRequest (XML) with a fresh challenge: to be signed within ten minutes."""
    with _wire(client) as wire:
        return unsigned_request(challenge=challenge(wire), context=client.context)


def log_in_signed(client: Client, document: bytes, *, actor: Operator | None) -> Credential:
    """Log in with the signed request and keep the access; it takes the former one's place.

    Raises RequestForeign, CredentialRefused, AccessDenied, Transient.
    """
    signer, text = _checked(client, document)
    with _wire(client) as wire:
        with told_of_branch(client):
            tokens = authenticate_signed(wire, text)
        return _keep(wire, client, tokens, signer=signer, actor=actor)


def _keep(
    wire: Wire, client: Client, tokens: Tokens, *, signer: str, actor: Operator | None
) -> Credential:
    credential = keep_signature(client, signer=signer, until=tokens.refresh.until, actor=actor)
    access = ClientAccess(wire, client=client, credential=credential, actor=actor, purpose=PURPOSE)
    access.keep(tokens)
    return credential


def _wire(client: Client) -> Wire:
    meter = CallMeter(client, client.environment, None)
    return Wire(environment(client.environment), meter)


def _checked(client: Client, document: bytes) -> tuple[str, str]:
    """SHA-256 of the signer's certificate, and the document as text; RequestForeign."""
    root = _parsed(client, document)
    if root.tag != f"{{{NAMESPACE}}}AuthTokenRequest":
        raise RequestForeign(nip=client.context, reason="to inny dokument")
    if _context(root, context_type(client.context)) != client.context:
        raise RequestForeign(nip=client.context, reason="inny kontekst logowania")
    certificate = root.findtext(f".//{{{DSIG}}}X509Certificate")
    if not certificate:
        raise RequestForeign(nip=client.context, reason="brak podpisu")
    try:
        signer = hashlib.sha256(b64decode(certificate)).hexdigest()
    except NotBase64:
        raise RequestForeign(nip=client.context, reason="nieczytelny certyfikat") from None
    return signer, document.decode("utf-8-sig")


def _context(root: etree._Element, kind: str) -> str | None:
    return root.findtext(f"{{{NAMESPACE}}}ContextIdentifier/{{{NAMESPACE}}}{kind}")


def _parsed(client: Client, document: bytes) -> etree._Element:
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        document.decode("utf-8-sig")
        root = etree.fromstring(document, safe)
    except (etree.XMLSyntaxError, UnicodeDecodeError):
        raise RequestForeign(nip=client.context, reason="nieczytelny XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise RequestForeign(nip=client.context, reason="niedozwolony DOCTYPE")
    return root
