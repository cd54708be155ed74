"""An envelope opens for its owner, whole, under its master key: for nobody and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.ksef.content import ContentKey
from obieg.office.models import Client
from obieg.vault.envelope import (
    Binding,
    Envelope,
    seal,
    seal_package_key,
    unseal,
    unseal_package_key,
)
from obieg.vault.errors import OtherMasterKey, SecretTampered
from obieg.vault.master import MasterKey

MASTER = MasterKey(bytes(range(32)))
OWNER = Binding(client_id=7, kind="token", environment="test")
SECRET = "tajny żółty token".encode()


@given(st.binary(max_size=5000))
def test_what_is_sealed_comes_back(secret: bytes) -> None:
    assert unseal(seal(secret, OWNER, under=MASTER), OWNER, under=MASTER) == secret


def test_the_same_secret_never_looks_the_same() -> None:
    first, second = (seal(SECRET, OWNER, under=MASTER) for _ in range(2))
    assert first.ciphertext != second.ciphertext
    assert first.wrapped_key != second.wrapped_key
    assert SECRET not in first.pack()


@pytest.mark.parametrize("field", ["ciphertext", "wrapped_key"])
def test_any_changed_byte_is_noticed(field: str) -> None:
    envelope = seal(SECRET, OWNER, under=MASTER)
    good: bytes = getattr(envelope, field)
    for place in range(len(good)):
        spoilt = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        with pytest.raises(SecretTampered):
            unseal(replace(envelope, **{field: spoilt}), OWNER, under=MASTER)


@pytest.mark.parametrize("field", ["ciphertext", "wrapped_key"])
def test_anything_cut_is_noticed(field: str) -> None:
    envelope = seal(SECRET, OWNER, under=MASTER)
    for end in range(len(getattr(envelope, field))):
        cut = replace(envelope, **{field: getattr(envelope, field)[:end]})
        with pytest.raises(SecretTampered):
            unseal(cut, OWNER, under=MASTER)


@pytest.mark.parametrize(
    "stranger",
    [
        replace(OWNER, client_id=8),
        replace(OWNER, client_id=None),
        replace(OWNER, kind="certificate"),
        replace(OWNER, environment="production"),
    ],
)
def test_a_row_moved_to_another_owner_does_not_open(stranger: Binding) -> None:
    with pytest.raises(SecretTampered):
        unseal(seal(SECRET, OWNER, under=MASTER), stranger, under=MASTER)


def test_halves_of_two_envelopes_do_not_fit() -> None:
    first, second = (seal(SECRET, OWNER, under=MASTER) for _ in range(2))
    with pytest.raises(SecretTampered):
        unseal(replace(first, ciphertext=second.ciphertext), OWNER, under=MASTER)


def test_another_master_key_is_named_not_guessed() -> None:
    other = MasterKey(bytes(32))
    envelope = seal(SECRET, OWNER, under=MASTER)
    with pytest.raises(OtherMasterKey) as error:
        unseal(envelope, OWNER, under=other)
    assert MASTER.id in str(error.value)
    with pytest.raises(SecretTampered):
        unseal(replace(envelope, master_key_id=other.id), OWNER, under=other)


def test_an_envelope_packs_into_one_value() -> None:
    envelope = seal(SECRET, OWNER, under=MASTER)
    assert Envelope.unpack(envelope.pack()) == envelope


@pytest.mark.django_db
def test_any_changed_byte_of_a_packed_key_is_noticed() -> None:
    client = Client(pk=7, nip="9990000029", name="Próbna")
    key = ContentKey.new()
    packed = seal_package_key(key, client=client, environment="test")
    assert unseal_package_key(packed, client=client, environment="test") == key
    for place in range(len(packed)):
        spoilt = packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :]
        with pytest.raises((SecretTampered, OtherMasterKey)):
            unseal_package_key(spoilt, client=client, environment="test")
    for end in range(len(packed)):
        with pytest.raises((SecretTampered, OtherMasterKey)):
            unseal_package_key(packed[:end], client=client, environment="test")


@pytest.mark.django_db
def test_a_packages_key_is_its_clients() -> None:
    mine, other = Client(pk=7, nip="9990000029"), Client(pk=8, nip="9990000035")
    packed = seal_package_key(ContentKey.new(), client=mine, environment="test")
    with pytest.raises(SecretTampered):
        unseal_package_key(packed, client=other, environment="test")
    with pytest.raises(SecretTampered):
        unseal_package_key(packed, client=mine, environment="demo")
