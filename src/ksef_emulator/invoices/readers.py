"""Which reader reads which form."""

from ksef_emulator.invoices.document import Reader
from ksef_emulator.invoices.fa import read_fa

READERS: dict[str, Reader] = {"FA": read_fa}
