"""What the codes of the schema mean, by the element that holds them."""

from obieg.fa.rates import RATES

KINDS = {
    "VAT": "Faktura",
    "KOR": "Faktura korygująca",
    "ZAL": "Faktura zaliczkowa",
    "ROZ": "Faktura rozliczeniowa",
    "UPR": "Faktura uproszczona",
    "KOR_ZAL": "Korekta faktury zaliczkowej",
    "KOR_ROZ": "Korekta faktury rozliczeniowej",
}
_PAYMENT = {
    "1": "gotówka",
    "2": "karta",
    "3": "bon",
    "4": "czek",
    "5": "kredyt",
    "6": "przelew",
    "7": "mobilna",
}
_CARGO = (
    "bańka",
    "beczka",
    "butla",
    "karton",
    "kanister",
    "klatka",
    "kontener",
    "kosz lub koszyk",
    "łubianka",
    "opakowanie zbiorcze",
    "paczka",
    "pakiet",
    "paleta",
    "pojemnik",
    "pojemnik do ładunków masowych stałych",
    "pojemnik do ładunków masowych w postaci płynnej",
    "pudełko",
    "puszka",
    "skrzynia",
    "worek",
)
_GTU = (
    "napoje alkoholowe",
    "paliwa",
    "oleje opałowe i smarowe",
    "wyroby tytoniowe",
    "odpady",
    "urządzenia elektroniczne",
    "pojazdy i części",
    "metale szlachetne i nieszlachetne",
    "leki i wyroby medyczne",
    "budynki, budowle i grunty",
    "uprawnienia do emisji",
    "usługi niematerialne",
    "transport i gospodarka magazynowa",
)
_PROCEDURES = {
    "WSTO_EE": "sprzedaż na odległość i usługi elektroniczne w UE",
    "IED": "ułatwianie dostaw przez interfejs elektroniczny",
    "TT_D": "transakcja trójstronna, drugi podatnik",
    "I_42": "WDT po imporcie, procedura celna 42",
    "I_63": "WDT po imporcie, procedura celna 63",
    "B_SPV": "transfer bonu jednego przeznaczenia",
    "B_SPV_DOSTAWA": "dostawa za bon jednego przeznaczenia",
    "B_MPV_PROWIZJA": "pośrednictwo przy bonie różnego przeznaczenia",
}
_GTU_NAMES = {f"GTU_{number:02d}": name for number, name in enumerate(_GTU, 1)}
_RATE_NAMES = {code: name for code, name in RATES.items() if name != f"{code}%"}

CODES: dict[str, dict[str, str]] = {
    "RodzajFaktury": {code: name.lower() for code, name in KINDS.items()},
    "StatusInfoPodatnika": {
        "1": "w likwidacji",
        "2": "w postępowaniu restrukturyzacyjnym",
        "3": "w upadłości",
        "4": "przedsiębiorstwo w spadku",
    },
    "Rola": {
        "1": "faktor",
        "2": "odbiorca",
        "3": "podmiot pierwotny",
        "4": "dodatkowy nabywca",
        "5": "wystawca faktury",
        "6": "dokonujący płatności",
        "7": "jednostka samorządu terytorialnego, wystawca",
        "8": "jednostka samorządu terytorialnego, odbiorca",
        "9": "członek grupy VAT, wystawca",
        "10": "członek grupy VAT, odbiorca",
        "11": "pracownik",
    },
    "RolaPU": {
        "1": "organ egzekucyjny",
        "2": "komornik sądowy",
        "3": "przedstawiciel podatkowy",
    },
    "TypKorekty": {
        "1": "w dacie faktury pierwotnej",
        "2": "w dacie faktury korygującej",
        "3": "w innej dacie albo w różnych",
    },
    "ZnacznikZaplatyCzesciowej": {
        "1": "zapłacono w części",
        "2": "zapłacono w całości w częściach",
    },
    "FormaPlatnosci": _PAYMENT,
    "RachunekWlasnyBanku": {
        "1": "do rozliczeń nabywanych wierzytelności",
        "2": "do pobierania należności dla dostawcy",
        "3": "gospodarki własnej banku",
    },
    "RodzajTransportu": {
        "1": "morski",
        "2": "kolejowy",
        "3": "drogowy",
        "4": "lotniczy",
        "5": "przesyłka pocztowa",
        "7": "stałe instalacje przesyłowe",
        "8": "żegluga śródlądowa",
    },
    "OpisLadunku": {str(number): name for number, name in enumerate(_CARGO, 1)},
    "GTU": _GTU_NAMES,
    "GTUZ": _GTU_NAMES,
    "Procedura": _PROCEDURES,
    "ProceduraZ": _PROCEDURES,
    "P_12": _RATE_NAMES,
    "P_12Z": _RATE_NAMES,
}


def meaning(element: str, code: str) -> str:
    """What `code` means in `element`, or an empty text."""
    return CODES.get(element, {}).get(code, "")
