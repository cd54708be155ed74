"""The environments of KSeF and their addresses."""

import os
from dataclasses import dataclass

from obieg.core.errors import UserFixable


class EnvironmentUnknown(UserFixable):
    """There is no such environment, or the emulator's address is not set."""

    code = "ksef.environment_unknown"
    message_pl = (
        "Środowisko KSeF „{name}” nie jest skonfigurowane. Wybierz testowe, demo albo produkcyjne; "
        "adres emulatora podaje zmienna OBIEG_EMULATOR_URL."
    )


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment; the addresses carry no trailing slash and no version of the API."""

    name: str
    api_url: str
    qr_url: str


# CIRFMF/ksef-docs, srodowiska.md and kody-qr.md
PUBLIC = {
    "test": Environment(
        "test", "https://api-test.ksef.mf.gov.pl", "https://qr-test.ksef.mf.gov.pl"
    ),
    "demo": Environment(
        "demo", "https://api-demo.ksef.mf.gov.pl", "https://qr-demo.ksef.mf.gov.pl"
    ),
    "production": Environment(
        "production", "https://api.ksef.mf.gov.pl", "https://qr.ksef.mf.gov.pl"
    ),
}


def environment(name: str) -> Environment:
    """The environment called `name` (`office.KsefEnvironment`), or EnvironmentUnknown."""
    if name in PUBLIC:
        return PUBLIC[name]
    url = os.environ.get("OBIEG_EMULATOR_URL", "").rstrip("/").removesuffix("/v2")
    if name != "emulator" or not url:
        raise EnvironmentUnknown(name=name)
    return Environment("emulator", url, url)
