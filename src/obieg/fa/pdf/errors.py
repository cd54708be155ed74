"""Why a PDF cannot be made."""

from obieg.core.errors import UserFixable


class UnreadableLogo(UserFixable):
    """The bytes are no picture that can be printed."""

    code = "fa.pdf.logo"
    message_pl = (
        "Nie można odczytać logo. Wgraj plik PNG, JPEG albo SVG, najwyżej {limit} kB, "
        "i sprawdź, czy otwiera się w przeglądarce."
    )


class LogoTooManyPixels(UnreadableLogo):
    """A picture of few bytes that unpacks to many: it would be unpacked for every invoice."""

    code = "fa.pdf.logo_pixels"
    message_pl = (
        "Logo ma {width} na {height} punktów, a może mieć najwyżej {most} na {most}. "
        "Zmniejsz je; na wydruku i tak ma najwyżej kilka centymetrów."
    )
