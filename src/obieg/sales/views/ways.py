"""The ways of correcting a document, as its menu offers them; the keys are those of `WAYS`."""

OFFERED = (
    ("lines", "Ilości, ceny, stawki"),
    ("zero", "Do zera"),
    ("parties", "Dane stron: nazwa, adres"),
    ("buyer", "Zły NIP nabywcy: do zera i nowa"),
    ("collective", "Rabat za okres, bez pozycji"),
)
