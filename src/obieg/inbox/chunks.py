"""Read files in lists small enough for constant memory, one list ahead of the database."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from obieg.inbox.reading import Readable, Refused

Item = Readable | Refused
Chunk = list[Item]

CHUNK_FILES = 250
CHUNK_BYTES = 8_000_000  # a file with attachments may have 3,000,000


def in_chunks(items: Iterable[Item]) -> Iterator[Chunk]:
    """`items` in lists that are small both in number and in bytes."""
    chunk: Chunk = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.file.xml)
        if len(chunk) == CHUNK_FILES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def ahead(chunks: Iterator[Chunk]) -> Generator[Chunk, None, None]:
    """The same chunks, the next being read by a second thread while the caller stores one.

    The database works outside this process, so that two cores are used; a pool of processes would
    lose to pickling what it won (0.4 ms a document, as much as reading it).
    """
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk
