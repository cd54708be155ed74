"""What is kept how long, and on what ground: the table shown to the owner, followed at night.

The grounds are Polish law as of 2026: Ordynacja podatkowa (O.p.), ustawa o rachunkowości (u.o.r.),
ustawa o VAT, Kodeks cywilny (k.c.), ustawa o przeciwdziałaniu praniu pieniędzy (AML), RODO.
Where the law names no period, the table says so: the period is then the office's decision.
"""

from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """What ends a kind of data."""

    NIGHT = "co noc, samo"
    CLIENT = "z usunięciem danych klienta"
    PERSON = "ręcznie, na stronie Dane osobowe"
    NEVER = "nigdy"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data. Texts are Polish; months count from what `since` says.

    Without `least` the period is fixed in the program and `months` may be None.
    """

    code: str
    name: str
    ground: str
    since: str
    end: End
    months: int | None = None
    least: int | None = None
    note: str = ""

    @property
    def is_setting(self) -> bool:
        return self.least is not None


RODO_5 = "art. 5 ust. 1 lit. e RODO; ustawa nie podaje okresu"

KINDS = (
    Kind(
        "books",
        "Faktury, UPO, dekrety, dziennik, ewidencje VAT, plan kont",
        "art. 86 § 1 i art. 70 § 1 O.p.; art. 112 ustawy o VAT; art. 74 ust. 2 i 3 u.o.r.",
        "od końca roku, w którym upłynął termin płatności podatku (przyjęto: roku następnego "
        "po roku dokumentu)",
        End.CLIENT,
        60,
        60,
        "Bieg przedawnienia bywa zawieszony lub przerwany (art. 70 § 2–8 O.p.), a dokumenty "
        "środków trwałych są potrzebne, dopóki nie przedawni się rok ostatniej amortyzacji. Wtedy "
        "wpisz klientowi wstrzymanie.",
    ),
    Kind(
        "aml",
        "Dane klienta potrzebne instytucji obowiązanej",
        "art. 49 ust. 1 ustawy AML",
        "od zakończenia współpracy",
        End.CLIENT,
        60,
        60,
        "Samych dokumentów AML Obieg nie przechowuje; okres wstrzymuje usunięcie klienta.",
    ),
    Kind(
        "trail",
        "Ślad rewizyjny: kto, kiedy, co zrobił",
        "art. 5 ust. 2 i art. 17 ust. 3 lit. e RODO (rozliczalność, obrona przed roszczeniami)",
        "",
        End.NEVER,
        note="Treść wpisów o kliencie znika z usunięciem jego danych; zostaje, kto i kiedy, oraz "
        "skrót potrzebny plombom.",
    ),
    Kind(
        "calls",
        "Rejestr wywołań KSeF",
        RODO_5,
        "od wywołania",
        End.NIGHT,
        24,
        12,
        "Zostaje podsumowanie: ile, od kiedy do kiedy, ile w miesiącu, skrót.",
    ),
    Kind(
        "uses",
        "Użycia poświadczeń",
        RODO_5,
        "od użycia",
        End.NIGHT,
        60,
        12,
        "Zostaje podsumowanie, jak po wywołaniach.",
    ),
    Kind(
        "letters",
        "Treść wysłanych listów, adresy, załączniki",
        "art. 118 k.c. (roszczenia z działalności: 3 lata)",
        "od wysłania",
        End.NIGHT,
        36,
        1,
        "Zostaje, kiedy i czy list wysłano.",
    ),
    Kind(
        "exports",
        "Pliki eksportu do programu księgowego",
        RODO_5,
        "od zrobienia",
        End.NIGHT,
        12,
        1,
        "Zostaje, co i kiedy wyeksportowano; plik można zrobić ponownie.",
    ),
    Kind(
        "quarantine",
        "Pliki nieczytelne, które potem odczytano",
        RODO_5,
        "od odczytania",
        End.NIGHT,
        3,
        1,
        "Nieodczytane zostają: to mogą być faktury.",
    ),
    Kind(
        "packages",
        "Wpisy o paczkach z KSeF",
        RODO_5,
        "od pobrania",
        End.NIGHT,
        24,
        1,
        "Pliki paczek znikają zaraz po zapisaniu faktur, wpisy o paczkach pustych po 14 dniach.",
    ),
    Kind("alerts", "Zakończone alerty", RODO_5, "od zakończenia", End.NIGHT, 24, 1),
    Kind(
        "sessions",
        "Przeglądarki operatorów",
        RODO_5,
        "od ostatniego użycia",
        End.NIGHT,
        1,
        1,
        "Sama sesja wygasa po 12 godzinach.",
    ),
    Kind("tries", "Nieudane logowania", RODO_5, "od ostatniej próby", End.NIGHT, 3, 1),
    Kind(
        "operators",
        "Imię, nazwisko i login operatora, który odszedł",
        "art. 5 ust. 1 lit. e RODO; art. 118 k.c.",
        "od ostatniego logowania",
        End.PERSON,
        36,
        12,
        "W śladzie zostaje jego numer.",
    ),
    Kind("jobs", "Zadania w tle, które się nie powiodły", RODO_5, "90 dni", End.NIGHT),
    Kind("handed", "Pliki z danymi klienta do przekazania", RODO_5, "7 dni", End.NIGHT),
    Kind(
        "backups",
        "Kopie zapasowe",
        "art. 32 ust. 1 lit. b i c RODO",
        "14 ostatnich w katalogu kopii; gdzie indziej tyle, ile trzyma je biuro",
        End.NIGHT,
        note="Kopia zawiera także to, co potem usunięto. Po odtworzeniu kopii usuń dane ponownie.",
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
