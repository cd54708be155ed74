"""WarunkiTransakcji: contracts, orders, delivery and transport."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from obieg.fa.model.party import Address, Carrier
from obieg.fa.shape import record


@record
class Contract:
    """Umowy."""

    signed_on: Annotated[date | None, "DataUmowy"] = None
    number: Annotated[str, "NrUmowy"] = ""


@record
class PurchaseOrder:
    """Zamowienia."""

    ordered_on: Annotated[date | None, "DataZamowienia"] = None
    number: Annotated[str, "NrZamowienia"] = ""


@record
class Transport:
    """Transport."""

    kind: Annotated[str, "RodzajTransportu"] = ""
    other_kind: Annotated[bool, "TransportInny"] = False
    kind_text: Annotated[str, "OpisInnegoTransportu"] = ""
    carrier: Annotated[Carrier | None, "Przewoznik"] = None
    order_number: Annotated[str, "NrZleceniaTransportu"] = ""
    cargo: Annotated[str, "OpisLadunku"] = ""
    other_cargo: Annotated[bool, "LadunekInny"] = False
    cargo_text: Annotated[str, "OpisInnegoLadunku"] = ""
    packaging: Annotated[str, "JednostkaOpakowania"] = ""
    starts_at: Annotated[datetime | None, "DataGodzRozpTransportu"] = None
    ends_at: Annotated[datetime | None, "DataGodzZakTransportu"] = None
    origin: Annotated[Address | None, "WysylkaZ"] = None
    stops: Annotated[tuple[Address, ...], "WysylkaPrzez"] = ()
    destination: Annotated[Address | None, "WysylkaDo"] = None


@record
class Terms:
    """WarunkiTransakcji."""

    contracts: Annotated[tuple[Contract, ...], "Umowy"] = ()
    orders: Annotated[tuple[PurchaseOrder, ...], "Zamowienia"] = ()
    lots: Annotated[tuple[str, ...], "NrPartiiTowaru"] = ()
    delivery: Annotated[str, "WarunkiDostawy"] = ""  # Incoterms
    agreed_rate: Annotated[Decimal | None, "KursUmowny"] = None
    agreed_currency: Annotated[str, "WalutaUmowna"] = ""
    transports: Annotated[tuple[Transport, ...], "Transport"] = ()
    intermediary: Annotated[bool, "PodmiotPosredniczacy"] = False
