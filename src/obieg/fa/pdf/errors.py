"""Why a PDF cannot be made."""

from obieg.core.errors import UserFixable


class UnreadableLogo(UserFixable):
    """The bytes are no picture that can be printed."""

    code = "fa.pdf.logo"
    message_pl = (
        "Nie można odczytać logo. Wgraj plik PNG, JPEG albo SVG, najwyżej {limit} kB, "
        "i sprawdź, czy otwiera się w przeglądarce."
    )
