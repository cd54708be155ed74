"""The file holds everything of one client, nothing of others, no secret, and proves itself."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.inbox.models import InvoiceXml
from obieg.office.models import Client, Event, Operator
from obieg.retention import handing
from obieg.retention.archive.sheets import SHEETS
from obieg.retention.errors import UnderWay
from obieg.retention.models import Handover, HandoverPiece
from obieg.vault.credentials import add_token
from tests.posting.factories import ClientFactory, OperatorFactory, purchase

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "20261121-EC-SECRET-TOKEN-VALUE|nip-9990000018|0123456789abcdef"


def made(client: Client, ewa: Operator) -> Handover:
    handing.make(handing.ask(client, actor=ewa).pk)
    return Handover.objects.of_client(client).latest("pk")


def bytes_of(handover: Handover, ewa: Operator) -> bytes:
    return b"".join(handing.given(handover, actor=ewa))


def opened(client: Client, ewa: Operator) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bytes_of(made(client, ewa), ewa)))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_xml_is_as_it_was_received(bor: Client, ewa: Operator) -> None:
    archive = opened(bor, ewa)
    stored = {bytes(row.xml) for row in InvoiceXml.objects.of_client(bor)}
    inner = [name for name in archive.namelist() if name.startswith("faktury/")]
    given = set()
    for name in inner:
        with zipfile.ZipFile(io.BytesIO(archive.read(name))) as month:
            given |= {month.read(one) for one in month.namelist()}
    assert given == stored
    assert len(given) == 3


def test_the_manifest_has_the_digest_of_every_file(bor: Client, ewa: Operator) -> None:
    archive = opened(bor, ewa)
    told = {
        one["plik"]: one["sha256"] for one in json.loads(archive.read("manifest.json"))["pliki"]
    }
    found = {
        name: hashlib.sha256(archive.read(name)).hexdigest()
        for name in archive.namelist()
        if name != "manifest.json"
    }
    assert told == found
    assert "README.txt" in told
    assert {sheet.path for sheet in SHEETS} <= set(told)


def test_the_tables_say_what_the_client_has(bor: Client, ewa: Operator) -> None:
    archive = opened(bor, ewa)
    documents = table(archive, "dokumenty.csv")
    assert {row["Numer"] for row in documents} == {"ZAKUP/1", "ZAKUP/2", "S/1/2026"}
    assert {row["Rodzaj"] for row in documents} == {"Zakup", "Sprzedaż"}
    entries = table(archive, "dziennik.csv")
    assert {row["Strona"] for row in entries} == {"Wn", "Ma"}
    assert all("," in row["Kwota"] for row in entries)
    assert len(table(archive, "kontrahenci.csv")) == 1
    assert table(archive, "slad.csv")
    card = json.loads(archive.read("klient.json"))
    assert (card["NIP"], card["nazwa"]) == (bor.nip, bor.name)


def test_it_has_nothing_of_others_and_no_secret(bor: Client, ewa: Operator) -> None:
    other = ClientFactory(name="Cudza Firma")
    purchase(other, number="CUDZA/1")
    add_token(bor, SECRET, environment=bor.environment, label="token", actor=ewa)
    archive = opened(bor, ewa)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert other.nip.encode() not in everything
    assert b"CUDZA" not in everything
    assert SECRET.encode() not in everything
    assert table(archive, "poswiadczenia.csv")[0]["Nazwa"] == "token"


def test_a_formula_in_a_name_is_disarmed(bor: Client, ewa: Operator) -> None:
    purchase(bor, number="ZAKUP/3", seller_name="=HYPERLINK(1)")
    rows = table(opened(bor, ewa), "dokumenty.csv")
    assert "'=HYPERLINK(1)" in {row["Sprzedawca"] for row in rows}


def test_it_is_told_how_far_it_is_and_the_digest_is_of_the_file(
    bor: Client, ewa: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "PIECE", 1000)
    handover = made(bor, ewa)
    body = bytes_of(handover, ewa)
    assert handover.total == handover.done == 3
    assert (handover.size, handover.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert HandoverPiece.objects.of_client(bor).count() > 5


def test_cut_in_the_middle_it_is_made_anew(
    bor: Client, ewa: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "PIECE", 1000)
    handover = handing.ask(bor, actor=ewa)
    with monkeypatch.context() as broken:
        broken.setattr(handing.Pieces, "finish", lambda _: exit(1))
        with pytest.raises(SystemExit):
            handing.make(handover.pk)
    handing.make(handover.pk)
    handover = Handover.objects.of_client(bor).get()
    assert handover.state == "ready"
    assert zipfile.ZipFile(io.BytesIO(bytes_of(handover, ewa))).testzip() is None


def test_what_never_came_about_is_given_up_after_a_day(bor: Client, ewa: Operator) -> None:
    handing.ask(bor, actor=ewa)
    Handover.objects.of_client(bor).update(asked_at=timezone.now() - timedelta(days=2))
    handing.expire()
    assert Handover.objects.of_client(bor).get().state == "failed"
    assert made(bor, ewa).state == "ready"


def test_one_is_made_at_once(bor: Client, ewa: Operator) -> None:
    handing.ask(bor, actor=ewa)
    with pytest.raises(UnderWay):
        handing.ask(bor, actor=ewa)


def test_only_who_asked_takes_it_and_the_trail_tells(bor: Client, ewa: Operator) -> None:
    handover = made(bor, ewa)
    address = reverse("retention-file", args=[handover.pk])
    own, other = Visitor(), Visitor()
    own.force_login(ewa)
    other.force_login(OperatorFactory(owner=True))
    assert other.get(address).status_code == 404
    response = own.get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[:2] == b"PK"
    kinds = Event.objects.of_client(bor).filter(thing="retention.handover")
    assert "download" in kinds.values_list("kind", flat=True)


def test_after_its_days_it_is_gone(bor: Client, ewa: Operator) -> None:
    handover = made(bor, ewa)
    past = timezone.now() - timedelta(minutes=1)
    Handover.objects.of_client(bor).update(expires_at=past)
    own = Visitor()
    own.force_login(ewa)
    assert own.get(reverse("retention-file", args=[handover.pk])).status_code == 404
    assert handing.expire() == 1
    assert not HandoverPiece.objects.of_client(bor).exists()
    assert handing.expire() == 0
