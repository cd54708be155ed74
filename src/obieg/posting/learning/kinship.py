"""Which accounts of the office's clients stand for the same thing: learned from shared words.

A client has an account for fuel, another has a category for it; both were used for `ON B7`. What
the others did with a text then says which of the client's own accounts fits. Nothing else of the
other clients is ever told: the answer names the asking client's accounts only.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from obieg.posting.learning.signs import Key, Signs

KINDS = ("kind", "trade_kind", "text", "word", "pair", "name", "seller")
_TIES = {"text": 6, "kind": 2, "trade_kind": 2, "pair": 2, "word": 1}  # how much a shared key ties
_DOUBT = 1.0  # ties that are as good as none
_MOST = (
    48  # accounts that a key ties, and that are looked at for it: an office may have 300 clients
)

Own = tuple[int, str]  # client and account
_NOBODY: frozenset[Own] = frozenset()


class Kinship:
    """Counts of accounts by sign, over all clients; adding and taking out are exact opposites."""

    def __init__(self) -> None:
        self._counts: dict[Key, dict[Own, int]] = {}
        self._untied: dict[Key, set[Own]] = {}  # of the counted ones, those beyond _MOST
        self._ties: dict[Own, dict[int, dict[str, int]]] = {}  # own -> other client -> its accounts

    def add(self, client: int, signs: Signs, account: str) -> None:
        """A line of `client` with these signs was posted to `account`."""
        own = (client, account)
        for key in _keys(signs):
            counts = self._counts.setdefault(key, {})
            if own not in counts:
                self._enter(own, key, counts)
            counts[own] = counts.get(own, 0) + 1

    def remove(self, client: int, signs: Signs, account: str) -> None:
        """Forget it, as if it had never been."""
        own = (client, account)
        for key in _keys(signs):
            counts = self._counts[key]
            counts[own] -= 1
            if not counts[own]:
                del counts[own]
                self._leave(own, key, counts)
            if not counts:
                del self._counts[key]

    def shares(self, client: int, signs: Signs) -> Mapping[str, list[dict[str, float]]]:
        """By kind of sign, for each sign that others know: how likely are the client's accounts."""
        translated: dict[Own, dict[str, float]] = {}
        return {
            kind: [
                found for name in names if (found := self._share(client, (kind, name), translated))
            ]
            for kind, names in _named(signs)
        }

    def _share(
        self, client: int, key: Key, translated: dict[Own, dict[str, float]]
    ) -> dict[str, float]:
        counts = self._counts.get(key)
        if not counts:
            return {}
        total: dict[int, int] = {}
        others = [(own, n) for own, n in islice(counts.items(), _MOST) if own[0] != client]
        for (other, _), count in others:
            total[other] = total.get(other, 0) + count
        shares: dict[str, float] = {}
        for own, count in others:
            if own not in translated:
                translated[own] = self._translation(client, own)
            weight = count / total[own[0]] / len(total)
            for account, share in translated[own].items():
                shares[account] = shares.get(account, 0.0) + weight * share
        return shares

    def _translation(self, client: int, own: Own) -> dict[str, float]:
        """Which of the client's accounts another client's account stands for."""
        ties = self._ties.get(own, {}).get(client, {})
        total = sum(ties.values()) + _DOUBT
        return {account: n / total for account, n in ties.items()}

    def _enter(self, own: Own, key: Key, others: Mapping[Own, int]) -> None:
        untied = self._untied.get(key, _NOBODY)
        if len(others) - len(untied) >= _MOST:
            self._untied.setdefault(key, set()).add(own)
        else:
            self._tie(own, key, (one for one in others if one not in untied), 1)

    def _leave(self, own: Own, key: Key, others: Mapping[Own, int]) -> None:
        untied = self._untied.get(key, _NOBODY)
        if own not in untied:
            self._tie(own, key, (one for one in others if one not in untied), -1)
        elif len(untied) == 1:
            del self._untied[key]
        else:
            self._untied[key].remove(own)

    def _tie(self, own: Own, key: Key, others: Iterable[Own], sign: int) -> None:
        if not (strength := sign * _TIES.get(key[0], 0)):
            return
        for other in others:
            if other[0] != own[0]:
                self._change(own, other, strength)
                self._change(other, own, strength)

    def _change(self, own: Own, other: Own, strength: int) -> None:
        client, account = other
        of_client = self._ties.setdefault(own, {})
        ties = of_client.setdefault(client, {})
        ties[account] = ties.get(account, 0) + strength
        if not ties[account]:
            del ties[account]
            if not ties:
                del of_client[client]
                if not of_client:
                    del self._ties[own]


def _named(signs: Signs) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind in KINDS:
        yield kind, (signs.single[kind],) if kind in signs.single else signs.many[kind]


def _keys(signs: Signs) -> Iterator[Key]:
    for kind, names in _named(signs):
        for name in names:
            if name:
                yield kind, name
