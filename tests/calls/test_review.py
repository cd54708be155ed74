"""The quarterly review: what it tells, on the page and on paper, and the owner's word for it."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from obieg.calls.permissions.models import Family, Grant, Reading
from obieg.calls.review import Quarter, Review, review_of
from obieg.calls.review_pdf import findings
from obieg.calls.reviewed import OnlyOwnerReviews, confirm, confirmation_of
from obieg.logins.models import SecondFactor
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.office.rights import OfficeRole
from obieg.vault.models import Credential, CredentialKind, CredentialUse

pytestmark = pytest.mark.django_db

ALL = ["InvoiceRead", "InvoiceWrite", "CredentialsManage"]


@pytest.fixture
def ewa(db: None) -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa Wilk", sees_all_clients=True)


@pytest.fixture
def bor(db: None) -> Client:
    return Client.objects.create(
        nip="9990000029", name="Bór sp. z o.o.", environment=KsefEnvironment.TEST
    )


def hold(client: Client | None, **told: Any) -> Credential:
    """A credential whose secret opens nothing."""
    usual = {
        "kind": CredentialKind.TOKEN,
        "environment": KsefEnvironment.TEST,
        "label": "token z biura",
        "fingerprint": "0" * 64,
        "valid_to": timezone.now() + timedelta(days=40),
        "ciphertext": b"x",
        "wrapped_key": b"x",
        "master_key_id": "",
    }
    return Credential.objects.create(client=client, **{**usual, **told})


def use(credential: Credential, actor: Operator | None, *, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    CredentialUse.objects.create(credential=credential, actor=actor, purpose="próba", at=at)


def pages(visitor: Visitor) -> str:
    """The text of the PDF, its spaces evened out."""
    content = visitor.get(reverse("credentials-review-file")).content
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join(text.split())


def logged_in(operator: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(operator)
    return visitor


def only(review: Review) -> Any:
    (one,) = review.held
    return one


@pytest.mark.parametrize(
    ("day", "first", "last", "name"),
    [
        (date(2026, 11, 21), date(2026, 10, 1), date(2026, 12, 31), "IV kwartał 2026"),
        (date(2027, 3, 31), date(2027, 1, 1), date(2027, 3, 31), "I kwartał 2027"),
        (date(2027, 4, 1), date(2027, 4, 1), date(2027, 6, 30), "II kwartał 2027"),
    ],
)
def test_a_quarter_knows_its_days(day: date, first: date, last: date, name: str) -> None:
    quarter = Quarter.of(day)
    assert (quarter.first, quarter.last, str(quarter)) == (first, last, name)


def test_what_is_held_is_compared_with_what_is_needed(ewa: Operator, bor: Client) -> None:
    hold(bor, held=["CredentialsManage"], held_at=timezone.now())
    one = only(review_of(ewa))
    assert one.missing == ["przeglądanie faktur"]
    assert one.beyond == ["zarządzanie uprawnieniami"]


def test_a_credential_that_was_never_tried_is_not_blamed(ewa: Operator, bor: Client) -> None:
    hold(bor)
    one = only(review_of(ewa))
    assert (one.is_asked, one.missing, one.beyond) == (False, [], [])


def test_it_tells_how_often_and_by_whom_it_was_used_in_the_quarter(
    ewa: Operator, bor: Client
) -> None:
    used = hold(bor)
    use(used, None, days_ago=200)
    assert only(review_of(ewa)).is_idle
    use(used, ewa)
    use(used, None)
    uses = only(review_of(ewa)).uses
    assert (uses.count, uses.last_by, uses.who) == (2, "Obieg", ("Ewa Wilk", "Obieg"))


def test_who_reaches_credentials_without_a_second_factor_is_named(ewa: Operator) -> None:
    technical = Operator.objects.create_user("jan", name="Jan Lis", role=OfficeRole.TECHNICAL)
    Operator.objects.create_user("ola", name="Ola Bąk", role=OfficeRole.ACCOUNTANT)
    SecondFactor.objects.create(
        operator=technical,
        confirmed_at=timezone.now(),
        ciphertext=b"",
        wrapped_key=b"",
        master_key_id="",
    )
    review = review_of(ewa)
    assert [one.operator.login for one in review.keepers] == ["ewa", "jan"]
    assert [one.operator.login for one in review.unguarded] == ["ewa"]
    assert review.others_without == 1


def test_what_asks_for_a_decision_is_counted(ewa: Operator, bor: Client) -> None:
    hold(bor, held=ALL, held_at=timezone.now())
    hold(bor, active=False, label="dawny", valid_to=timezone.now() - timedelta(days=1))
    hold(bor, active=False, label="zniszczony", shredded_at=timezone.now())
    assert findings(review_of(ewa)) == [
        "Tokeny, które działają tylko do 31.12.2026: 2",
        "Po terminie ważności: 1",
        "Wycofane z użycia, do unieważnienia i zniszczenia: 1",
        "Tokeny z prawami ponad potrzebę: 1",
        "W użyciu, ale bez użycia w tym kwartale: 1",
        "Klienci, u których nie odczytano wszystkich uprawnień: 1",
        "Operatorzy z prawami do poświadczeń bez drugiego składnika: 1",
    ]


def test_the_page_and_the_paper_tell_the_same(ewa: Operator, bor: Client) -> None:
    row = hold(bor, held=ALL, held_at=timezone.now(), created_by=ewa)
    use(row, ewa)
    hold(None, label="certyfikat biura", kind=CredentialKind.CERTIFICATE)
    hold(bor, active=False, label="dawny", shredded_at=timezone.now())
    visitor = logged_in(ewa)
    shown, printed = visitor.get(reverse("credentials-review")).content.decode(), pages(visitor)
    for text in (
        "Bór sp. z o.o.",
        "token z biura",
        "certyfikat biura",
        "zarządzanie uprawnieniami",
    ):
        assert text in shown
        assert text in printed
    for text in ("Podpis właściciela biura", "Zniszczone w tym kwartale", "BRAK", "Ewa Wilk"):
        assert text in printed


def a_grant(client: Client, name: str) -> Grant:
    return Grant.objects.create(
        client=client,
        environment=client.environment,
        family=Family.PERSON,
        ksef_id=name,
        scope="InvoiceRead",
        holder_kind="Nip",
        holder_value="9990000066",
        holder_name=name,
        since=timezone.now(),
    )


def test_strangers_with_permissions_in_ksef_are_named(ewa: Operator, bor: Client) -> None:
    a_grant(bor, "Obca Kancelaria")
    review = review_of(ewa)
    assert [one.grant.holder_name for one in review.strangers] == ["Obca Kancelaria"]
    visitor = logged_in(ewa)
    assert "Obca Kancelaria" in visitor.get(reverse("credentials-review")).content.decode()
    assert "Obca Kancelaria" in pages(visitor)


def test_who_issues_for_the_client_needs_to_be_allowed_to(ewa: Operator, bor: Client) -> None:
    hold(bor, held=["InvoiceRead"], held_at=timezone.now())
    assert only(review_of(ewa)).missing == []
    read = {"environment": bor.environment, "listed_at": timezone.now()}
    Reading.objects.create(client=bor, issues=True, **read)
    assert only(review_of(ewa)).missing == ["wystawianie faktur"]


def test_nothing_of_a_foreign_client_is_told(ewa: Operator, bor: Client) -> None:
    hold(bor)
    jan = Operator.objects.create_user("jan", name="Jan Lis", role=OfficeRole.TECHNICAL)
    visitor = logged_in(jan)
    assert "Bór" not in visitor.get(reverse("credentials-review")).content.decode()
    assert "Bór" not in pages(visitor)


def test_the_owner_s_word_is_on_the_trail_and_on_the_paper(ewa: Operator, bor: Client) -> None:
    hold(bor)
    visitor = logged_in(ewa)
    assert (
        "nikt jeszcze nie potwierdził"
        in visitor.get(reverse("credentials-review")).content.decode()
    )
    sent = visitor.post(reverse("credentials-review-confirm"), {"note": "token Boru do wymiany"})
    assert sent.status_code == 302
    event = Event.objects.across_clients().get(kind="confirm")
    assert (event.actor, event.thing) == (ewa, "vault.review")
    assert event.after["credentials"] == event.after["tokens"] == 1
    assert event.after["without_second_factor"] == ["ewa"]
    assert "✓ Przejrzane" in visitor.get(reverse("credentials-review")).content.decode()
    assert "token Boru do wymiany" in pages(visitor)


def test_only_an_owner_who_sees_everything_gives_his_word(ewa: Operator, bor: Client) -> None:
    half = Operator.objects.create_user("ola", name="Ola Bąk", role=OfficeRole.OWNER)
    jan = Operator.objects.create_user(
        "jan", name="Jan Lis", role=OfficeRole.TECHNICAL, sees_all_clients=True
    )
    for who in (half, jan):
        with pytest.raises(OnlyOwnerReviews):
            confirm(review_of(who), note="", actor=who)
        logged_in(who).post(reverse("credentials-review-confirm"))
    assert confirmation_of(Quarter.of(timezone.localdate())) is None
