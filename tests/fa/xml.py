"""What the tests of `obieg.fa` ask of a sample's XML, by means that the product does not use."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

from lxml import etree

INVOICES = ("fa3", "fa2")


def root_of(sample: Path) -> etree._Element:
    return etree.fromstring(sample.read_bytes(), etree.XMLParser(remove_comments=True))


def leaves(root: etree._Element) -> list[tuple[str, str]]:
    """Path and text of every element that holds text, in document order."""
    return [
        (path_of(element), " ".join(element.text.split()))
        for element in root.iter(etree.Element)
        if not len(element) and element.text and element.text.strip()
    ]


def path_of(element: etree._Element) -> str:
    steps = []
    while (parent := element.getparent()) is not None:
        name = etree.QName(element).localname
        twins = parent.xpath(f"*[local-name()='{name}']")
        steps.append(f"{name}[{twins.index(element) + 1}]" if len(twins) > 1 else name)
        element = parent
    return "/".join(reversed(steps))


def amounts(root: etree._Element, name: str) -> list[Decimal]:
    """The values of every element called `name`, in document order."""
    return [Decimal(text.strip()) for text in root.xpath(f"//*[local-name()='{name}']/text()")]


def texts(root: etree._Element, name: str) -> list[str]:
    return [" ".join(text.split()) for text in root.xpath(f"//*[local-name()='{name}']/text()")]


def numbers(root: etree._Element) -> Counter[Decimal]:
    """How often each number stands in the document; identifiers and texts are no numbers."""
    return Counter(
        Decimal(text) for path, text in leaves(root) if path.split("/")[-1].split("[")[0] in NUMERIC
    )


NUMERIC = frozenset(
    {
        *("WariantFormularza", "Udzial", "NrWiersza", "NrWierszaFa", "NrWierszaZam", "Ilosc"),
        *("KursWaluty", "KursWalutyZ", "KursWalutyZK", "KursWalutyZW", "KursUmowny"),
        *("P_15", "P_15ZK", "P_15Z", "Kwota", "SumaObciazen", "SumaOdliczen"),
        *("DoZaplaty", "DoRozliczenia", "KwotaZaplatyCzesciowej", "WartoscZamowienia"),
        *("P_8B", "P_9A", "P_9B", "P_10", "P_11", "P_11A", "P_11Vat", "P_12_XII", "KwotaAkcyzy"),
        *("P_8BZ", "P_9AZ", "P_11NettoZ", "P_11VatZ", "P_12Z_XII", "KwotaAkcyzyZ"),
        *(f"P_13_{group}" for group in (1, 2, 3, 4, 5, "6_1", "6_2", "6_3", 7, 8, 9, 10, 11)),
        *(f"P_14_{group}" for group in (1, 2, 3, 4, 5, "1W", "2W", "3W", "4W")),
        "P_NrWierszaNST",
    }
)
