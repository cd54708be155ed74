"""Schemathesis fuzzes every operation: no 5xx, and no answer that the specification does not know.

It runs as a command of its own, so that its plugin stays out of the other tests.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.specification import PATH
from tests.reference import needs_reference

COMMAND = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which(
    "schemathesis"
)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
EXAMPLES = 3  # of each operation
# FUZZ_PHASES=examples,coverage,fuzzing tries every constraint too: 6,000 requests more
PHASES = os.environ.get("FUZZ_PHASES", "fuzzing")


@needs_reference
@pytest.mark.slow
@pytest.mark.skipif(COMMAND is None, reason="schemathesis is not installed")
def test_no_request_brings_the_emulator_off_the_specification(tmp_path):
    with running_emulator(rate_limits="off", access_token_lifetime=3600) as emulator:
        user = KsefUser(emulator).log_in(nip(9800))
        done = subprocess.run(
            [
                COMMAND,
                "run",
                str(PATH),
                *("--url", emulator.url),
                *("--header", f"Authorization: {user.headers['Authorization']}"),
                *("--phases", PHASES),
                *("--max-examples", str(EXAMPLES)),
                *("--checks", ",".join(CHECKS)),
                *("--seed", "2026"),
                *("--max-failures", "10"),
                *("--warnings", "off"),
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        user.close()
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "Tested: 83" in done.stdout, done.stdout[-2000:]
