"""Passwords: how they are kept, and which are refused. Length counts, composition does not."""

import re
import unicodedata
from typing import ClassVar

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

DIFFERENT_SIGNS = 5
LONGEST = 256  # signs; nobody types more, and hashing is not free


class Argon2(Argon2PasswordHasher):
    """Argon2id with the second recommended set of RFC 9106: 64 MiB, three passes, four lanes."""

    time_cost = 3
    memory_cost = 64 * 1024  # KiB
    parallelism = 4


class NotObvious:
    """Refuses what is long and guessed all the same: a common password with signs around it, a
    pattern repeated, a row of the keyboard, the operator's own name."""

    ROWS: ClassVar[tuple[str, ...]] = (
        "01234567890123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
    )
    WORDS: ClassVar[frozenset[str]] = frozenset(
        {
            "obieg",
            "ksef",
            "haslo",
            "biuro",
            "rachunkowe",
            "biurorachunkowe",
            "faktura",
            "ksiegowosc",
        }
    )

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """ValidationError where the password would be among the first to be tried."""
        if len(password) > LONGEST:
            raise ValidationError(f"Hasło może mieć najwyżej {LONGEST} znaków.")
        if self._is_obvious(_plain(password), user):
            raise ValidationError(
                "To hasło łatwo odgadnąć. Ułóż je z kilku niezwiązanych ze sobą słów."
            )

    def get_help_text(self) -> str:
        return "Najlepsze są cztery niezwiązane ze sobą słowa; cyfry i znaki nie są wymagane."

    def _is_obvious(self, plain: str, user: AbstractBaseUser | None) -> bool:
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
        names = {_plain(getattr(user, field, "") or "") for field in ("login", "name")}
        known = self.WORDS | {part for name in names for part in [name, *name.split()] if part}
        return (
            len(set(plain)) < DIFFERENT_SIGNS
            or core in known
            or core in _common()
            or _is_repeated(plain)
            or any(plain in row or plain in row[::-1] for row in self.ROWS)
        )


def _plain(text: str) -> str:
    """In small letters without Polish diacritics."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _is_repeated(plain: str) -> bool:
    """One short piece again and again: its own rotation."""
    return plain in (plain + plain)[1:-1]


def _common() -> set[str]:
    return _COMMON.passwords


_COMMON = CommonPasswordValidator()
