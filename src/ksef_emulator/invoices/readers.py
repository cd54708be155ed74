"""Which reader reads which form."""

from ksef_emulator.invoices.document import Reader
from ksef_emulator.invoices.fa import read_fa
from ksef_emulator.invoices.pef import read_pef
from ksef_emulator.invoices.rr import read_rr

READERS: dict[str, Reader] = {"FA": read_fa, "FA_RR": read_rr, "PEF": read_pef}
