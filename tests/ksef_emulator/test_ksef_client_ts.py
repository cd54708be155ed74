"""ksef-client-ts (npm) drives the emulator: its own signatures, sessions, exports.

Where Node and npm are, the package is installed once into the virtual environment, exactly as
`ksef_client_ts/package-lock.json` says (npm checks every hash); elsewhere the test is skipped.
"""

import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import fa3, many, nip

HERE = Path(__file__).parent / "ksef_client_ts"
LOCK = HERE / "package-lock.json"
PLACE = Path(sys.prefix) / "share"
ENTRY = "node_modules/ksef-client-ts/dist/index.js"
NODE, NPM = shutil.which("node"), shutil.which("npm")
INSTALL = [NPM or "", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]


@pytest.fixture(scope="session")
def module():
    """The package's entry, installed at the first use; skips where that cannot be."""
    if NODE is None or NPM is None:
        pytest.skip("ksef-client-ts needs Node and npm, which are not here")
    home = PLACE / f"ksef-client-ts-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    if not (home / ENTRY).is_file():
        _install(home)
    return home / ENTRY


def _install(home):
    try:
        PLACE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=PLACE) as folder:
            made = Path(folder) / "made"
            made.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, made)
            done = subprocess.run(INSTALL, cwd=made, capture_output=True, timeout=180, check=False)
            if done.returncode == 0 and not home.exists():
                made.rename(home)  # whole or not at all, whoever else installs meanwhile
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"ksef-client-ts could not be installed: {error}")
    if not (home / ENTRY).is_file():
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason"]
        pytest.skip(f"ksef-client-ts could not be installed: {reason[0]}")


def pem(identity):
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "certificate": identity.certificate.public_bytes(Encoding.PEM).decode(),
        "key": key.decode(),
    }


def sales(prefix, count, seller):
    today = dt.datetime.now(dt.UTC).date()
    return [
        fa3(f"{prefix}/{place}", seller=seller, buyer=nip(7501), issued=today).decode()
        for place in range(count)
    ]


def test_login_sending_export_certificates_tokens_permissions(module):
    firm, buyer = nip(7500), nip(7503)
    with running_emulator(rate_limits="off", export_max_invoices=3) as emulator:
        emulator.control.put_invoices(many(7, sellers=[nip(7504)], buyers=[buyer]))
        job = {
            "module": str(module),
            "url": emulator.url,
            "nip": firm,
            "office": nip(7502),
            "token": emulator.control.make_token(firm)["token"],
            "buyer": {"nip": buyer, "token": emulator.control.make_token(buyer)["token"]},
            "certificates": {kind: pem(seal(firm, kind)) for kind in ("rsa", "ec")},
            "invoice": sales("TS", 1, firm)[0],
            "batch": sales("TSB", 1, firm),
            "tar": sales("TST", 1, firm),
            "since": (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).isoformat(),
        }
        done = subprocess.run(
            [NODE, str(HERE / "drive.mjs")],
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
        "tar": 1,
        "exported": 3,
        "incremental": [3, 7],
        "enrollment": f"VATPL-{firm}",
        "certificate": [200, "Revoked"],
        "token": [True, "Revoked"],
        "permissions": [200, 1, 200, 0],
    }
