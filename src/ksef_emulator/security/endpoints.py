"""Operations of /security."""

import base64
from typing import Any

from ksef_emulator.crypto import sha256_base64
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Access, Call, operation


@operation("GET", "/security/public-key-certificates", group=Group.ANONYMOUS, access=Access.NONE)
def public_key_certificates(call: Call) -> list[dict[str, Any]]:
    """The certificates with which clients encrypt."""
    return [
        {
            "certificate": key.certificate,
            "certificateId": sha256_base64(base64.b64decode(key.certificate)),
            "publicKeyId": key.key_id,
            "validFrom": key.valid_from.isoformat(),
            "validTo": key.valid_to.isoformat(),
            "usage": [key.usage],
        }
        for key in call.world.keys.published()
    ]
