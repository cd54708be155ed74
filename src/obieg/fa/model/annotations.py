"""Adnotacje: the marks and legal bases that the VAT Act asks for."""

from datetime import date
from typing import Annotated

from obieg.fa.shape import record


@record
class NewVehicle:
    """NowySrodekTransportu."""

    first_use: Annotated[date | None, "P_22A"] = None
    line_number: Annotated[int | None, "P_NrWierszaNST"] = None
    make: Annotated[str, "P_22BMK"] = ""
    model: Annotated[str, "P_22BMD"] = ""
    colour: Annotated[str, "P_22BK"] = ""
    registration: Annotated[str, "P_22BNR"] = ""
    year: Annotated[str, "P_22BRP"] = ""
    mileage: Annotated[str, "P_22B"] = ""
    vin: Annotated[str, "P_22B1"] = ""
    body_number: Annotated[str, "P_22B2"] = ""
    chassis_number: Annotated[str, "P_22B3"] = ""
    frame_number: Annotated[str, "P_22B4"] = ""
    type: Annotated[str, "P_22BT"] = ""
    vessel_hours: Annotated[str, "P_22C"] = ""
    hull_number: Annotated[str, "P_22C1"] = ""
    aircraft_hours: Annotated[str, "P_22D"] = ""
    serial_number: Annotated[str, "P_22D1"] = ""


@record
class Annotations:
    """Adnotacje; None where the document does not say."""

    cash_method: Annotated[bool | None, "P_16"] = None
    self_billing: Annotated[bool | None, "P_17"] = None
    reverse_charge: Annotated[bool | None, "P_18"] = None
    split_payment: Annotated[bool | None, "P_18A"] = None
    exempt: Annotated[bool, "Zwolnienie/P_19"] = False
    exempt_by_act: Annotated[str, "Zwolnienie/P_19A"] = ""
    exempt_by_directive: Annotated[str, "Zwolnienie/P_19B"] = ""
    exempt_by_other: Annotated[str, "Zwolnienie/P_19C"] = ""
    not_exempt: Annotated[bool, "Zwolnienie/P_19N"] = False
    new_vehicles_supply: Annotated[bool, "NoweSrodkiTransportu/P_22"] = False
    vehicle_notice: Annotated[bool | None, "NoweSrodkiTransportu/P_42_5"] = None
    new_vehicles: Annotated[
        tuple[NewVehicle, ...], "NoweSrodkiTransportu/NowySrodekTransportu"
    ] = ()
    no_new_vehicles: Annotated[bool, "NoweSrodkiTransportu/P_22N"] = False
    triangular: Annotated[bool | None, "P_23"] = None
    margin: Annotated[bool, "PMarzy/P_PMarzy"] = False
    margin_tourism: Annotated[bool, "PMarzy/P_PMarzy_2"] = False
    margin_used_goods: Annotated[bool, "PMarzy/P_PMarzy_3_1"] = False
    margin_art: Annotated[bool, "PMarzy/P_PMarzy_3_2"] = False
    margin_antiques: Annotated[bool, "PMarzy/P_PMarzy_3_3"] = False
    no_margin: Annotated[bool, "PMarzy/P_PMarzyN"] = False
