"""Passwords: long ones, not the first that anybody would try, and no rules of composition."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from obieg.office.models import Operator


@pytest.mark.parametrize(
    "password",
    [
        "krótkie",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012",
        "qwertyuiopas",
        "Password2026!",
        "!!!Księgowość2026!!!",
        "anna.nowak2026",
        "nowak1234567890",
        "x" * 100 + "abcdefg" * 30,
    ],
)
def test_what_is_short_or_obvious_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, Operator(login="anna.nowak", name="Anna Nowak"))


@pytest.mark.parametrize(
    "password", ["sosna zegar atrament", "kazdymamalelitery", "1793 kroki na Giewont"]
)
def test_length_is_enough(password: str) -> None:
    validate_password(password, Operator(login="anna.nowak", name="Anna Nowak"))


def test_passwords_are_kept_by_argon2id_with_64_mib() -> None:
    encoded = make_password("sosna zegar atrament")
    assert encoded.startswith("argon2$argon2id$")
    assert "m=65536,t=3,p=4" in encoded
    assert not identify_hasher(encoded).must_update(encoded)
