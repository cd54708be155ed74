"""ksef-client-ts (npm) drives the emulator: its own signatures, sessions, exports.

Needs Node and the package: `npm install --prefix DIR ksef-client-ts@0.10.0`, then
`KSEF_CLIENT_TS=DIR` in the environment; else skipped.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import fa3, nip

DRIVER = Path(__file__).parent / "drive_ksef_client_ts.mjs"
MODULE = Path(os.environ.get("KSEF_CLIENT_TS", "")) / "node_modules/ksef-client-ts/dist/index.js"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not os.environ.get("KSEF_CLIENT_TS") or not MODULE.is_file(),
    reason="needs Node and KSEF_CLIENT_TS=DIR after: npm install --prefix DIR ksef-client-ts",
)


def pem(identity):
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "certificate": identity.certificate.public_bytes(Encoding.PEM).decode(),
        "key": key.decode(),
    }


def test_login_sending_export_certificates_tokens_permissions(emulator):
    firm, today = nip(7500), dt.datetime.now(dt.UTC).date()
    files = [
        fa3(f"TS/{place}", seller=firm, buyer=nip(7501), issued=today).decode()
        for place in range(4)
    ]
    job = {
        "module": str(MODULE),
        "url": emulator.url,
        "nip": firm,
        "office": nip(7502),
        "token": emulator.control.make_token(firm)["token"],
        "certificates": {kind: pem(seal(firm, kind)) for kind in ("rsa", "ec")},
        "invoice": files[0],
        "batch": files[1:],
        "since": (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).isoformat(),
    }
    done = subprocess.run(
        [NODE, str(DRIVER)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "login rsa": 20,
        "login ec": 20,
        "online": 1,
        "batch": 1,
        "exported": 4,
        "enrollment": f"VATPL-{firm}",
        "token": 36,
        "grant": 200,
    }
