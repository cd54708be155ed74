"""KSeF gives no more certificates: in Polish, which limit it is and what could be revoked."""

from itertools import islice

from obieg.core.polish import WARSAW, counted, format_date
from obieg.ksef.certificates import CertificateEntry, CertificateLimits, Certificates
from obieg.vault.models import Credential

SHOWN = 10
REQUESTS = (
    "Limit wniosków o certyfikat w KSeF jest wyczerpany. Unieważnienie certyfikatu go nie "
    "zwiększa: poproś o pomoc infolinię KSeF albo użyj certyfikatu z pliku."
)
CERTIFICATES = "Limit aktywnych certyfikatów w KSeF jest wyczerpany."
NEEDED = "Wszystkie są w użyciu w Obiegu; wycofaj najpierw któryś z nich."


def words_of(limits: CertificateLimits, certificates: Certificates) -> str:
    """What to tell; asks KSeF for the list where revoking would help. Raises as `every` does."""
    if limits.requests_left == 0:
        return REQUESTS
    used = set(
        Credential.objects.across_clients().filter(active=True).values_list("reference", flat=True)
    )
    idle = [one for one in certificates.every(status="Active") if one.serial not in used]
    if not idle:
        return f"{CERTIFICATES} {NEEDED}"
    listed = "; ".join(_line(one) for one in islice(idle, SHOWN))
    rest = len(idle) - SHOWN
    more = f"; i jeszcze {counted(rest, 'inny', 'inne', 'innych')}" if rest > 0 else ""
    return f"{CERTIFICATES} Obieg nie korzysta z tych, można je unieważnić: {listed}{more}."


def _line(entry: CertificateEntry) -> str:
    purpose = "Offline" if entry.purpose == "Offline" else "do logowania"
    end = format_date(entry.valid_to.astimezone(WARSAW).date())
    return f"„{entry.name}” ({purpose}, nr {entry.serial}, ważny do {end})"
