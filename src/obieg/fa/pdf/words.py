"""The words of a document: Polish, or Polish and English."""

from dataclasses import dataclass

from obieg.fa.pdf.english import ENGLISH, VALUES


@dataclass(frozen=True, slots=True)
class Words:
    """`label("Sprzedawca")` is „Sprzedawca”, or „Sprzedawca / Seller” where bilingual."""

    bilingual: bool = False

    def label(self, polish: str) -> str:
        """A label in the document's languages; one without English (a title's number) as it is."""
        return self._with(ENGLISH.get(polish), polish)

    def value(self, polish: str) -> str:
        """A value that the schema or the product words: „przelew / bank transfer”."""
        return self._with(VALUES.get(polish), polish)

    def absent(self, polish: str) -> str:
        """A label written with a small letter among what does not apply."""
        english = ENGLISH.get(polish[:1].upper() + polish[1:])
        return self._with(english and english[:1].lower() + english[1:], polish)

    def _with(self, english: str | None, polish: str) -> str:
        if not self.bilingual or english is None or english == polish:
            return polish
        return f"{polish} / {english}"
