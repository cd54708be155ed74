"""How a caller hands over the key of his content."""

from pydantic import Field

from ksef_emulator.wire import Base64Text, Model


class EncryptionInfo(Model):
    """The AES-256 key, wrapped for KSeF, and the IV, both in Base64."""

    encrypted_symmetric_key: Base64Text
    initialization_vector: Base64Text = Field(min_length=24, max_length=24)
    public_key_id: str | None = Field(default=None, min_length=44, max_length=44)
