"""Verification of an enveloped or enveloping XAdES signature, down to every digest."""

import base64
import binascii
import copy
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from ksef_emulator.xades.algorithms import (
    C14N_10,
    CANONICALIZATIONS,
    DIGESTS,
    DS,
    SIGNATURES,
    AlgorithmMismatch,
    canonical,
    verify_value,
)

XADES = "http://uri.etsi.org/01903/v1.3.2#"
NS = {"ds": DS, "xades": XADES}
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
XML = "{http://www.w3.org/XML/1998/namespace}"
ENVELOPED = DS + "enveloped-signature"
BASE64 = DS + "base64"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
WITHOUT_SIGNATURE = {"not(ancestor-or-self::ds:Signature)", "/descendant::ds:Signature"}


class SignatureInvalid(ValueError):
    """The document is of a form that is refused."""

    code = 9101
    description = "Nieprawidłowy dokument."


class SignatureMissing(SignatureInvalid):
    """There is no signature at all."""

    code = 9102
    description = "Brak podpisu."


class TooManySignatures(SignatureInvalid):
    """There is more than one signature."""

    code = 9103
    description = "Przekroczona liczba dozwolonych podpisów."


class SignatureWrong(SignatureInvalid):
    """The signature does not verify, or not as KSeF asks."""

    code = 9105
    description = "Nieprawidłowy podpis."


class CertificateInvalid(ValueError):
    """The signing certificate cannot be read or is not the one that was signed."""


@dataclass(frozen=True)
class Signed:
    """A verified signature: the document under it and the certificate behind it.

    `others` are the rest of ds:KeyInfo, which may lead from the certificate to its authority.
    """

    document: etree._Element
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def parse(content: bytes) -> etree._Element:
    """The XML with nothing resolved; raises etree.XMLSyntaxError, SignatureInvalid for a DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise SignatureInvalid("Dokument nie może zawierać DOCTYPE.")
    return root


def verify(root: etree._Element) -> Signed:
    """Check everything; raises SignatureInvalid or CertificateInvalid."""
    _refuse_inherited_attributes(root)
    signature = _only_signature(root)
    certificate, *others = _certificates(signature)
    _verify_signature_value(signature, certificate)
    covered = [_verify_reference(root, signature, ref) for ref in _references(signature)]
    _verify_properties(signature, certificate, covered)
    document, holder = _document(root, signature)
    if document not in covered and holder not in covered:
        raise SignatureWrong("Podpis nie obejmuje dokumentu.")
    return Signed(document, certificate, tuple(others))


def _refuse_inherited_attributes(root: etree._Element) -> None:
    """No schema of these documents has `xml:*`, in which alone Canonical XML 1.0 and 1.1 differ."""
    for element in root.iter(etree.Element):
        if any(str(name).startswith(XML) for name in element.attrib):
            raise SignatureInvalid("Dokument nie może zawierać atrybutów xml:*.")


def _only_signature(root: etree._Element) -> etree._Element:
    found = list(root.iter(f"{{{DS}}}Signature"))
    if not found:
        raise SignatureMissing("Dokument nie zawiera podpisu.")
    if len(found) > 1:
        raise TooManySignatures("Dokument musi zawierać dokładnie jeden podpis.")
    signature = found[0]
    if signature is not root and signature.getparent() is not root:
        raise SignatureInvalid("Podpis musi być otaczany lub otaczający.")
    return signature


def _document(
    root: etree._Element, signature: etree._Element
) -> tuple[etree._Element, etree._Element]:
    """The signed document with what holds it: the root itself, or an Object in the signature."""
    if signature is not root:
        return root, root
    objects = signature.findall("ds:Object", NS)
    inside = [
        child
        for wrapper in objects
        for child in wrapper
        if isinstance(child.tag, str) and not child.tag.startswith(f"{{{XADES}}}")
    ]
    encoded = [wrapper for wrapper in objects if not len(wrapper) and (wrapper.text or "").strip()]
    if len(inside) + len(encoded) != 1:
        raise SignatureInvalid("Podpis otaczający musi zawierać dokładnie jeden dokument.")
    if encoded:
        return parse(_decoded(encoded[0])), encoded[0]
    holder = inside[0].getparent()
    return inside[0], root if holder is None else holder


def _certificates(signature: etree._Element) -> list[x509.Certificate]:
    """Those of ds:KeyInfo, the signer's first."""
    texts = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", NS)
    if not texts:
        raise CertificateInvalid("Brak certyfikatu w ds:KeyInfo.")
    try:
        return [x509.load_der_x509_certificate(_decoded(text)) for text in texts]
    except ValueError as error:
        raise CertificateInvalid("Certyfikat jest nieczytelny.") from error


def _decoded(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except binascii.Error as error:
        raise SignatureWrong("Nieprawidłowe kodowanie Base64 w podpisie.") from error


def _algorithm(parent: etree._Element, path: str) -> str:
    found = parent.find(path, NS)
    return found.get("Algorithm", "") if found is not None else ""


def _verify_signature_value(signature: etree._Element, certificate: x509.Certificate) -> None:
    info, value = signature.find("ds:SignedInfo", NS), signature.find("ds:SignatureValue", NS)
    if info is None or value is None:
        raise SignatureWrong("Podpis jest niekompletny.")
    method = SIGNATURES.get(_algorithm(info, "ds:SignatureMethod"))
    form = _algorithm(info, "ds:CanonicalizationMethod")
    if method is None or form not in CANONICALIZATIONS:
        raise SignatureWrong("Algorytm podpisu nie jest obsługiwany.")
    signed = canonical(info, form, _prefixes(info.find("ds:CanonicalizationMethod", NS)))
    try:
        verify_value(method, certificate.public_key(), _decoded(value), signed)
    except InvalidSignature as error:
        raise SignatureWrong("Podpis jest nieprawidłowy.") from error
    except AlgorithmMismatch as error:
        raise SignatureWrong(f"Klucz nie odpowiada algorytmowi podpisu: {error}.") from error


def _references(signature: etree._Element) -> list[etree._Element]:
    return signature.findall("ds:SignedInfo/ds:Reference", NS)


def _verify_reference(
    root: etree._Element, signature: etree._Element, reference: etree._Element
) -> etree._Element:
    """Check one digest; gives the element that it covers."""
    target = _target(root, reference)
    digest = DIGESTS.get(_algorithm(reference, "ds:DigestMethod"))
    value = reference.find("ds:DigestValue", NS)
    if digest is None or value is None:
        raise SignatureWrong("Algorytm skrótu nie jest obsługiwany.")
    if digest(_transformed(root, target, signature, reference)) != _decoded(value):
        raise SignatureWrong("Skrót referencji nie zgadza się z treścią.")
    return target


def _target(root: etree._Element, reference: etree._Element) -> etree._Element:
    uri = reference.get("URI")
    if uri == "":
        return root
    if not uri or not uri.startswith("#"):
        raise SignatureWrong("Podpis zewnętrzny (detached) nie jest akceptowany.")
    name = uri[1:]
    found = [
        element
        for element in root.iter(etree.Element)
        if name in {element.get("Id"), element.get("ID"), element.get("id")}
    ]
    if len(found) != 1:
        raise SignatureWrong("Referencja nie wskazuje dokładnie jednego elementu.")
    return found[0]


def _transformed(
    root: etree._Element,
    target: etree._Element,
    signature: etree._Element,
    reference: etree._Element,
) -> bytes:
    form, prefixes, remove, decode = C14N_10, None, False, False
    for transform in reference.findall("ds:Transforms/ds:Transform", NS):
        algorithm = transform.get("Algorithm", "")
        if algorithm in CANONICALIZATIONS:
            form, prefixes = algorithm, _prefixes(transform)
        elif algorithm == ENVELOPED or _removes_signature(transform):
            remove = True
        elif algorithm == BASE64:
            decode = True
        else:
            raise SignatureWrong("Transformata podpisu nie jest obsługiwana.")
    if decode:
        if len(target):  # its elements would stay unsigned
            raise SignatureWrong("Transformata base64 dotyczy tylko treści w Base64.")
        return _decoded(target)
    if remove and signature is not root:
        target = _without(root, target, signature)
    return canonical(target, form, prefixes)


def _removes_signature(transform: etree._Element) -> bool:
    if transform.get("Algorithm") not in {XPATH, FILTER2}:
        return False
    texts = {"".join((child.text or "").split()) for child in transform}
    return texts <= {"".join(text.split()) for text in WITHOUT_SIGNATURE} and bool(texts)


def _without(
    root: etree._Element, target: etree._Element, signature: etree._Element
) -> etree._Element:
    """The target in a copy of the document that has no signature; its tail text stays."""
    path = root.getroottree().getelementpath(target)
    spot = root.getroottree().getelementpath(signature)
    tree = copy.deepcopy(root.getroottree())
    cut = tree.find(spot)
    twin = tree.getroot() if target is root else tree.find(path)
    if cut is None or twin is None:
        raise SignatureWrong("Podpis nie leży w dokumencie.")
    _drop(cut)
    return twin


def _drop(element: etree._Element) -> None:
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        raise SignatureWrong("Podpis nie leży w dokumencie.")
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _prefixes(transform: etree._Element | None) -> list[str] | None:
    found = transform.find("{*}InclusiveNamespaces") if transform is not None else None
    return found.get("PrefixList", "").split() if found is not None else None


def _verify_properties(
    signature: etree._Element,
    certificate: x509.Certificate,
    covered: list[etree._Element],
) -> None:
    """SignedProperties must be signed, and name the very certificate that signed."""
    properties = signature.find(".//xades:SignedProperties", NS)
    if properties is None or properties not in covered:
        raise SignatureWrong("Podpis nie jest podpisem XAdES: brak SignedProperties.")
    path = "xades:SignedSignatureProperties/xades:{}/xades:Cert/xades:CertDigest"
    digests = [
        found
        for name in ("SigningCertificate", "SigningCertificateV2")
        for found in properties.findall(path.format(name), NS)
    ]
    if not digests:
        raise SignatureWrong("Brak SigningCertificate w SignedProperties.")
    der = certificate.public_bytes(Encoding.DER)
    for digest in digests[:1]:
        algorithm = DIGESTS.get(_algorithm(digest, "ds:DigestMethod"))
        value = digest.find("ds:DigestValue", NS)
        if algorithm is None or value is None or algorithm(der) != _decoded(value):
            raise CertificateInvalid("Skrót certyfikatu nie zgadza się z SigningCertificate.")
