"""Documents of our typesetter joined to one file: pages, tags, bookmarks and attached XML of all.

It reads what typst 0.15 writes, one table of plain objects. So a long paper is set part by part in
little memory, and what is joined stays tagged PDF/A-3a.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

# The objects of the joint file that every paper has one of; the papers' own follow.
_PAGES, _TAGS, _WHOLE, _BOOKMARKS, _INTENTS, _INFO, _METADATA, _CATALOGUE = range(1, 9)
_FIRST = 9
_HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n\n"
_ENTRY = 20  # bytes of a line in the table of objects
_CONTENT = b">>\nstream\n"

_STRING = rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*\)|<[0-9A-Fa-f]*>"
_REFERENCE = re.compile(rb"(?s:" + _STRING + rb")|(\d+) 0 R")  # what stands in a text is none
_NAMED = re.compile(rb"(?s:(" + _STRING + rb"))(\d+) 0 R")
_KEY = re.compile(rb"/(StructParents?) (\d+)")
_TAG = re.compile(rb"\((U\d+x\d+y\d+)\)")  # a table's heading, to which its cells refer
_CELL = re.compile(rb"<</Type/StructElem/S/T[HD]/")


class _Paper(NamedTuple):
    """A document taken apart."""

    objects: dict[int, bytes]
    catalogue: bytes
    trailer: bytes

    def main(self, name: bytes) -> int:
        """The number of an object that the catalogue names; 0 if none."""
        return _named(name, self.catalogue)


def joined(papers: Iterable[bytes], *, about: bytes = b"") -> bytes:
    """One PDF of `papers`, at least one, in their order.

    Its title, author and date are those of the paper `about`, by default the first. The same
    papers give the same bytes.
    """
    joint = _Joint()
    for pdf in papers:
        about = about or pdf
        joint.add(_taken_apart(pdf))
    return joint.written(_taken_apart(about))


def count_pages(pdf: bytes) -> int:
    """How many pages a document of our typesetter has."""
    paper = _taken_apart(pdf)
    return _number(rb"/Count (\d+)", paper.objects[paper.main(b"Pages")])


class _Joint:
    """The file while it grows."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []
        self._papers = 0
        self._intents = b""
        self._pages: list[int] = []  # the papers' trees of pages
        self._page_count = 0
        self._tags: list[int] = []
        self._tags_by_key: list[tuple[int, int]] = []  # of pages and links
        self._tags_by_name: list[tuple[bytes, int]] = []
        self._next_key = 0
        self._attached: list[int] = []
        self._bookmarks: list[tuple[int, int]] = []  # each paper's first and last
        self._bookmark_count = 0

    def add(self, paper: _Paper) -> None:
        """Take a paper's objects over, under new numbers."""
        shared = {
            paper.main(b"StructTreeRoot"): _WHOLE,
            paper.main(b"Outlines"): _BOOKMARKS,
            paper.main(b"OutputIntents"): _INTENTS,
        }
        own = {_named(name, paper.trailer) for name in (b"Root", b"Info")}
        own.add(paper.main(b"Metadata"))
        kept = [old for old in paper.objects if old not in shared and old not in own]
        start = _FIRST + len(self._objects)
        numbers = shared | {old: new for new, old in enumerate(kept, start)}
        self._objects += [self._taken(paper.objects[old], numbers) for old in kept]
        intents = paper.objects[paper.main(b"OutputIntents")]
        self._intents = self._intents or _moved(intents, numbers)
        self._add_pages(paper, numbers)
        self._add_bookmarks(paper, numbers)
        self._add_tags(paper, numbers)
        attached = re.search(rb"/AF\[([\d R]*)\]", paper.catalogue)
        self._attached += [numbers[old] for old in _references(attached)]
        self._papers += 1

    def written(self, about: _Paper) -> bytes:
        """The whole file."""
        name = base64.b64encode(hashlib.sha256(b"".join(self._objects)).digest()[:16])
        shared = [
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (self._page_count, _listed(self._pages)),
            self._tag_root(),
            b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (_TAGS, _listed(self._tags)),
            self._bookmark_root(),
            self._intents,
            about.objects[_named(b"Info", about.trailer)],
            self._metadata(about, name),
            self._catalogue(),
        ]
        return b"".join(_file([*shared, *self._objects], name))

    def _taken(self, body: bytes, numbers: Mapping[int, int]) -> bytes:
        """An object as the joint file has it."""
        head, marker, content = body.partition(_CONTENT)
        head = _moved(head, numbers)
        if head.startswith((b"<</Type/Page/", b"<</Type/Annot/")):
            head = _KEY.sub(
                lambda found: b"/%s %d" % (found[1], int(found[2]) + self._next_key), head
            )
        elif _CELL.match(head):
            head = _TAG.sub(self._tag_name, head)
        return head + marker + content

    def _tag_name(self, found: re.Match[bytes]) -> bytes:
        return b"(%05d%s)" % (self._papers, found[1])

    def _add_pages(self, paper: _Paper, numbers: Mapping[int, int]) -> None:
        number = numbers[paper.main(b"Pages")]
        self._pages.append(number)
        self._page_count += _number(rb"/Count (\d+)", self._objects[number - _FIRST])
        self._extend(number, b"/Parent %d 0 R" % _PAGES)

    def _add_bookmarks(self, paper: _Paper, numbers: Mapping[int, int]) -> None:
        root = paper.objects.get(paper.main(b"Outlines"), b"")
        if b"/First" not in root:
            return
        first, last = (numbers[_named(name, root)] for name in (b"First", b"Last"))
        if self._bookmarks:
            former = self._bookmarks[-1][1]
            self._extend(former, b"/Next %d 0 R" % first)
            self._extend(first, b"/Prev %d 0 R" % former)
        self._bookmarks.append((first, last))
        self._bookmark_count += _number(rb"/Count (\d+)", root)

    def _add_tags(self, paper: _Paper, numbers: Mapping[int, int]) -> None:
        root = paper.objects[paper.main(b"StructTreeRoot")]
        self._tags += [numbers[old] for old in _references(re.search(rb"/K\[([\d R]*)\]", root))]
        keyed = re.search(rb"/ParentTree<</Nums\[([\d R]*)\]>>", root)
        for found in re.finditer(rb"(\d+) (\d+) 0 R", keyed[1] if keyed else b""):
            key = int(found[1]) + self._next_key
            self._tags_by_key.append((key, numbers[int(found[2])]))
        named = re.search(rb"(?s)/IDTree<</Names\[(.*?)\]>>", root)
        for found in _NAMED.finditer(named[1] if named else b""):
            name = _TAG.sub(self._tag_name, found[1])
            self._tags_by_name.append((name, numbers[int(found[2])]))
        self._next_key += _number(rb"/ParentTreeNextKey (\d+)", root)

    def _extend(self, number: int, entry: bytes) -> None:
        place = number - _FIRST
        self._objects[place] = self._objects[place].replace(b"<<", b"<<" + entry, 1)

    def _tag_root(self) -> bytes:
        keyed = b" ".join(b"%d %d 0 R" % pair for pair in self._tags_by_key)
        named = b"".join(b"%s%d 0 R" % pair for pair in self._tags_by_name)
        return (
            b"<</Type/StructTreeRoot"
            b"/RoleMap<</Datetime/Span/Terms/Part/Title/P/Strong/Span/Em/Span>>"
            b"/K[%d 0 R]/ParentTree<</Nums[%s]>>/IDTree<</Names[%s]>>/ParentTreeNextKey %d>>"
        ) % (_WHOLE, keyed, named, self._next_key)

    def _bookmark_root(self) -> bytes:
        if not self._bookmarks:
            return b"<</Type/Outlines/Count 0>>"
        first, last = self._bookmarks[0][0], self._bookmarks[-1][1]
        root = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>"
        return root % (first, last, self._bookmark_count)

    def _metadata(self, about: _Paper, name: bytes) -> bytes:
        xmp = about.objects[about.main(b"Metadata")].partition(_CONTENT)[2]
        xmp = xmp.removesuffix(b"\nendstream")
        xmp = re.sub(rb"(<xmpTPg:NPages>)\d+", rb"\g<1>%d" % self._page_count, xmp)
        xmp = re.sub(rb"(<xmpMM:(?:Instance|Document)ID>)[^<]+", rb"\g<1>" + name, xmp)
        head = b"<</Length %d/Type/Metadata/Subtype/XML" % len(xmp)
        return head + _CONTENT + xmp + b"\nendstream"

    def _catalogue(self) -> bytes:
        named = b"".join(b"(%05d)%d 0 R" % pair for pair in enumerate(self._attached))
        return (
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents %d 0 R/Lang(pl-PL)"
            b"/StructTreeRoot %d 0 R/MarkInfo<</Marked true/Suspects false>>"
            b"/ViewerPreferences<</DisplayDocTitle true/Direction/L2R>>/Outlines %d 0 R"
            b"/Names<</EmbeddedFiles<</Names[%s]>>>>/AF[%s]>>"
        ) % (_PAGES, _METADATA, _INTENTS, _TAGS, _BOOKMARKS, named, _listed(self._attached))


def _taken_apart(pdf: bytes) -> _Paper:
    table = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    start = pdf.index(b"\n", pdf.index(b"\n", table) + 1) + 1
    end = pdf.index(b"trailer", start)
    offsets = [int(pdf[at : at + 10]) for at in range(start + _ENTRY, end, _ENTRY)]
    ends = dict(zip(ordered := sorted(offsets), [*ordered[1:], table], strict=True))
    objects = {}
    for number, offset in enumerate(offsets, 1):
        body = pdf.index(b"\n", offset) + 1
        objects[number] = pdf[body : pdf.rindex(b"\nendobj", body, ends[offset])]
    trailer = pdf[end:]
    return _Paper(objects, objects[_named(b"Root", trailer)], trailer)


def _file(objects: list[bytes], name: bytes) -> Iterator[bytes]:
    """The bytes of a file of `objects`, which are numbered from 1."""
    yield _HEADER
    at = len(_HEADER)
    offsets = []
    for number, body in enumerate(objects, 1):
        written = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        offsets.append(at)
        at += len(written)
        yield written
    yield b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(objects) + 1)
    yield b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets)
    yield b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[(%s)(%s)]>>\nstartxref\n%d\n%%%%EOF" % (
        *(len(objects) + 1, _CATALOGUE, _INFO, name, name, at),
    )


def _moved(text: bytes, numbers: Mapping[int, int]) -> bytes:
    """`text` with the new numbers of the objects it refers to."""
    return _REFERENCE.sub(
        lambda found: b"%d 0 R" % numbers[int(found[1])] if found[1] else found[0], text
    )


def _named(name: bytes, text: bytes) -> int:
    found = re.search(rb"/%s (\d+) 0 R" % name, text)
    return int(found[1]) if found else 0


def _number(pattern: bytes, text: bytes) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def _references(found: re.Match[bytes] | None) -> Iterator[int]:
    return (int(one) for one in re.findall(rb"(\d+) 0 R", found[1])) if found else iter(())


def _listed(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
