"""Parties of the invoice: seller, buyer, third parties, the authorised one."""

from decimal import Decimal
from typing import Annotated, ClassVar

from obieg.fa.shape import record


@record
class Address:
    """TAdres."""

    country: Annotated[str, "KodKraju"] = ""
    line1: Annotated[str, "AdresL1"] = ""
    line2: Annotated[str, "AdresL2"] = ""
    gln: Annotated[str, "GLN"] = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on an envelope: the given lines, the country where it is not Poland."""
        abroad = self.country if self.country != "PL" else ""
        return tuple(line for line in (self.line1, self.line2, abroad) if line)


@record
class Contact:
    """DaneKontaktowe."""

    email: Annotated[str, "Email"] = ""
    phone: Annotated[str, "Telefon"] = ""


@record
class AuthorizedContact:
    """DaneKontaktowe of PodmiotUpowazniony."""

    email: Annotated[str, "EmailPU"] = ""
    phone: Annotated[str, "TelefonPU"] = ""


@record
class Identified:
    """DaneIdentyfikacyjne: one of the identifiers, and the name."""

    nip: Annotated[str | None, "DaneIdentyfikacyjne/NIP"] = None
    internal_id: Annotated[str, "DaneIdentyfikacyjne/IDWew"] = ""
    eu_prefix: Annotated[str, "DaneIdentyfikacyjne/KodUE"] = ""
    eu_number: Annotated[str, "DaneIdentyfikacyjne/NrVatUE"] = ""
    id_country: Annotated[str, "DaneIdentyfikacyjne/KodKraju"] = ""
    id_number: Annotated[str, "DaneIdentyfikacyjne/NrID"] = ""
    no_id: Annotated[bool, "DaneIdentyfikacyjne/BrakID"] = False
    name: Annotated[str, "DaneIdentyfikacyjne/Nazwa"] = ""

    @property
    def vat_ue(self) -> str:
        """The VAT-UE number with its prefix, or empty."""
        return f"{self.eu_prefix}{self.eu_number}" if self.eu_number else ""

    @property
    def tax_id(self) -> str:
        """The identifier to show: NIP, VAT-UE, the foreign one, the internal one, or empty."""
        return self.nip or self.vat_ue or f"{self.id_country}{self.id_number}" or self.internal_id


@record
class Party(Identified):
    """What every party has (Podmiot1, Podmiot2, Podmiot3, PodmiotUpowazniony)."""

    eori: Annotated[str, "NrEORI"] = ""
    address: Annotated[Address | None, "Adres"] = None
    postal_address: Annotated[Address | None, "AdresKoresp"] = None
    contacts: Annotated[tuple[Contact | AuthorizedContact, ...], "DaneKontaktowe", Contact] = ()

    @property
    def address_lines(self) -> tuple[str, ...]:
        return self.address.lines if self.address else ()

    @property
    def email(self) -> str:
        return next((contact.email for contact in self.contacts if contact.email), "")

    @property
    def phone(self) -> str:
        return next((contact.phone for contact in self.contacts if contact.phone), "")


@record
class Seller(Party):
    """Podmiot1; also Podmiot1K, the seller before a correction."""

    xml_order: ClassVar[str] = (
        "PrefiksPodatnika NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe"
        " StatusInfoPodatnika"
    )
    prefix: Annotated[str, "PrefiksPodatnika"] = ""
    status: Annotated[str, "StatusInfoPodatnika"] = ""


@record
class Buyer(Party):
    """Podmiot2; also Podmiot2K, a buyer before a correction."""

    xml_order: ClassVar[str] = (
        "NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe NrKlienta IDNabywcy JST GV"
    )
    customer_number: Annotated[str, "NrKlienta"] = ""
    buyer_key: Annotated[str, "IDNabywcy"] = ""
    jst: Annotated[bool | None, "JST"] = None
    gv: Annotated[bool | None, "GV"] = None


@record
class ThirdParty(Party):
    """Podmiot3."""

    xml_order: ClassVar[str] = (
        "IDNabywcy NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe"
        " Rola RolaInna OpisRoli Udzial NrKlienta"
    )
    buyer_key: Annotated[str, "IDNabywcy"] = ""
    role: Annotated[str, "Rola"] = ""
    other_role: Annotated[bool, "RolaInna"] = False
    role_text: Annotated[str, "OpisRoli"] = ""
    share: Annotated[Decimal | None, "Udzial"] = None  # percent
    customer_number: Annotated[str, "NrKlienta"] = ""


@record
class AuthorizedParty(Party):
    """PodmiotUpowazniony."""

    xml_order: ClassVar[str] = "NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe RolaPU"
    contacts: Annotated[
        tuple[Contact | AuthorizedContact, ...], "DaneKontaktowe", AuthorizedContact
    ] = ()
    role: Annotated[str, "RolaPU"] = ""


@record
class Carrier(Identified):
    """Przewoznik."""

    address: Annotated[Address | None, "AdresPrzewoznika"] = None
