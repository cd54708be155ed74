"""The people of the demo office and how they log in; known to everybody, so only for the demo."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """One of the demo's operators; `clients` None means that he sees every client."""

    login: str
    password: str
    name: str
    duty: str
    clients: int | None = None
    role: str = "accountant"  # office.rights.OfficeRole


PASSWORD = "bilans-pokaz"  # noqa: S105  printed for everybody who tries the demo

LOGINS = (
    Login("anna", PASSWORD, "Anna Kos", "księgowa", clients=40),
    Login("piotr", PASSWORD, "Piotr Żak", "księgowy", clients=38),
    Login("ewa", PASSWORD, "Ewa Śliwa", "księgowa", clients=36),
    Login("lukasz", PASSWORD, "Łukasz Wąs", "księgowy", clients=36),
    Login("zofia", PASSWORD, "Zofia Gąska", "główna księgowa", role="chief"),
    Login("maria", PASSWORD, "Maria Bilska", "właścicielka biura", role="owner"),
)
