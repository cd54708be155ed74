"""The change of the master key, while others open what is sealed."""

import secrets
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField
from django.utils import timezone

from obieg.inbox.channels import ensure_channels
from obieg.inbox.packages import new_sealed_key
from obieg.mail.models import MailServer
from obieg.mail.server import set_password
from obieg.office.models import Client
from obieg.vault import rotation
from obieg.vault.command import vault
from obieg.vault.credentials import add_token
from obieg.vault.envelope import Binding, seal, unseal, unseal_package_key
from obieg.vault.errors import (
    OtherMasterKey,
    RotationUnderWay,
    RotationUnfinished,
    SealedBroken,
    SealedUnknown,
    SecretTampered,
)
from obieg.vault.master import MasterKey, master_key
from obieg.vault.models import AccessGrant, Credential, Rotation
from obieg.vault.opening import open_credential
from obieg.vault.shredding import shred
from tests.vault.firms import TOKEN, new_client

pytestmark = pytest.mark.django_db(transaction=True)

NIPS = ["9990000029", "9990000035", "9990000041", "9990000012"]
NEW = MasterKey(bytes(range(32)))


def with_tokens(count: int = 3) -> list[Credential]:
    clients = [new_client(nip) for nip in NIPS[:count]]
    return [
        add_token(client, TOKEN, environment="test", label="token", actor=None)
        for client in clients
    ]


def stored(credential: Credential) -> Credential:
    return Credential.objects.across_clients().get(pk=credential.pk)


def opened(credential: Credential) -> str:
    with open_credential(
        credential, actor=None, purpose="próba", client=credential.client
    ) as secret:
        return secret.token


def start_with(monkeypatch: pytest.MonkeyPatch, key: MasterKey) -> None:
    """As a process that was started with `key`."""
    monkeypatch.setenv("OBIEG_MASTER_KEY", key.key.hex())


def all_of(steps: object) -> None:
    list(steps)  # type: ignore[call-overload]


def test_both_keys_open_everything_until_the_end_and_then_the_new_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held, old = with_tokens(), master_key()
    before = bytes(held[0].ciphertext)
    all_of(rotation.rotate(NEW))

    assert {stored(one).master_key_id for one in held} == {NEW.id}
    assert bytes(stored(held[0]).ciphertext) == before, "the secret itself is not touched"
    for key in (old, NEW):
        start_with(monkeypatch, key)
        assert {opened(stored(one)) for one in held} == {TOKEN}
        assert opened(held[0]) == TOKEN, "read before the rotation"
    all_of(rotation.finish())
    assert opened(stored(held[0])) == TOKEN
    start_with(monkeypatch, old)
    with pytest.raises(OtherMasterKey):
        opened(stored(held[0]))
    ended = Rotation.objects.get()
    assert bytes(ended.new_under_old) == bytes(ended.old_under_new) == b""


def test_what_is_sealed_meanwhile_is_under_the_new_key() -> None:
    all_of(rotation.rotate(NEW))
    binding = Binding(None, "mail", "")
    envelope = seal(b"x", binding)
    assert envelope.master_key_id == NEW.id
    assert unseal(envelope, binding) == b"x"


def test_a_straggler_under_the_old_key_is_wrapped_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = master_key()
    all_of(rotation.rotate(NEW))
    (late,) = with_tokens(1)
    binding = Binding(late.client_id, late.bound_kind, late.environment)
    envelope = seal(TOKEN.encode(), binding, under=old)
    for name in ("ciphertext", "wrapped_key", "master_key_id"):
        setattr(late, name, getattr(envelope, name))
    late.save()
    start_with(monkeypatch, NEW)
    all_of(rotation.finish())
    assert stored(late).master_key_id == NEW.id
    assert opened(stored(late)) == TOKEN


def test_a_rotation_that_was_cut_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 1)
    held = with_tokens()
    steps = rotation.rotate(NEW)
    next(steps)
    steps.close()
    ids = [stored(one).master_key_id for one in held]
    assert ids.count(NEW.id) == 1
    assert {opened(stored(one)) for one in held} == {TOKEN}
    with pytest.raises(RotationUnderWay):
        all_of(rotation.rotate(MasterKey(secrets.token_bytes(32))))
    all_of(rotation.rotate(NEW))
    assert {stored(one).master_key_id for one in held} == {NEW.id}


def test_it_is_not_finished_before_the_product_runs_with_the_new_key() -> None:
    with_tokens(1)
    all_of(rotation.rotate(NEW))
    with pytest.raises(RotationUnfinished):
        all_of(rotation.finish())


def test_packages_mail_and_access_move_too(monkeypatch: pytest.MonkeyPatch) -> None:
    (held,) = with_tokens(1)
    client = held.client
    assert client is not None
    channel = ensure_channels(client)[0]
    package = apps.get_model("inbox", "Package")._base_manager.create(
        channel=channel, window_from=timezone.now(), sealed_key=new_sealed_key(channel)
    )
    before = unseal_package_key(
        bytes(package.sealed_key), client=client, environment=channel.environment
    )
    server = MailServer(host="poczta.example", sender="biuro@example.pl")
    set_password(server, "hasło poczty")
    server.save()
    access = seal(b"{}", Binding(client.pk, "access", "test"))
    AccessGrant.objects.create(
        client=client, environment="test", credential=held, access_until=timezone.now(),
        refresh_until=timezone.now(), ciphertext=access.ciphertext,
        wrapped_key=access.wrapped_key, master_key_id=access.master_key_id,
    )  # fmt: skip
    all_of(rotation.rotate(NEW))
    start_with(monkeypatch, NEW)
    all_of(rotation.finish())
    package.refresh_from_db(from_queryset=type(package)._base_manager.all())
    after = unseal_package_key(
        bytes(package.sealed_key), client=client, environment=channel.environment
    )
    assert after == before
    assert unseal(MailServer.objects.get(), Binding(None, "mail", "")) == "hasło poczty".encode()
    grant = AccessGrant.objects.of_client(client).get()
    assert unseal(grant, Binding(client.pk, "access", "test")) == b"{}"


def test_every_table_with_sealed_data_is_known() -> None:
    labels = {model._meta.label_lower for model in rotation.sealed_models()}
    installed = {label for label in rotation.BINDINGS if apps.is_installed(_room(label))}
    assert labels == installed


def _room(label: str) -> str:
    return f"obieg.{label.partition('.')[0]}"


def test_a_table_that_is_not_known_stops_it_before_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(rotation.BINDINGS, "mail.mailserver")
    with pytest.raises(SealedUnknown, match="MailServer"):
        rotation.sealed_models()


def broken(held: Credential, field: str) -> None:
    """The row as it would be after somebody changed one bit of it."""
    value = bytearray(getattr(stored(held), field))
    value[-1] ^= 1
    Credential.objects.across_clients().filter(pk=held.pk).update(**{field: bytes(value)})


@pytest.mark.parametrize("field", ["wrapped_key", "ciphertext"])
def test_a_changed_row_is_named_and_the_old_key_is_not_dropped(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = with_tokens(3)
    broken(held[1], field)
    with pytest.raises(SealedBroken, match=rf"vault\.Credential {held[1].pk}\."):
        all_of(rotation.rotate(NEW))
    assert stored(held[0]).master_key_id == stored(held[2]).master_key_id == NEW.id
    start_with(monkeypatch, NEW)
    with pytest.raises(SealedBroken, match=f"Credential {held[1].pk}"):
        all_of(rotation.finish())
    under_way = Rotation.objects.get()
    assert under_way.finished_at is None
    assert bytes(under_way.new_under_old)

    Credential.objects.across_clients().filter(pk=held[1].pk).update(active=False)
    shred(stored(held[1]), actor=None)
    all_of(rotation.finish())
    assert Rotation.objects.get().finished_at is not None
    assert opened(stored(held[0])) == TOKEN


def test_a_row_that_was_moved_to_another_client_blocks_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = with_tokens(2)
    all_of(rotation.rotate(NEW))
    Credential.objects.across_clients().filter(pk=second.pk).update(
        ciphertext=stored(first).ciphertext, wrapped_key=stored(first).wrapped_key
    )
    start_with(monkeypatch, NEW)
    with pytest.raises(SealedBroken, match=f"Credential {second.pk}"):
        all_of(rotation.finish())


def test_a_row_under_a_key_that_nobody_knows_blocks_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (held,) = with_tokens(1)
    all_of(rotation.rotate(NEW))
    Credential.objects.across_clients().update(master_key_id="0" * 16)
    start_with(monkeypatch, NEW)
    with pytest.raises(SealedBroken, match=f"Credential {held.pk}"):
        all_of(rotation.finish())


def test_a_package_whose_key_was_cut_short_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = ensure_channels(new_client())[0]
    package = apps.get_model("inbox", "Package")._base_manager.create(
        channel=channel, window_from=timezone.now(), sealed_key=new_sealed_key(channel)[:-40]
    )
    with pytest.raises(SealedBroken, match=f"inbox.Package {package.pk}"):
        all_of(rotation.rotate(NEW))


# Bytes that are no secrets of the vault: documents and pictures, and the rotation's own pair of
# keys. Whoever adds bytes to a table says here, or in rotation.BINDINGS, what they are.
NOT_SEALED = {
    "exports.exportcontent": {"body"},
    "inbox.invoicexml": {"xml"},
    "inbox.quarantined": {"content"},
    "mail.attachment": {"content"},
    "retention.handoverpiece": {"body"},
    "sales.salexml": {"content"},
    "sales.sellerprofile": {"logo"},
    "sales.upo": {"content"},
    "vault.rotation": {"new_under_old", "old_under_new"},
}
ENVELOPES = ({"sealed_key"}, {"ciphertext", "wrapped_key"})


def test_every_column_of_bytes_is_sealed_and_rotated_or_known_to_be_no_secret() -> None:
    for model in apps.get_models():
        fields = model._meta.get_fields()
        columns = {one.name for one in fields if isinstance(one, BinaryField)}
        label = model._meta.label_lower
        if not columns or columns == NOT_SEALED.get(label):
            continue
        assert columns in ENVELOPES, f"{label}: {columns}"
        assert label in rotation.BINDINGS


def test_a_changed_partner_key_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    held = with_tokens(1)
    all_of(rotation.rotate(NEW))
    row = Rotation.objects.get()
    sealed = bytearray(row.new_under_old)
    sealed[-1] ^= 1
    Rotation.objects.update(new_under_old=bytes(sealed))
    with pytest.raises(SecretTampered):
        opened(stored(held[0]))


def test_credentials_are_opened_and_added_all_the_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 1)
    held = with_tokens(4)
    errors: list[Exception] = []
    counts = [0] * 4
    done = threading.Event()

    def work(place: int) -> None:
        try:
            while not done.is_set():
                one = held[place]
                assert opened(stored(one)) == TOKEN
                if place == 3:
                    client = Client.objects.across_clients().get(pk=one.client_id)
                    held[3] = add_token(client, TOKEN, environment="test", label="nowy", actor=None)
                counts[place] += 1
        except Exception as error:  # noqa: BLE001 - told by the assertion below, whatever it is
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    while min(counts) < 2 and not errors:
        pass_moment(done)
    all_of(rotation.rotate(NEW))
    started = list(counts)
    while any(now < before + 2 for now, before in zip(counts, started, strict=True)):
        if errors:
            break
        pass_moment(done)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    start_with(monkeypatch, NEW)
    all_of(rotation.finish())
    left = Credential.objects.across_clients().exclude(master_key_id=NEW.id)
    assert not left.exists()


def pass_moment(done: threading.Event) -> None:
    done.wait(0.02)


def test_the_command_makes_the_key_rotates_and_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = with_tokens(1)
    path = tmp_path / "nowy.key"
    told = CliRunner().invoke(vault, ["rotate", "--to-file", str(path)], catch_exceptions=False)
    assert told.exit_code == 0
    assert "vault.Credential: 1" in told.output
    assert "obieg vault rotate --finish" in told.output
    key = path.read_text()
    assert key not in told.output
    assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("OBIEG_MASTER_KEY", key)
    ended = CliRunner().invoke(vault, ["rotate", "--finish"], catch_exceptions=False)
    assert "Wymiana zakończona" in ended.output
    assert opened(stored(held[0])) == TOKEN
