"""An amount that is posted in shares: a leasing rate with its capital part, a private share."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from obieg.core.money import ZERO, to_grosze
from obieg.posting.lines import LineInput
from obieg.posting.suggestion import Part, Share, Shares

PLACES = Decimal("0.0001")


def shares_of(part: Part, lines: Sequence[LineInput]) -> Shares:
    """How `lines` divided `part` between treatments; empty where one line bears it whole."""
    own = [line for line in lines if set(line.source_lines) == set(part.source_lines)]
    if not part.source_lines or len({line.treatment for line in own}) < 2:
        return ()
    net, vat = (sum((getattr(line, name) for line in own), ZERO) for name in ("net", "vat"))
    if (net, vat) != (part.net, part.vat) or not net:
        return ()
    return tuple(
        Share(line.treatment, _share(line.net, net), _share(line.vat, vat)) for line in own
    )


def divided(part: Part, shares: Shares) -> Iterator[Part]:
    """`part` in amounts by `shares`, in grosze; what rounding leaves goes to the first."""
    nets = [to_grosze(part.net * share.net) for share in shares]
    vats = [to_grosze(part.vat * share.vat) for share in shares]
    nets[0] += part.net - sum(nets, ZERO)
    vats[0] += part.vat - sum(vats, ZERO)
    for net, vat in zip(nets, vats, strict=True):
        yield Part(part.source_lines, part.description, part.rate, net, vat, part.is_sum)


def _share(amount: Decimal, whole: Decimal) -> Decimal:
    return (amount / whole).quantize(PLACES) if whole else ZERO
