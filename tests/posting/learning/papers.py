"""Documents for the engine: built by hand, posted by hand."""

from datetime import date
from decimal import Decimal

from obieg.fa.model import Buyer, ExtraDescription, Invoice, Line, Seller
from obieg.posting.learning.learner import Learner
from obieg.posting.suggestion import Case, Part, Treatment

STATION, SHOP, CARRIER = "9990000019", "9990000025", "9990000031"
FUEL = Treatment("401", "ZAKUP", 50, None, "BIURO", "")
GOODS = Treatment("330", "ZAKUP", 100, None, "SKLEP", "")
_numbers = iter(range(1, 1_000_000))


def a_case(
    *texts: str,
    client: int = 1,
    partner: str = STATION,
    name: str = "Firma Próbna",
    facts: tuple[ExtraDescription, ...] = (),
) -> Case:
    """A purchase with these rows, of 100 zł each."""
    rows = tuple(
        Line(number=n, description=text, net=Decimal(100), rate="23", unit="szt.")
        for n, text in enumerate(texts, 1)
    )
    invoice = Invoice(
        seller=Seller(nip=partner, name=name),
        buyer=Buyer(),
        currency="PLN",
        issue_date=date(2026, 10, 12),
        number=f"F/{next(_numbers)}",
        total=Decimal(123) * len(rows),
        kind="VAT",
        lines=rows,
        extra=facts,
    )
    parts = tuple(
        Part((row.number,), row.description, row.rate, Decimal(100), Decimal(23)) for row in rows
    )
    return Case(client, "purchase", partner, parts, invoice)


def decide(learner: Learner, case: Case, *treatments: Treatment) -> None:
    """Post the parts of `case` so; all the same if one treatment is given."""
    each = treatments if len(treatments) > 1 else treatments * len(case.parts)
    learner.learn(case, list(zip(case.parts, each, strict=True)))


def take_back(learner: Learner, case: Case, treatment: Treatment) -> None:
    """Take the decision back."""
    learner.learn(case, [(part, treatment) for part in case.parts], -1)


def an_office(*, seen: int = 6) -> Learner:
    """An office that posted fuel and goods a few times, for two clients."""
    learner = Learner()
    for client in (1, 2):
        for _ in range(seen):
            decide(learner, a_case("ON B7", client=client), FUEL)
            decide(learner, a_case("Koszula męska", client=client, partner=SHOP), GOODS)
    return learner
