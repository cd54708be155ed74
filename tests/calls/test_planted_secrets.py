"""Secrets are planted, everything is done with them, and they are looked for everywhere."""

import logging
import os
import re
import subprocess
import traceback
from base64 import b64encode
from io import BytesIO
from zipfile import ZipFile

import pytest
import structlog
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Visitor
from django.urls import reverse

from ksef_emulator.testing import Emulator
from obieg.calls.enrolment import carry
from obieg.calls.gateways import open_with
from obieg.config.postgres_home import find_binaries
from obieg.core.errors import ObiegError
from obieg.office.models import Client, Operator
from obieg.vault.credentials import credential_for
from obieg.vault.models import Credential, Enrolment, TokenRequest
from obieg.vault.opening import open_credential
from tests.calls.test_moving import FIRM, client, emulator, signed
from tests.ksef_emulator.certificates import seal
from tests.vault.firms import pkcs12_of

__all__ = ["client", "emulator"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

FILE_PASSWORD = "hasło-pliku-7f3c9a1e55"
OPERATOR_PASSWORD = "hasło-operatora-2b8d4c6690"


def test_no_planted_secret_is_found_anywhere(
    client: Client, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted: set[bytes] = {FILE_PASSWORD.encode(), OPERATOR_PASSWORD.encode()}
    shown: list[bytes] = []
    with structlog.testing.capture_logs() as logs:
        _live(client, emulator, planted, shown)
    haystacks = [*shown, caplog.text.encode(), repr(logs).encode(), _dump()]
    assert len(planted) > 12
    assert all(len(secret) >= 15 for secret in planted)
    assert max(map(len, haystacks)) > 100_000, "the dump is there"
    for secret in planted:
        quoted = repr(secret)[2:-1].encode()
        for form in (secret, b64encode(secret)[:-3], secret.hex().encode(), quoted):
            assert not any(form in haystack for haystack in haystacks), "a planted secret was found"


def _live(client: Client, emulator: Emulator, planted: set[bytes], shown: list[bytes]) -> None:
    """Every flow with credentials, with success, refusal and failure."""
    owner = Operator.objects.create_user(
        "ewa", OPERATOR_PASSWORD, name="Ewa Próbna", sees_all_clients=True
    )
    ewa = Visitor()
    ewa.force_login(owner)
    token = emulator.control.make_token(FIRM)["token"]
    planted |= {part.encode() for part in token.split("|")[2:]}
    _see(ewa, shown, "clients-token", client.pk, token=token, label="t", environment="emulator")
    planted |= _access_of(client)
    for wrong in (token + "  x", token + "ą"):
        _see(ewa, shown, "clients-token", client.pk, token=wrong, label="t", environment="emulator")
    _see(ewa, shown, "clients-credentials-try", client.pk)
    for fault in ("cut_after", "status"):
        emulator.control.add_fault(fault, path="/auth/token/redeem", status=400)
        _see(ewa, shown, "clients-credentials-try", client.pk)

    identity = seal(FIRM)
    planted |= _key_of(identity)
    for password in (FILE_PASSWORD + "x", FILE_PASSWORD):
        upload = SimpleUploadedFile("pieczęć.p12", pkcs12_of(identity, FILE_PASSWORD))
        _see(
            ewa, shown, "clients-certificate", client.pk,
            certificate=upload, password=password, label="pieczęć", environment="emulator",
        )  # fmt: skip
    planted |= _access_of(client)
    request = ewa.post(reverse("clients-credentials-request", args=[client.pk]))
    upload = SimpleUploadedFile("podpisane.xml", signed(request.content, seal(FIRM)))
    _see(ewa, shown, "clients-credentials-signed", client.pk, document=upload)
    _see(ewa, shown, "clients-credentials-enrol", client.pk)
    carry(Enrolment.objects.of_client(client).get().pk)
    with open_credential(
        credential_for(client), actor=None, purpose="próba", client=client
    ) as secret:
        planted.add(secret.private_key)
    planted |= _access_of(client)
    _tokens(ewa, client, emulator, planted, shown)
    _own(ewa, client, emulator, planted, shown)
    sheet = ewa.get(reverse("credentials-sheet")).content
    with ZipFile(BytesIO(sheet)) as book:
        shown += [book.read(name) for name in book.namelist()]
    for name in ("clients-page", "clients-credentials", "clients-ending", "clients-offline"):
        shown.append(ewa.get(reverse(name, args=[client.pk])).content)
    shown.append(ewa.get(reverse("credentials-plan")).content)
    _break(client, shown)
    _see(ewa, shown, "clients-ending", client.pk, nip=client.nip, in_ksef="on")
    shown.append(ewa.get(reverse("clients-ending-protocol", args=[client.pk])).content)


def _tokens(
    ewa: Visitor, client: Client, emulator: Emulator, planted: set[bytes], shown: list[bytes]
) -> None:
    """A token is told in one answer, and that answer alone is not searched."""
    address = reverse("clients-tokens-generate", args=[client.pk])
    wish = {"description": "Token do sklepu", "permissions": ["InvoiceRead"], "purpose": "program"}
    answer = ewa.post(address, wish | {"mark": "0" * 16}).content.decode()
    (token,) = re.findall(r"<textarea[^>]*>([^<]+)</textarea>", answer)
    planted.add(token.split("|")[2].encode())
    shown.append(answer.replace(token, "").encode())
    shown.append(ewa.post(address, wish | {"mark": "0" * 16}).content)  # the same form again
    emulator.control.add_fault("cut_midway", path="/tokens", method="POST")
    shown.append(ewa.post(address, wish | {"mark": "1" * 16}).content)
    _see(
        ewa,
        shown,
        "clients-tokens-search",
        TokenRequest.objects.of_client(client).get(mark="1" * 16).pk,
    )
    _see(ewa, shown, "clients-tokens-read", client.pk)
    _see(ewa, shown, "clients-tokens-revoke", client.pk, numer=token.split("|")[0])
    shown.append(ewa.get(reverse("clients-tokens", args=[client.pk])).content)


def _own(
    ewa: Visitor, client: Client, emulator: Emulator, planted: set[bytes], shown: list[bytes]
) -> None:
    """The same for an operator's own token and seal."""
    token = emulator.control.make_token(FIRM)["token"]
    planted.add(token.split("|")[2].encode())
    identity = seal(FIRM)
    planted |= _key_of(identity)
    files = {"client": client.pk, "label": "x", "environment": "emulator"}
    for sent in (
        {"token": token},
        {"token": token + "ą"},
        {"certificate": SimpleUploadedFile("p.p12", pkcs12_of(identity, FILE_PASSWORD))},
        {
            "certificate": SimpleUploadedFile("p.p12", pkcs12_of(identity, FILE_PASSWORD)),
            "password": FILE_PASSWORD,
        },
    ):
        kind = "token" if "token" in sent else "certificate"
        shown.append(ewa.post(reverse(f"own-credentials-{kind}"), files | sent).content)
    _see(ewa, shown, "clients-credentials-try", client.pk, moje="1")
    shown.append(ewa.get(reverse("own-credentials")).content)


def _see(visitor: Visitor, shown: list[bytes], name: str, key: int, **form: object) -> None:
    response = visitor.post(reverse(name, args=[key]), form)
    assert response.status_code in (200, 302, 422), name
    shown.append(response.content)


def _key_of(identity: object) -> set[bytes]:
    key = identity.key  # type: ignore[attr-defined]
    number = key.private_numbers().private_value.to_bytes(32, "big")
    return {number, key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())}


def _access_of(client: Client) -> set[bytes]:
    """The access and refresh token of a login, without what all of them begin with."""
    with open_with(credential_for(client), client, purpose="próba", actor=None) as (_, access):
        access.token()
        kept = access._stored()
    assert kept is not None
    tokens = (kept.access.token, kept.refresh.token)
    return {piece.encode() for one in tokens for piece in re.split(r"[.]", one)[1:]}


def _break(client: Client, shown: list[bytes]) -> None:
    """A tampered row fails with an error; its text and its traceback are kept."""
    credential = credential_for(client)
    good = bytes(credential.ciphertext)
    credential.ciphertext = good[:-1] + bytes([good[-1] ^ 1])
    try:
        with open_credential(credential, actor=None, purpose="próba", client=client):
            raise AssertionError("a tampered credential was opened")
    except ObiegError as error:
        shown.append("".join(traceback.format_exception(error)).encode())
    shown.append(repr(Credential.objects.of_client(client).get(pk=credential.pk).__dict__).encode())


def _dump() -> bytes:
    """The whole data base as pg_dump writes it: rows, sessions, jobs, the trail."""
    parts = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
    told = {name: str(parts[key]) for key, name in names.items() if parts.get(key)}
    told |= {"PGPASSWORD": parts["password"]} if parts.get("password") else {}
    done = subprocess.run(
        [str(find_binaries() / "pg_dump"), "--inserts"],
        env={**os.environ, **told},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
