"""KSeF's answers to grants and revocations, with what to do about each."""

from collections.abc import Mapping

from obieg.ksef.permissions import OperationStatus

# KSeF API 2.9, PermissionsOperationStatusResponse
ADVICE: Mapping[int, str] = {
    400: "Odczytaj uprawnienia ponownie i sprawdź, czy zlecenie jest jeszcze potrzebne.",
    410: "Sprawdź NIP albo PESEL: uprawniony nie może być tym samym podmiotem co klient.",
    420: "Poświadczenie w użyciu nie może tego nadać ani odebrać; zrobi to klient albo "
    "ten, kto ma „zarządzanie uprawnieniami”.",
    430: "To uprawnienie wymaga innej roli klienta w KSeF, niż ma.",
    440: "KSeF nie pozwala na to między tymi podmiotami.",
    450: "Tego uprawnienia nie można nadać takiemu identyfikatorowi; sprawdź NIP albo PESEL.",
    500: "Zleć ponownie za kilka minut.",
    550: "Przerwano po stronie KSeF. Zleć ponownie za kilka minut.",
}
OTHERWISE = "Szczegóły podaje KSeF."


def told(status: OperationStatus) -> str:
    """KSeF's words with its code, and what to do."""
    return f"KSeF: {status.text} (kod {status.code}). {ADVICE.get(status.code, OTHERWISE)}"
