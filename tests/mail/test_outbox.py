"""Letters are sent once for each occasion, tried again later, and never in silence lost."""

import pytest
from django.db import transaction
from django.test import Client as Visitor
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.mail.models import Attachment, Letter, MailServer
from obieg.mail.outbox import File, queue_letter, send_again, send_letter
from obieg.mail.server import set_password
from obieg.office.models import Event, Operator
from obieg.office.retrying import TryState
from tests.mail.conftest import PASSWORD, PostOffice

pytestmark = pytest.mark.django_db

PDF = File("FV 1-11-2026.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


def a_letter(occasion: str = "sale-1-accepted-buyer") -> Letter:
    letter = queue_letter(
        occasion=occasion,
        recipients=["nabywca@bor.example"],
        subject="Faktura FV 1/11/2026\nod Łąki",
        text="Zażółć gęślą jaźń.",
        files=[PDF],
    )
    assert letter is not None
    return letter


def again(letter: Letter) -> Letter:
    return Letter.objects.across_clients().get(pk=letter.pk)


def waiting() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=Letter.JOB).order_by("pk"))


def test_a_letter_arrives_with_its_text_and_file(
    post_office: PostOffice, server: MailServer
) -> None:
    letter = a_letter()
    send_letter(letter.pk)

    (received,) = post_office.letters
    assert received["Subject"] == "Faktura FV 1/11/2026 od Łąki"
    assert received["From"] == "Biuro Łąka <biuro@bilans.example>"
    body = received.get_body()
    assert body is not None
    assert body.get_content().strip() == "Zażółć gęślą jaźń."
    (attached,) = received.iter_attachments()
    assert attached.get_filename() == PDF.name
    assert attached.get_content() == PDF.content
    assert again(letter).state == TryState.SENT
    assert not Attachment.objects.across_clients().exists()


def test_a_letter_that_was_sent_is_not_sent_again(
    post_office: PostOffice, server: MailServer
) -> None:
    letter = a_letter()
    send_letter(letter.pk)
    send_letter(letter.pk)
    assert len(post_office.letters) == 1


def test_an_occasion_has_one_letter(server: MailServer) -> None:
    a_letter()
    twice = queue_letter(
        occasion="sale-1-accepted-buyer", recipients=["x@y.example"], subject="s", text="t"
    )
    assert twice is None
    assert len(waiting()) == 1


def test_a_letter_is_queued_with_the_transaction_that_asks_for_it(server: MailServer) -> None:
    with transaction.atomic():
        a_letter()
        transaction.set_rollback(True)
    assert not waiting()


def test_a_busy_server_is_asked_again_later(post_office: PostOffice, server: MailServer) -> None:
    post_office.answers = ["451 busy"]
    letter = a_letter()
    send_letter(letter.pk)

    assert again(letter).state == TryState.QUEUED
    assert "451 busy" in again(letter).error_text
    planned = waiting()[-1].scheduled_at
    assert planned is not None
    assert (planned - letter.created_at) >= Letter.DELAYS[0]
    send_letter(letter.pk)
    assert again(letter).state == TryState.SENT


def test_a_server_that_is_away_is_given_up_in_the_end(
    post_office: PostOffice, server: MailServer
) -> None:
    MailServer.objects.update(port=9)  # nobody listens
    letter = a_letter()
    for _ in range(len(Letter.DELAYS)):
        send_letter(letter.pk)
        assert again(letter).state == TryState.QUEUED
    send_letter(letter.pk)
    assert again(letter).state == TryState.FAILED


def test_a_final_refusal_is_not_repeated_until_a_person_asks(
    post_office: PostOffice, server: MailServer
) -> None:
    post_office.answers = ["550 no such user"]
    letter = a_letter()
    send_letter(letter.pk)
    assert again(letter).state == TryState.FAILED

    ewa = Operator.objects.create_user("ewa", "hasło-hasło-1", name="Ewa", sees_all_clients=True)
    send_again(again(letter), actor=ewa)
    send_letter(letter.pk)
    assert again(letter).state == TryState.SENT
    (attached,) = post_office.letters[0].iter_attachments()
    assert attached.get_content() == PDF.content


def test_a_wrong_password_says_what_to_do(post_office: PostOffice, server: MailServer) -> None:
    set_password(server, "inne")
    server.save()
    letter = a_letter()
    send_letter(letter.pk)
    assert again(letter).state == TryState.FAILED
    assert "ustawienia poczty" in again(letter).error_text


def test_without_a_server_the_letter_says_so() -> None:
    letter = a_letter()
    send_letter(letter.pk)
    assert "Ustawieniach poczty" in again(letter).error_text


def test_the_password_is_sealed(server: MailServer) -> None:
    stored = MailServer.objects.get()
    assert PASSWORD.encode() not in bytes(stored.ciphertext)


def test_the_page_keeps_the_password_and_tells_nobody(server: MailServer) -> None:
    ewa = Operator.objects.create_user("ewa", "hasło-hasło-1", name="Ewa", sees_all_clients=True)
    visitor = Visitor()
    visitor.force_login(ewa)
    typed = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "login": "biuro",
        "password_typed": "Nowe-Haslo-77",
        "sender": "nowy@bilans.example",
        "sender_name": "",
    }
    assert visitor.post("/poczta/serwer/", typed).status_code == 302
    assert "Nowe-Haslo-77" not in visitor.get("/poczta/serwer/").content.decode()
    event = Event.objects.across_clients().get(thing="mail.server")
    assert "Nowe-Haslo-77" not in f"{event.before}{event.after}"
    assert event.after["sender"] == "nowy@bilans.example"
