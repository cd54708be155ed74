"""What can go wrong with the marks of offline modes, for the person who can mend it."""

from obieg.core.errors import UserFixable


class NotMarkable(UserFixable):
    """Only what is issued and not sent is marked."""

    code = "sales.not_markable"
    message_pl = (
        "Dokument {number} jest w stanie „{state}”. Tryb offline wybiera się przy wystawianiu "
        "albo później, dopóki dokument nie został wysłany."
    )


class OutageEndsTooEarly(UserFixable):
    """The end lies before the beginning."""

    code = "sales.outage_ends_too_early"
    message_pl = "Koniec przerwy jest przed jej początkiem. Popraw daty."


class OutageOfLighthouse(UserFixable):
    """What Latarnia announced is ended by Latarnia."""

    code = "sales.outage_of_lighthouse"
    message_pl = (
        "Tę przerwę ogłosiła Latarnia i ona ogłosi jej koniec. Ręcznie nie można jej zmienić."
    )
