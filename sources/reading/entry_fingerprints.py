"""Fingerprints of entries and of a set of entries, and entries together with theirs.

In code a fingerprint's bytes are called `mark`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC
from functools import lru_cache
from hashlib import blake2b
from struct import unpack
from typing import NamedTuple, Self

from sources.model import Entry
from sources.model.entry import Rows

SIZE = 16  # bytes; two of a hundred million entries collide with a probability below 1 in 10^22
SPECIALS = ("title", "url", "published", "text")
MOST_LOOSE = 1000  # entries that wait as they are, and the most of one pack
_HEAD = 2  # bytes of a fingerprint by which a MarkSet finds it; so many rows that each of five million has 80
_REST = SIZE - _HEAD
_MANY, _MORE = 1_000_000, 100_000  # of a MarkSet that are loose at most: at first, and once there are others
_LONG = 1_000  # characters: lengths beyond are not remembered
OWN_LINK = " url"  # among what is ignored: an entry's own `url`, but no field of that name


def special_text(entry: Entry, name: str) -> str | None:
    """`title`, `url`, `published` or `text` of an entry as a field's value, or None when it is empty."""
    if name == "published":
        return entry.published.astimezone(UTC).isoformat() if entry.published else None
    value: str | None = getattr(entry, name)
    return value or None


def entry_fingerprint(entry: Entry, ignore: Collection[str] = ()) -> bytes:
    """The fingerprint of an entry's key and content without the fields in `ignore`: 16 bytes."""
    key, title, fields = entry.key, entry.title, entry.fields
    # Each part is preceded by its length, so that different entries never give the same input.
    if entry.url or entry.published or entry.text or ignore or not title:
        title = "" if "title" in ignore else title
        url = "" if "url" in ignore or OWN_LINK in ignore else entry.url
        text = "" if "text" in ignore else entry.text
        published = entry.published and "published" not in ignore and special_text(entry, "published")
        parts = [key, *(f"={value}" if value else "" for value in (title, url, published, text))]
        own = "".join([f"{len(part)}:{part}" for part in parts])
    else:  # the common case of a register's rows
        own = f"{len(key)}:{key}{len(title) + 1}:={title}0:0:0:"
    named = _named(tuple(fields), frozenset(ignore))
    rest = [f"{name}{len(value := fields[of])}:{value}" for of, name in named]
    return text_fingerprint("".join([own, *rest]))


def row_fingerprints(rows: Rows, ignore: Collection[str] = ()) -> list[bytes]:
    """As `entry_fingerprint` for each of the rows, column by column, which is several times as fast."""
    keys, titles, fields = rows.keys, rows.titles, rows.fields
    own = (["0:"] * len(keys),) if "title" in ignore else (_heads_of(titles, _TITLES), titles)
    columns: list[Iterable[str]] = [_heads_of(keys, _KEYS), keys, *own, ["0:0:0:"] * len(keys)]
    for name, prefix in _named(tuple(fields), frozenset(ignore)):
        columns += [_heads_of(fields[name], _field_heads(prefix)), fields[name]]
    begin, marks = blake2b(digest_size=SIZE).copy, list[bytes]()  # to copy one takes half as long as to make one
    for data in map(str.encode, map("".join, zip(*columns, strict=True))):  # clean texts have no surrogates
        made = begin()
        made.update(data)
        marks.append(made.digest())
    return marks


class _Heads(dict[int, str]):
    """What comes before a text, by its length: a column has few distinct lengths."""

    def __init__(self, prefix: str = "", sign: str = ":", more: int = 0) -> None:
        self._parts = prefix, sign, more

    def __missing__(self, length: int) -> str:
        prefix, sign, more = self._parts
        head = f"{prefix}{length + more}{sign}"
        if length < _LONG:
            self[length] = head
        return head


_KEYS, _TITLES = _Heads(), _Heads(sign=":=", more=1)


@lru_cache(maxsize=4096)
def _field_heads(prefix: str) -> _Heads:
    heads = _Heads(prefix)
    heads[0] = ""  # such a field does not exist
    return heads


def _heads_of(texts: Sequence[str], heads: _Heads) -> Iterable[str]:
    return map(heads.__getitem__, map(len, texts))


@lru_cache(maxsize=4096)
def _named(names: tuple[str, ...], ignore: frozenset[str]) -> Sequence[tuple[str, str]]:
    """The fields that count, sorted, each with its prefix; cached, since entries of a source share them."""
    return [(name, f"{len(name)}:{name}") for name in sorted(names) if name not in ignore]


def text_fingerprint(text: str) -> bytes:
    """The fingerprint of a text: 16 bytes."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=SIZE).digest()


def cut(marks: bytes) -> list[bytes]:
    """Split concatenated fingerprints."""
    return list(unpack(f"{SIZE}s" * (len(marks) // SIZE), marks))


class MarkSet:
    """A set of fingerprints, of which there may be millions. A Python set takes 100 bytes for each. So beyond a million
    they are in rows by their first bytes, which takes a fifth of that, and three times as long.
    """

    def __init__(self, marks: bytes = b"") -> None:
        """`marks` are distinct fingerprints, concatenated."""
        self._loose = set[bytes]()
        self._rows: dict[bytes, bytearray] = {}  # by their first bytes: the others, in any order
        for start in range(0, len(marks), _MORE * SIZE):
            self.update(cut(marks[start : start + _MORE * SIZE]))

    def __iter__(self) -> Iterator[bytes]:
        yield from self._loose
        for head, row in self._rows.items():
            yield from (head + row[at : at + _REST] for at in range(0, len(row), _REST))

    def meet(self, marks: Sequence[bytes]) -> set[bytes]:
        """Those of some fingerprints that it has."""
        found = self._loose.intersection(marks)
        if rows := self._rows:
            likely = [mark for mark in marks if mark[_HEAD:] in rows.get(mark[:_HEAD], b"")]
            found.update(mark for mark in likely if self._find(mark) >= 0)
        return found

    def update(self, marks: Collection[bytes]) -> None:
        """Add fingerprints, none of which it has."""
        self._loose.update(marks)
        if len(self._loose) > (_MORE if self._rows else _MANY):
            for mark in self._loose:
                self._rows.setdefault(mark[:_HEAD], bytearray()).extend(mark[_HEAD:])
            self._loose = set()

    def remove(self, marks: set[bytes]) -> None:
        """Remove fingerprints, all of which it has."""
        for mark in marks - self._loose if self._rows else ():
            at = self._find(mark)
            del self._rows[mark[:_HEAD]][at : at + _REST]
        self._loose -= marks

    def _find(self, mark: bytes) -> int:
        """Where a fingerprint begins in its row, -1 if it is in none."""
        row, rest = self._rows.get(mark[:_HEAD], b""), mark[_HEAD:]
        at = row.find(rest)
        while at > 0 and at % _REST:  # the end of one and the beginning of the next
            at = row.find(rest, at + 1)
        return at


class Digest:
    """The fingerprint of a set of entries, in any order. Add each distinct fingerprint once."""

    def __init__(self) -> None:
        self._sum = 0
        self.count = 0

    def add(self, mark: bytes) -> None:
        """Add one fingerprint."""
        self._sum += int.from_bytes(mark, "big")
        self.count += 1

    def add_all(self, marks: Collection[bytes]) -> None:
        """Add several fingerprints."""
        halves = unpack(f">{2 * len(marks)}Q", b"".join(marks))  # several times as fast as one by one
        self._sum += (sum(halves[::2]) << 64) + sum(halves[1::2])
        self.count += len(marks)

    def remove_all(self, marks: Collection[bytes]) -> None:
        """Remove fingerprints that it has."""
        self._sum -= sum(int.from_bytes(mark, "big") for mark in marks)
        self.count -= len(marks)

    @classmethod
    def of(cls, value: bytes) -> Self:
        """The digest with this `value`; without one, that of no entries."""
        digest = cls()
        digest._sum, digest.count = int.from_bytes(value[:SIZE], "big"), int.from_bytes(value[SIZE:], "big")
        return digest

    def value(self) -> bytes:
        """The digest: the sum of the fingerprints and their number (24 bytes)."""
        return (self._sum % (1 << 8 * SIZE)).to_bytes(SIZE, "big") + self.count.to_bytes(8, "big")

    def with_these(self, marks: Iterable[bytes]) -> bytes:
        """The digest of this set together with further fingerprints."""
        joint = Digest()
        joint._sum, joint.count = self._sum, self.count
        joint.add_all(list(marks))
        return joint.value()


class Seen(NamedTuple):
    """An entry of a snapshot with its fingerprint (`mark`)."""

    mark: bytes
    entry: Entry


class Pack(NamedTuple):
    """Several entries as the bytes of one message (`messages.PackForm`): at most PLAIN bytes, or a single entry."""

    number: int
    data: bytes


class Block(NamedTuple):
    """Some entries with their fingerprints; `entries` are Rows if the kind yielded Rows."""

    marks: list[bytes]
    entries: Rows | list[Entry]

    @property
    def keys(self) -> Sequence[str]:
        """The keys of the entries."""
        return self.entries.keys if isinstance(self.entries, Rows) else [entry.key for entry in self.entries]


def part_at(block: Block, places: Sequence[int]) -> Block:
    """The entries of a block at these indexes."""
    if len(places) == len(block.marks):
        return block
    entries, marks = block.entries, [block.marks[at] for at in places]
    return Block(marks, entries.only(places) if isinstance(entries, Rows) else [entries[at] for at in places])
