"""What opens KSeF, while it is out of the vault: never shown by `repr`, never logged."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TokenSecret:
    """A KSeF token."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificateSecret:
    """A certificate (DER) and its private key (PKCS#8 DER, not encrypted)."""

    certificate: bytes = field(repr=False)
    private_key: bytes = field(repr=False)


Secret = TokenSecret | CertificateSecret


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token and the moment (aware UTC) it ends."""

    token: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an authentication gives: a short access token and a long one to refresh it."""

    access: AccessToken
    refresh: AccessToken
