"""The pages behind QR codes: the right, the unknown and the forged."""

import base64
import datetime as dt
import hashlib
import re

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.ksef_emulator.certificates import new_key, person
from tests.ksef_emulator.invoices import fa3, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.sending import open_online
from tests.ksef_emulator.test_certificates import issued

TODAY = dt.datetime.now(dt.UTC).date()
SELLER, BUYER = nip(9200), nip(9201)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest(content):
    return base64url(hashlib.sha256(content).digest())


def root(user):
    return user.emulator.url.removesuffix("/v2")


def marks(page):
    """Every finding on the page with whether it is good."""
    found = re.findall(r'<li class="(good|bad)">([^<]+)</li>', page.text)
    return {text: mark == "good" for mark, text in found}


@pytest.fixture
def invoice(user):
    content = fa3(f"QR/{dt.datetime.now(dt.UTC)}", seller=SELLER, buyer=BUYER, issued=TODAY)
    user.log_in(SELLER)
    return content, open_online(user).send(content)["ksefNumber"]


def test_code_one_finds_the_invoice_that_ksef_holds(user, invoice):
    content, number = invoice
    page = httpx.get(f"{root(user)}/invoice/{SELLER}/{TODAY:%d-%m-%Y}/{digest(content)}")
    assert page.status_code == 200
    assert "Faktura jest w KSeF" in page.text
    assert number in page.text
    assert "100.00" not in page.text, "the amount needs more than the code"


@pytest.mark.parametrize(
    ("seller", "day", "change"),
    [
        (BUYER, TODAY, b""),
        (SELLER, TODAY - dt.timedelta(days=1), b""),
        (SELLER, TODAY, b" "),
    ],
    ids=["another seller", "another day", "changed by a byte"],
)
def test_code_one_finds_nothing_else(user, invoice, seller, day, change):
    content = invoice[0] + change
    page = httpx.get(f"{root(user)}/invoice/{seller}/{day:%d-%m-%Y}/{digest(content)}")
    assert page.status_code == 404
    assert "Faktury nie ma w KSeF" in page.text


@pytest.mark.parametrize(
    "path",
    [
        f"/invoice/{SELLER}/2026-02-01/{digest(b'')}",
        f"/invoice/{SELLER}/31-02-2026/{digest(b'')}",
        f"/invoice/{SELLER}/01-02-2026/abc",
        f"/invoice/{SELLER}/01-02-2026/{digest(b'')}%C4%85",
        f"/certificate/Nip/{SELLER}",
        f"/certificate/Nip/1/{SELLER}/0123456789ABCDEF/{digest(b'')}/AA",
        f"/certificate/Pesel/{SELLER}/{SELLER}/0123456789ABCDEF/{digest(b'')}/AA",
    ],
)
def test_an_address_that_no_code_holds_is_called_so(user, path):
    page = httpx.get(root(user) + path)
    assert (page.status_code, "Nieprawidłowy adres" in page.text) == (400, True)


def certificate_link(user, serial, key, *, context=SELLER, seller=SELLER, der=False, content=b""):
    path = f"/certificate/Nip/{context}/{seller}/{serial}/{digest(content)}"
    signed = (root(user).removeprefix("http://") + path).encode()
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        signature = key.sign(signed, pss, hashes.SHA256())
    else:
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
        if not der:
            r, s = decode_dss_signature(signature)
            signature = r.to_bytes(32) + s.to_bytes(32)
    return f"{root(user)}{path}/{base64url(signature)}"


@pytest.mark.parametrize(("kind", "der"), [("ec", False), ("ec", True), ("rsa", False)])
def test_code_two_confirms_the_issuer(user, kind, der):
    user.log_in(SELLER)
    serial, identity = issued(user, "Offline", key=new_key(kind))
    page = httpx.get(certificate_link(user, serial, identity.key, der=der))
    assert page.status_code == 200
    assert "Wystawca potwierdzony" in page.text, page.text
    assert list(marks(page).values()) == [True] * 4


def test_code_two_sees_through_a_forged_signature(user):
    user.log_in(SELLER)
    serial, identity = issued(user, "Offline")
    forged = httpx.get(certificate_link(user, serial, new_key()))
    assert "Wystawca niepotwierdzony" in forged.text
    assert marks(forged)["Podpis w adresie jest nieprawidłowy."] is False
    right = certificate_link(user, serial, identity.key)
    moved = right.replace(digest(b""), digest(b"another invoice"))
    assert marks(httpx.get(moved))["Podpis w adresie jest nieprawidłowy."] is False


def test_code_two_knows_revoked_unknown_and_wrong_certificates(user):
    user.log_in(SELLER)
    serial, identity = issued(user, "Offline")
    link = certificate_link(user, serial, identity.key)
    assert user.post(f"/certificates/{serial}/revoke").status_code == 204
    assert marks(httpx.get(link))["Certyfikat został odwołany."] is False
    unknown = certificate_link(user, "0123456789ABCDEF", identity.key)
    assert marks(httpx.get(unknown)) == {"Certyfikatu nie ma w rejestrze KSeF.": False}
    serial, identity = issued(user, "Authentication")
    wrong = httpx.get(certificate_link(user, serial, identity.key))
    assert marks(wrong)["Certyfikat nie jest certyfikatem typu Offline."] is False


def test_code_two_asks_what_the_issuer_may_do(user):
    """An accountant's certificate counts in her client's context while she may issue there."""
    clerk = person("PNOPL-85050599991")
    user.log_in(SELLER)
    grant = {
        "subjectIdentifier": {"type": "Pesel", "value": "85050599991"},
        "permissions": ["InvoiceWrite"],
        "description": "Księgowa",
        "subjectDetails": {
            "subjectDetailsType": "PersonByIdentifier",
            "personById": {"firstName": "Jan", "lastName": "Próbny"},
        },
    }
    assert user.post("/permissions/persons/grants", grant).status_code == 202
    worker = KsefUser(user.emulator).log_in(SELLER, clerk)
    serial, identity = issued(worker, "Offline")
    worker.close()
    own = marks(httpx.get(certificate_link(user, serial, identity.key)))
    assert list(own.values()) == [True] * 4
    elsewhere = marks(httpx.get(certificate_link(user, serial, identity.key, context=BUYER)))
    assert elsewhere["Wystawca nie ma prawa wystawiać faktur w tym kontekście."] is False
    other = marks(httpx.get(certificate_link(user, serial, identity.key, seller=BUYER)))
    assert other["Kontekst nie może wystawiać faktur tego sprzedawcy."] is False
