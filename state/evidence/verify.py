"""Verifies evidence: every length, hash and link against the files. Reports the first failure.

WARC tools accept a file from which records were removed, or that was truncated; the hash chain does not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import BinaryIO, NamedTuple

from state.evidence.chain import ChainLink, flaw, next_link
from state.evidence.warc import members
from state.evidence.witnesses import Statement, WitnessKind

Opener = Callable[[str], BinaryIO | None]  # opens a file of evidence by its name; None if it does not exist

_MOST_OPEN = 8
_PIECE = 1 << 20  # bytes
_LOOKED_AT = 500_000_000  # bytes, unpacked, that are searched for what is in a record's place
_MOST_DIAGNOSED = 20  # files: each one costs another pass over the chain


class Problem(NamedTuple):
    """A problem and its place. `record` is None if it concerns no record; `tail` marks a file with surplus data at its
    end.
    """

    record: int | None
    file: str
    message: str
    tail: bool = False

    def __str__(self) -> str:
        record = "" if self.record is None else f"record {self.record}"
        return f"{', '.join(filter(None, (self.file, record)))}: {self.message}"


@dataclass(slots=True)
class Verified:
    """The result: `records` were compared with their bytes, `linked` only by links; `absent` files are elsewhere.

    `witnesses` has what each said last, `older` the captures that have no digests of their events, `past` the files of
    captures of others.
    """

    records: int = 0
    linked: int = 0
    size: int = 0
    files: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    head: ChainLink | None = None
    witnesses: dict[str, Statement] = field(default_factory=dict)
    older: int = 0
    past: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def stamp(self) -> Statement | None:
        """The last time stamp of an authority."""
        stamps = (each for each in self.witnesses.values() if each.kind is WitnessKind.AUTHORITY)
        return max(stamps, key=lambda each: each.number, default=None)


def verify(links: Callable[[], Iterable[ChainLink]], opened: Opener, *, here: bool = True) -> Verified:
    """Verify a chain against its files. `here` says that every file in the chain must exist.

    Reports the first failure of the links, and of each file. `links` gives the links in order, from the first.
    """
    return _Verifier(links, opened, here=here).run()


class _Verifier:
    def __init__(self, links: Callable[[], Iterable[ChainLink]], opened: Opener, *, here: bool) -> None:
        self._links, self._here = links, here
        self._opened, self._open = opened, dict[str, BinaryIO | None]()  # a few files, the last one used at the end
        self._ends: dict[str, int] = {}
        self._bad: set[str] = set()
        self._broken, self._diagnosed = False, 0
        self.seen = Verified()

    def run(self) -> Verified:
        try:
            previous: ChainLink | None = None
            for link in self._links():
                if previous:
                    self._look(previous, link, flaw(previous, link))
                self.seen.head = previous = link
            for name in sorted(self.seen.files - self._bad):
                handle = self._file(name)
                surplus = handle.seek(0, 2) - self._ends[name] if handle else 0
                if surplus > 0:
                    what = "stand behind its last record: a check was broken off, or somebody added them"
                    self.seen.problems.append(Problem(None, name, f"{surplus:,} bytes {what}", tail=True))
        finally:
            while self._open:
                self._close_oldest()
        self.seen.problems.sort(key=lambda problem: (problem.record is None, problem.record or 0))
        return self.seen

    def _look(self, previous: ChainLink, link: ChainLink, wrong: str | None) -> None:
        handle = self._file(link.file) if link.file else None
        if link.file and handle is None and link.file not in self.seen.absent:
            self.seen.absent.add(link.file)
            if self._here:
                self._bad.add(link.file)
                self.seen.problems.append(Problem(link.number, link.file, "the file is missing"))
        if handle is None or link.file in self._bad:  # after a file's first failure the rest of it is skipped
            self.seen.linked += 1
            self._break(link, wrong)
            return
        self.seen.files.add(link.file)
        handle.seek(link.offset)
        hashed, left = sha256(), link.length
        while left and (piece := handle.read(min(left, _PIECE))):
            hashed.update(piece)
            left -= len(piece)
        found, size = hashed.digest(), link.length - left  # what is in the record's place
        end = self._ends.get(link.file, 0)
        self._ends[link.file] = link.end
        self.seen.records += 1
        self.seen.size += size
        if wrong and found != link.sha256 and next_link(previous.link, found) == link.link:
            wrong = "its hash was edited in the chain: the file, and the link that was made of it, say another"
        self._break(link, wrong)
        if link.file not in self._bad and not wrong and (found != link.sha256 or link.offset != end):
            self._bad.add(link.file)
            self._diagnosed += 1
            self.seen.problems.append(Problem(link.number, link.file, self._diagnosis(link, handle, end)))

    def _break(self, link: ChainLink, wrong: str | None) -> None:
        """Report only the first failure of the links: later ones may follow from it."""
        if wrong and not self._broken:
            self._broken = True
            self._bad.add(link.file)
            self.seen.problems.append(Problem(link.number, link.file, wrong))

    def _diagnosis(self, link: ChainLink, handle: BinaryIO, end: int) -> str:
        """Describe what is in the record's place."""
        size = handle.seek(0, 2)
        first, second = self._in_place(link.file, handle, end)
        if first == link.number:
            return f"its place was edited in the chain: it begins at byte {end:,}"
        if first is not None and second == link.number:
            return f"record {first} is in its place, and it is behind that one"
        if first is not None:
            return f"it was removed: record {first} is in its place"
        if size < link.end:
            return f"the file was cut off: it ends at byte {size:,}, the record at byte {link.end:,}"
        return f"its bytes {link.offset:,} to {link.end:,} were altered: their SHA-256 is not the chain's"

    def _in_place(self, file: str, handle: BinaryIO, at: int) -> tuple[int | None, int | None]:
        """The numbers of the two records that begin at an offset of a file, where there are records."""
        if self._diagnosed > _MOST_DIAGNOSED:
            return None, None
        handle.seek(at)
        found = [member.sha256 for member in islice(members(handle, _LOOKED_AT), 2)]
        numbers = {each.sha256: each.number for each in self._links() if each.file == file and each.sha256 in found}
        first, second = (numbers.get(each) for each in [*found, b"", b""][:2])
        return first, second

    def _file(self, name: str) -> BinaryIO | None:
        handle = self._open[name] = self._open.pop(name) if name in self._open else self._opened(name)
        if len(self._open) > _MOST_OPEN:
            self._close_oldest()
        return handle

    def _close_oldest(self) -> None:
        if handle := self._open.pop(next(iter(self._open))):
            handle.close()
