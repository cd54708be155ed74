"""How a caller hands over the key of his content."""

import base64

from pydantic import Field

from ksef_emulator.crypto import Keyring, UndecryptableError, Usage
from ksef_emulator.errors import unknown_key
from ksef_emulator.wire import Base64Text, Model


class EncryptionInfo(Model):
    """The AES-256 key, wrapped for KSeF, and the IV, both in Base64."""

    encrypted_symmetric_key: Base64Text
    initialization_vector: Base64Text = Field(min_length=24, max_length=24)
    public_key_id: str | None = Field(default=None, min_length=44, max_length=44)

    def symmetric_key(self, keys: Keyring) -> str | None:
        """The AES key in Base64, None where it cannot be decrypted; raises 21470."""
        wrapped = base64.b64decode(self.encrypted_symmetric_key)
        try:
            key = keys.decrypt(Usage.SYMMETRIC_KEY, wrapped, self.public_key_id)
        except KeyError as error:
            raise unknown_key(self.public_key_id or "") from error
        except UndecryptableError:
            return None
        return base64.b64encode(key).decode() if len(key) == 32 else None
