"""PDF: milliseconds for a document, against the Ministry's generator and an empty document."""

import re
import time
from datetime import date
from pathlib import Path
from statistics import median

import typst

from bench.table import Result, at_most
from obieg.fa.parse import parse
from obieg.fa.pdf import Code, invoice_pdf
from obieg.fa.pdf.compiler import STANDARDS, fonts
from obieg.fa.schema import check_schema
from obieg.ksef.environment import PUBLIC
from obieg.ksef.qr import invoice_link

SAMPLES = Path(__file__).parents[2] / "shared" / "reference" / "samples"
MINISTRY = 68.0  # ms a document: CIRFMF/ksef-pdf-generator took 68 to 89 ms when it was measured
AIM = 3  # times faster
EMPTY = 25  # times an empty document: a page of figures against a blank one
ROUNDS = 3
NUMBER = "9999999999-20260201-0123456789AB-CD"

_TEXTS = re.compile(rb"<(Nazwa|P_2|P_7|AdresL1|AdresL2|Klucz|Wartosc)>[^<]+")


def run(scratch: Path) -> list[Result]:
    """Every valid sample with a QR code; each round with texts not seen before.

    Times are the processor's, the best of the rounds: neighbours on the machine count little.
    """
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("fa3/*.xml"))]
    valid = [xml for xml in samples if not check_schema(xml)]
    if not valid:
        print(f"# pdf: no samples in {SAMPLES}")
        return []
    for xml in valid[:5]:
        make(changed(xml, 0))
    empty = floor(scratch, len(valid))
    rounds = [[timed(changed(xml, turn)) for xml in valid] for turn in range(1, ROUNDS + 1)]
    taken = [min(times) for times in zip(*rounds, strict=True)]
    usual, limit = median(taken), MINISTRY / AIM
    long = timed(grown(valid))
    return [
        at_most(f"PDF faktury, mediana z {len(valid)} wzorów", usual, limit, unit="ms"),
        Result(
            "PDF, do generatora Ministerstwa",
            f"{usual:.1f} ms",
            f"{MINISTRY:.1f} ms",
            f"{usual / MINISTRY:.2f}",
            f"≤ {1 / AIM:.2f} ×",
            usual <= limit,
        ),
        at_most("PDF, do pustego dokumentu", usual, EMPTY, unit="ms", floor=empty),
        at_most("PDF faktury o 1000 pozycjach", long / 1000, 5, unit="s"),
    ]


def make(xml: bytes) -> bytes:
    """What the office sends: number, QR code, XML attached."""
    link = invoice_link(
        PUBLIC["test"].qr_url, seller_nip="1111111111", issue_date=date(2026, 2, 1), xml=xml
    )
    return invoice_pdf(xml, ksef_number=NUMBER, codes=[Code(link, NUMBER)])


def timed(xml: bytes) -> float:
    """Milliseconds to make the PDF of `xml`."""
    started = time.process_time()
    make(xml)
    return (time.process_time() - started) * 1000


def changed(xml: bytes, turn: int) -> bytes:
    """`xml` with other texts, since the typesetter remembers what it has set."""
    return _TEXTS.sub(rb"\g<0> %d" % turn, xml)


def grown(valid: list[bytes]) -> bytes:
    """A sample with rows up to a thousand."""
    xml = next(xml for xml in valid if len(parse(xml).lines) > 1)
    start, end = xml.index(b"<FaWiersz>"), xml.index(b"</FaWiersz>") + len(b"</FaWiersz>")
    rows = (_TEXTS.sub(rb"\g<0> %d" % n, xml[start:end]) for n in range(1000))
    return xml[:start] + b"".join(rows) + xml[end:]


def floor(scratch: Path, count: int) -> float:
    """Milliseconds for an empty document of the same standard, on average of `count`."""
    template = scratch / "empty.typ"
    template.write_text('#set document(title: sys.inputs.turn)\n#set text(lang: "pl")\n')
    compiler = typst.Compiler(template, font_paths=fonts(), ignore_system_fonts=True)
    started = time.process_time()
    for turn in range(count):
        inputs = {"turn": str(turn)}
        compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=turn)
    return (time.process_time() - started) / count * 1000
