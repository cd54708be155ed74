"""The forms of invoices that KSeF takes, and the code by which a session names one."""

from collections.abc import Mapping
from typing import NamedTuple


class FormCode(NamedTuple):
    """A form as POST /sessions/online and /sessions/batch name it (KSeF API 2.9, FormCode)."""

    system_code: str
    schema_version: str
    value: str


FORMS: Mapping[str, FormCode] = {
    "FA(3)": FormCode("FA (3)", "1-0E", "FA"),
    "FA(2)": FormCode("FA (2)", "1-0E", "FA"),
    "FA_RR(1)": FormCode("FA_RR (1)", "1-1E", "FA_RR"),
    # online only
    "PEF(3)": FormCode("PEF (3)", "2-1", "PEF"),
    "PEF_KOR(3)": FormCode("PEF_KOR (3)", "2-1", "PEF"),
}
