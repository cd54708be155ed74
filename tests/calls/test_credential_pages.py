"""Pages of credentials: the plan, a trial, a signature from outside, and the end."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Visitor
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook

from ksef_emulator.testing import Emulator
from obieg.calls import ending, moving
from obieg.calls.enrolment import carry
from obieg.calls.gateways import open_gateway
from obieg.calls.models import Ending
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel
from obieg.office.models import Client, Event, Operator
from obieg.sales.models import ApiToken
from obieg.vault.credentials import add_token, credential_for
from obieg.vault.models import AccessGrant, Enrolment, Move
from tests.calls.test_gateways import look
from tests.calls.test_moving import (
    FIRM,
    OFFICE,
    READ,
    WRITE,
    client,
    emulator,
    grant,
    keep,
    signed,
    stored,
)
from tests.ksef_emulator.certificates import seal
from tests.posting.factories import invented_nip

__all__ = ["client", "emulator"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(transactional_db: None) -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa Próbna", sees_all_clients=True)


@pytest.fixture
def ewa(owner: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(owner)
    return visitor


def text(visitor: Visitor, name: str, *args: int) -> str:
    response = visitor.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_plan_counts_the_tokens_and_says_what_to_do(ewa: Visitor, client: Client) -> None:
    shown = text(ewa, "credentials-plan")
    assert "1 klient na tokenie" in shown
    assert "Podpisz żądanie albo dodaj certyfikat" in shown
    assert "Przejdź u wszystkich" not in shown


def test_one_button_moves_every_client_that_granted_the_office(
    ewa: Visitor, client: Client, emulator: Emulator
) -> None:
    office = keep(None, seal(OFFICE))
    grant(emulator, READ, WRITE)
    assert "Przejdź u wszystkich, u których się da (1)" in text(ewa, "credentials-plan")

    assert ewa.post(reverse("credentials-move-all")).status_code == 302

    move = Move.objects.of_client(client).get()
    assert ProcrastinateJob.objects.filter(queueing_lock=f"move-{move.pk}").exists()
    assert "w toku: 1" in text(ewa, "credentials-plan")
    moving.carry(move.pk)
    assert credential_for(client) == office
    shown = text(ewa, "credentials-plan")
    assert "nikt nie korzysta z tokena" in shown
    assert "1 z 1" in shown


def test_the_connection_is_tried_and_what_is_missing_is_named(
    ewa: Visitor, client: Client, emulator: Emulator
) -> None:
    token = emulator.control.make_token(FIRM, ["InvoiceRead"])["token"]
    add_token(client, token, environment="emulator", label="czyta", actor=None)
    shown = ewa.post(reverse("clients-credentials-try", args=[client.pk])).content.decode()
    assert "✓ jest uprawnienie" in shown
    assert "brak uprawnienia InvoiceWrite" in shown


def test_a_trial_that_fails_says_why(ewa: Visitor, client: Client, emulator: Emulator) -> None:
    emulator.control.add_fault("status", path="/auth/ksef-token", status=400)
    response = ewa.post(reverse("clients-credentials-try", args=[client.pk]))
    assert response.status_code == 422
    assert "KSeF nie przyjął poświadczenia" in response.content.decode()


def test_a_request_goes_out_comes_back_signed_and_becomes_a_certificate(
    ewa: Visitor, client: Client
) -> None:
    token = credential_for(client)
    request = ewa.post(reverse("clients-credentials-request", args=[client.pk]))
    assert request["Content-Disposition"].endswith(f'AuthTokenRequest-{FIRM}.xml"')
    document = signed(request.content, seal(FIRM))
    upload = SimpleUploadedFile("podpisane.xml", document)
    sent = ewa.post(reverse("clients-credentials-signed", args=[client.pk]), {"document": upload})
    assert sent.status_code == 302
    assert "✓ dostęp podpisany" in text(ewa, "clients-credentials", client.pk)

    ewa.post(reverse("clients-credentials-enrol", args=[client.pk]))
    carry(Enrolment.objects.of_client(client).get().pk)

    assert "certyfikat</span>" in text(ewa, "credentials-plan")
    assert "Unieważnij w KSeF i zniszcz" in text(ewa, "clients-credentials", client.pk)
    ewa.post(reverse("credentials-retire", args=[token.pk]))
    ended = stored(token)
    assert ended.revoked_at is not None
    assert ended.shredded_at is not None


def test_a_credential_in_use_is_not_destroyed_by_its_button(ewa: Visitor, client: Client) -> None:
    token = credential_for(client)
    response = ewa.post(reverse("credentials-retire", args=[token.pk]))
    assert response.status_code == 422
    assert stored(token).active


def test_the_end_of_a_cooperation_leaves_a_protocol_and_nothing_else(
    ewa: Visitor, owner: Operator, client: Client, emulator: Emulator
) -> None:
    token = credential_for(client)
    ensure_channels(client)
    key, _ = ApiToken.issue(owner, name="sklep", client=client)
    with open_gateway(client, purpose="próba") as gateway:
        look(gateway)
    address = reverse("clients-ending", args=[client.pk])
    assert "Token KSeF" in ewa.get(address).content.decode()
    assert ewa.post(address, {"nip": "9990000035"}).status_code == 422

    assert ewa.post(address, {"nip": client.nip, "in_ksef": "on"}).status_code == 302
    assert "⟳ czeka" in text(ewa, "clients-ending-progress", client.pk)
    assert ending.carry(Ending.objects.of_client(client).get().pk) is None
    assert "Współpracę zakończono" in text(ewa, "clients-ending-progress", client.pk)

    ended = Client.objects.of_client(client.pk).get()
    assert not ended.active
    assert not Channel.objects.of_client(client).filter(enabled=True).exists()
    assert ApiToken.objects.get(pk=key.pk).revoked_at is not None
    assert not AccessGrant.objects.of_client(client).exists()
    assert set(bytes(stored(token).ciphertext)) == {0}
    shown = text(ewa, "clients-ending-protocol", client.pk)
    for told in (
        "unieważniono w KSeF; zniszczono",
        "Klucz API „sklep”",
        "Ewa Próbna",
        "kanałów: 4",
    ):
        assert told in shown
    event = Event.objects.of_client(client).get(kind="end_cooperation")
    assert event.after["shredded"][0]["fingerprint"] == token.fingerprint


def test_while_ksef_is_out_the_end_waits_and_may_be_finished_without_it(
    ewa: Visitor, client: Client, emulator: Emulator
) -> None:
    token = credential_for(client)
    emulator.control.announce_outage()
    address = reverse("clients-ending", args=[client.pk])
    assert ewa.post(address, {"nip": client.nip, "in_ksef": "on"}).status_code == 302
    asked = Ending.objects.of_client(client).get()

    assert ending.carry(asked.pk) is not None
    assert "Następna próba" in text(ewa, "clients-ending-progress", client.pk)
    assert stored(token).shredded_at is None
    assert ewa.get(address).headers["Location"].endswith("/postep/"), "no second one beside it"

    assert ending.carry(asked.pk, failures=ending.PATIENCE) is None
    assert "Dokończ bez unieważniania" in text(ewa, "clients-ending-progress", client.pk)
    ewa.post(reverse("clients-ending-repeat", args=[client.pk]), {"tylko-tutaj": "1"})
    assert ending.carry(asked.pk) is None
    assert stored(token).shredded_at is not None
    assert stored(token).revoked_at is None
    pdf = ewa.get(reverse("clients-ending-protocol-file", args=[client.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    again = ewa.get(reverse("clients-ending-protocol-file", args=[client.pk]))
    assert again.content == pdf.content


def test_the_audit_s_list_names_every_credential(ewa: Visitor, client: Client) -> None:
    ewa.post(reverse("clients-credentials-try", args=[client.pk]))
    book = CalamineWorkbook.from_filelike(BytesIO(ewa.get(reverse("credentials-sheet")).content))
    headings, row = book.get_sheet_by_index(0).to_python()
    told = dict(zip(headings, row, strict=True))
    assert told["Klient"] == client.name
    assert (told["Rodzaj"], told["Stan"], told["Użyć"]) == ("Token KSeF", "w użyciu", 1)
    assert "przeglądanie faktur" in told["Uprawnienia"]


def test_who_orders_by_the_offices_certificate_is_told_that_it_will_be_the_offices(
    ewa: Visitor, client: Client
) -> None:
    keep(None, seal(OFFICE))
    other = Client.objects.create(
        nip=invented_nip(77), name="Bez własnego", environment=client.environment
    )
    assert "certyfikat biura</strong>" in text(ewa, "clients-credentials", other.pk)
    assert "certyfikat biura</strong>" not in text(ewa, "clients-credentials", client.pk)
