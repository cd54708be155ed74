"""PDF: milliseconds for a document, against the Ministry's generator and an empty document.

The longest receipt is made in a process of its own, whose memory counts.
"""

import re
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import typst

from bench.table import Result, at_most
from obieg.fa.parse import parse
from obieg.fa.pdf import Code, invoice_pdf, together
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

RECEIPT = SAMPLES / "upo" / "upo-faktura-kontekst-id-nip.xml"
ENTRIES = 10_000  # the most that KSeF puts into one receipt
AIM_RECEIPT, AIM_MEMORY = 6, 400  # seconds of the processor, MB
SELECTION = 200  # as many documents as one file takes
AIM_JOINING = 0.2  # of the time that the documents themselves take
_MEASURED = """
import resource, sys, time
from pathlib import Path
from obieg.fa.pdf import upo_pdf
xml = Path(sys.argv[1]).read_bytes()
started = time.process_time()
upo_pdf(xml)
print(time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

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
        joining(valid),
        *receipt(scratch),
    ]


def joining(valid: list[bytes]) -> Result:
    """One file of many documents, against making these documents."""
    started = time.process_time()
    turns = (changed(valid[n % len(valid)], 1_000 + n) for n in range(SELECTION))
    papers = [make(xml) for xml in turns]
    made = time.process_time() - started
    started = time.process_time()
    together(papers, title=f"{SELECTION} faktur", at=datetime(2026, 11, 21, tzinfo=UTC))
    joined = time.process_time() - started
    name = f"jeden plik z {SELECTION} PDF, do ich zrobienia"
    return at_most(name, joined, AIM_JOINING, unit="s", floor=made)


def receipt(scratch: Path) -> list[Result]:
    """The longest receipt: time of the processor and memory of its process."""
    xml = RECEIPT.read_text(encoding="utf-8")
    entry = xml[xml.index("<Dokument>") : xml.index("</Potwierdzenie>")]
    many = "".join(entry.replace("04/2027", f"{n}/2027") for n in range(ENTRIES))
    path = scratch / "receipt.xml"
    path.write_text(xml.replace(entry, many), encoding="utf-8")
    command = [sys.executable, "-c", _MEASURED, str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    taken, memory = map(float, said.stdout.split())
    return [
        at_most(f"PDF z UPO o {ENTRIES} wpisach", taken, AIM_RECEIPT, unit="s"),
        at_most(f"PDF z UPO o {ENTRIES} wpisach, pamięć", memory, AIM_MEMORY, unit="MB"),
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
