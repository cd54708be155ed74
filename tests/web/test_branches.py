"""Pages of branches: taking one on, where it is shown, and what its numbers are locked by."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel
from obieg.office.branches import Inherited, locks_of
from obieg.office.models import Assignment, Client, Event, UnitKind
from obieg.posting.models import Account, Profile, Rule
from obieg.sales.models import BankAccount, SellerProfile
from obieg.sales.numbering import series_for
from obieg.vault.credentials import add_token
from obieg.vault.models import Credential
from tests.office.units import a_branch, internal
from tests.posting.factories import invented_nip, purchase
from tests.web.conftest import Visitor
from tests.web.offices import Office, own_rule


def typed(office: Office, **changes: object) -> dict[str, object]:
    usual = {
        "unit_name": "Oddział Łódź",
        "unit_kind": "internal",
        "internal_id": internal(office.bor.nip)[-5:],
        "posts_here": "on",
        **dict.fromkeys(Inherited.values, "on"),
    }
    return usual | changes


def taken_on(office: Office, ewa: Visitor, **changes: object) -> Client:
    answer = ewa.post(reverse("clients-branch", args=[office.bor.pk]), typed(office, **changes))
    branch = Client.objects.across_clients().get(branch_of=office.bor)
    assert answer["Location"] == reverse("clients-page", args=[branch.pk])
    return branch


def test_a_branch_takes_over_books_sales_and_operators(office: Office, ewa: Visitor) -> None:
    bor = office.bor
    own_rule(bor, office.anna)
    Account.objects.create(client=bor, number="501-77", name="Oddziały")
    Profile.objects.of_client(bor).update(purchase_register="ZAKUP-B")
    SellerProfile.objects.create(client=bor, address1="ul. Sadowa 1", payment_days=21)
    BankAccount.objects.create(client=bor, number="73111111111111111111111111")
    branch = taken_on(office, ewa)
    assert branch.context == internal(bor.nip)
    assert branch.accounting_form == bor.accounting_form
    assert Account.objects.of_client(branch).filter(number="501-77").exists()
    assert Profile.objects.of_client(branch).get().purchase_register == "ZAKUP-B"
    assert Rule.objects.of_client(branch).filter(name="Bór: olej").exists()
    profile = SellerProfile.objects.of_client(branch).get()
    assert (profile.payment_days, profile.address1) == (21, "")
    assert BankAccount.objects.of_client(branch).exists()
    assert Assignment.objects.filter(client=branch, operator=office.anna).exists()
    assert Channel.objects.of_client(branch).count() == 3
    event = Event.objects.of_client(branch).get(kind="create")
    assert event.after["branch_of"] == bor.pk


def test_a_branch_that_takes_over_nothing_has_the_books_of_a_new_client(
    office: Office, ewa: Visitor
) -> None:
    branch = taken_on(office, ewa, **dict.fromkeys(Inherited.values, ""))
    assert Account.objects.of_client(branch).filter(number="402-01").exists()
    assert Profile.objects.of_client(branch).exists()
    assert not Assignment.objects.filter(client=branch).exists()


def test_a_unit_with_its_own_nip_needs_no_identifier(office: Office, ewa: Visitor) -> None:
    nip = invented_nip(4321)
    branch = taken_on(office, ewa, unit_kind="jst", nip=nip, internal_id="")
    assert (branch.context, branch.taxpayer) == (nip, office.bor)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"internal_id": "00010"}, "Ostatnia cyfra jest kontrolna i powinna być"),
        ({"internal_id": "123"}, "Identyfikator zaczyna się NIP centrali"),
        ({"internal_id": ""}, "Identyfikator zaczyna się NIP centrali"),
        ({"unit_kind": "jst"}, "To nie jest poprawny NIP"),
        ({"unit_name": ""}, "To pole jest wymagane"),
    ],
)
def test_a_branch_that_cannot_be_added_says_why_and_keeps_the_typing(
    office: Office, ewa: Visitor, changes: dict[str, object], words: str
) -> None:
    wrong = changes
    if changes.get("internal_id") == "00010":
        right = internal(office.bor.nip)
        wrong = {"internal_id": right[-5:-1] + str((int(right[-1]) + 1) % 10)}
    answer = ewa.post(reverse("clients-branch", args=[office.bor.pk]), typed(office, **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Client.objects.across_clients().filter(branch_of=office.bor).exists()


def test_the_same_identifier_is_taken_once(office: Office, ewa: Visitor) -> None:
    taken_on(office, ewa)
    answer = ewa.post(reverse("clients-branch", args=[office.bor.pk]), typed(office))
    assert "W tym kontekście pracuje już" in answer.content.decode()


def test_a_branch_has_no_branches_of_its_own(office: Office, ewa: Visitor) -> None:
    branch = a_branch(office.bor)
    assert ewa.get(reverse("clients-branch", args=[branch.pk])).status_code == 404


def test_head_and_branch_show_each_other_as_far_as_the_operator_sees(
    office: Office, ewa: Visitor, anna: Visitor
) -> None:
    branch = a_branch(office.bor)
    of_bor = reverse("clients-page", args=[office.bor.pk])
    of_branch = reverse("clients-page", args=[branch.pk])
    assert of_branch in ewa.get(of_bor).content.decode()
    assert of_bor in ewa.get(of_branch).content.decode()
    assert of_branch not in anna.get(of_bor).content.decode()  # not assigned to it
    assert anna.get(of_branch).status_code == 404


def test_lists_put_a_branch_after_its_head_and_find_it_by_its_identifier(
    office: Office, ewa: Visitor
) -> None:
    branch = a_branch(office.bor)
    rows = ewa.get(reverse("clients")).context["rows"]
    assert [row.client for row in rows] == [office.bor, branch, office.cis]
    found = ewa.get(reverse("clients"), {"szukaj": branch.internal_id}).context["rows"]
    assert [row.client for row in found] == [branch]


def test_the_data_of_a_branch_are_changed_under_its_own_name(office: Office, ewa: Visitor) -> None:
    branch = a_branch(office.bor)
    data = {
        "unit_name": "Oddział Zgierz",
        "accounting_form": "full_books",
        "vat_period": "month",
        "sync_interval": "60",
        "active": "on",
    }
    ewa.post(reverse("clients-edit", args=[branch.pk]), data)
    branch.refresh_from_db()
    assert branch.name == "Bór sp. z o.o. – Oddział Zgierz"
    assert not branch.posts_here


class TestIdentity:
    def test_it_is_changed_while_nothing_hangs_on_it(self, office: Office, ewa: Visitor) -> None:
        branch = a_branch(office.bor)
        page = reverse("clients-identity", args=[branch.pk])
        ensure_channels(branch)
        Channel.objects.of_client(branch).update(position="2026-11-20T00:00Z")
        wanted = internal(office.bor.nip, "0777")
        ewa.post(page, {"internal_id": wanted[-5:]})
        branch.refresh_from_db()
        assert branch.internal_id == wanted
        channel = Channel.objects.of_client(branch).get(role="Subject3")
        assert channel.position < datetime(2026, 11, 20, tzinfo=UTC), "it begins anew"
        event = Event.objects.of_client(branch).get(kind="change_identity")
        assert (event.before, event.after) == (
            {"context": internal(office.bor.nip)},
            {"context": wanted},
        )

    def test_an_attached_credential_locks_it_on_the_page_and_in_the_database(
        self, office: Office, ewa: Visitor
    ) -> None:
        branch = a_branch(office.bor)
        add_token(branch, "a" * 40, environment=branch.environment, label="Token Łodzi", actor=None)
        page = reverse("clients-identity", args=[branch.pk])
        assert "„Token Łodzi”" in ewa.get(page).content.decode()
        answer = ewa.post(page, {"internal_id": internal(office.bor.nip, "0777")})
        assert answer.status_code == 422
        assert "najpierw wycofaj je" in answer.content.decode()
        assert "office.identity_locked" in answer.content.decode()
        changes = {"internal_id": internal(office.bor.nip, "0777")}
        rows = Client.objects.of_client(branch.pk)
        with pytest.raises(IntegrityError, match="credential is attached"), transaction.atomic():
            rows.update(**changes)
        Credential.objects.of_client(branch).update(active=False, on_trial=True)
        with pytest.raises(IntegrityError, match="credential is attached"), transaction.atomic():
            rows.update(**changes)
        Credential.objects.of_client(branch).update(active=False, on_trial=False)
        assert ewa.post(page, changes).status_code == 302

    def test_the_head_is_locked_by_its_branches(self, office: Office, ewa: Visitor) -> None:
        a_branch(office.bor)
        page = reverse("clients-identity", args=[office.bor.pk])
        answer = ewa.post(page, {"nip": invented_nip(4321)})
        assert "zaczynają się tym NIP" in answer.content.decode()

    def test_a_client_is_locked_by_its_documents(self, office: Office, ewa: Visitor) -> None:
        purchase(office.cis)
        assert locks_of(office.cis) == ["są już pobrane dokumenty"]
        page = reverse("clients-identity", args=[office.cis.pk])
        assert ewa.post(page, {"nip": invented_nip(4321)}).status_code == 422

    def test_it_is_not_taken_from_another(self, office: Office, ewa: Visitor) -> None:
        own = a_branch(office.bor, unit_kind=UnitKind.OWN, nip=invented_nip(4321))
        page = reverse("clients-identity", args=[own.pk])
        answer = ewa.post(page, {"nip": office.cis.nip})
        assert "W tym kontekście pracuje już „Cis Jan Cis”" in answer.content.decode()


def test_a_branchs_usual_numbers_differ_from_its_heads(office: Office) -> None:
    branch = a_branch(office.bor)
    assert series_for(office.bor, "VAT").pattern == "FV/{nr}/{mm}/{rrrr}"
    suffix = branch.internal_id[-5:]
    assert series_for(branch, "VAT").pattern == f"FV/{{nr}}/{{mm}}/{{rrrr}}/{suffix}"
