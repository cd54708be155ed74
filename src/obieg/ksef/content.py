"""The cipher of contents: AES-256-CBC with PKCS#7, its key wrapped for KSeF (KSeF API 2.9)."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK_BITS = 128


@dataclass(frozen=True, slots=True)
class ContentKey:
    """An AES key (32 bytes) and an initialisation vector (16 bytes), made for one package."""

    key: bytes = field(repr=False)
    iv: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A random key and vector."""
        return cls(key=os.urandom(32), iv=os.urandom(16))

    def encrypt(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The ciphertext of `chunks`, in a stream."""
        encryptor = Cipher(AES256(self.key), CBC(self.iv)).encryptor()
        padder = PKCS7(BLOCK_BITS).padder()
        for chunk in chunks:
            yield encryptor.update(padder.update(chunk))
        yield encryptor.update(padder.finalize()) + encryptor.finalize()

    def decrypt(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The plain bytes of `chunks`, in a stream; ValueError at its end where they are wrong."""
        decryptor = Cipher(AES256(self.key), CBC(self.iv)).decryptor()
        unpadder = PKCS7(BLOCK_BITS).unpadder()
        for chunk in chunks:
            yield unpadder.update(decryptor.update(chunk))
        yield unpadder.update(decryptor.finalize()) + unpadder.finalize()
