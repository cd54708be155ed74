"""What the vault has to be told about: a key half changed, renewals refused, warnings once each."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from obieg.calls.models import Ending, Revocation
from obieg.mail.models import Letter
from obieg.office.models import Client, Operator
from obieg.vault import key_ring
from obieg.vault.master import MasterKey
from obieg.vault.models import Credential, Enrolment
from obieg.watch import alerts
from obieg.watch.checks.table import CHECK_OF, findings
from obieg.watch.findings import Finding, Look
from obieg.watch.models import Alert, WatchSettings
from obieg.watch.telling import tell
from tests.watch.conftest import a_credential, look

pytestmark = pytest.mark.django_db


def found(code: str, at: Look | None = None) -> list[Finding]:
    return list(findings(at or look(), [CHECK_OF[code]]))


def test_a_change_of_the_master_key_is_told_after_a_day() -> None:
    rotation = key_ring.pair(MasterKey(bytes(32)), MasterKey(bytes(range(32))))
    rotation.save()
    now = timezone.now()
    assert found("vault.rotation", look(now=now + timedelta(hours=23))) == []
    (told,) = found("vault.rotation", look(now=now + timedelta(hours=25)))
    assert "niezakończona" in told.text
    assert "obieg vault rotate --finish" in told.text
    rotation.finished_at = now
    rotation.save()
    assert found("vault.rotation", look(now=now + timedelta(hours=25))) == []


def refused(client: Client, **changes: object) -> Enrolment:
    usual = {
        "client": client,
        "owner": client,
        "environment": client.environment,
        "usage": "authentication",
        "name": "Obieg próbny",
        "state": "refused",
        "sealed_key": b"",
        "error_text": "KSeF odmówił.",
    }
    return Enrolment.objects.create(**{**usual, **changes})


def test_a_refused_renewal_is_told_and_presses_in_the_last_week(bor: Client) -> None:
    soon = a_credential(bor, days=20)
    Credential.objects.of_client(bor).filter(pk=soon.pk).update(
        created_at=timezone.now() - timedelta(days=700)
    )
    assert found("credentials.renewal") == []
    refused(bor)
    (told,) = found("credentials.renewal")
    assert (told.severity, told.client_id) == ("watch", bor.pk)
    assert told.text.endswith("nie odnowił się: KSeF odmówił.")
    (told,) = found("credentials.renewal", look(now=timezone.now() + timedelta(days=14)))
    assert told.severity == "stop"


def test_an_operator_s_own_certificate_is_warned_of_apart(bor: Client, anna: Operator) -> None:
    a_credential(None, days=20, operator=anna)
    (told,) = found("credentials.operator")
    assert "wygasa" in told.text
    assert found("credentials.office") == []


def test_what_has_not_ended_is_told(bor: Client) -> None:
    ending = Ending.objects.create(client=bor, state="failed", error_text="KSeF nie odpowiada")
    former = a_credential(bor)
    a_credential(bor)
    Revocation.objects.create(client=bor, credential=former, state="failed", error_text="nie ma")
    Client.objects.of_client(bor.pk).update(active=False)
    told = {one.subject: one for one in found("credentials.unended")}
    assert set(told) == {f"ending-{ending.pk}", f"revocation-{former.revocation.pk}"}
    Ending.objects.of_client(bor).update(state="done")
    assert len(found("credentials.unended")) == 1


def test_the_end_is_warned_of_six_times_by_page_and_by_letter_and_no_oftener(bor: Client) -> None:
    """Day by day with a moved clock, from 70 days before the end to the last one."""
    WatchSettings.objects.create(recipients=["ewa@biuro.example"])
    credential = a_credential(bor, days=70)
    assert credential.valid_to is not None
    days = []
    for left in range(70, 0, -1):
        for hours in (0, 6):
            at = look(now=credential.valid_to - timedelta(days=left, hours=-hours, minutes=-1))
            alerts.evaluate(findings(at, [CHECK_OF["credentials.expiring"]]), at.now)
            before = Letter.objects.across_clients().count()
            tell(at)
            if Letter.objects.across_clients().count() > before:
                days.append(left)
    assert days == [60, 30, 14, 7, 3, 1]
    raised = Alert.objects.across_clients().filter(code="credentials.expiring")
    assert raised.count() == 6
    texts = Letter.objects.across_clients().order_by("pk").values_list("text", flat=True)
    for text, left in zip(texts, days, strict=True):
        words = "za 1 dzień" if left == 1 else f"za {left} dni"
        assert words in re.split(r"\n\nUstało", text)[0]
