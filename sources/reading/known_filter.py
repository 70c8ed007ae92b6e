"""Drops a snapshot's entries whose fingerprint is known; accumulates digest and profile over all of them.

A filter can cross to the subprocess that parses a large page. The subprocess gets the known fingerprints, passes the
page's entries through its copy and answers with the new ones: of a register of a hundred thousand entries only the
changed ones cross. The answers are validated (pool.py) before the filter here resumes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from sources.model import Entry
from sources.model.rows import Rows
from sources.options import compile_re2
from sources.reading.entry_buffer import Packed
from sources.reading.entry_fingerprints import (
    OWN_LINK,
    SIZE,
    Digest,
    Pack,
    Seen,
    cut,
    entry_fingerprint,
    row_fingerprints,
)

if TYPE_CHECKING:
    from sources.reading.messages import Filled, FilterForm, Keys, Sums, UnchangedCheck

_OWN = ("url", "published", "text")  # an entry's parts that can become empty like a field
_MOST_SHAPES = 1000  # counted separately; few sources have more than some
PATIENCE = 500  # entries buffered before the known fingerprints are loaded: most sources never need them
_LEFT, _PASSED, _NEWS = range(3)  # state of a fingerprint: known and unseen, known and seen, new
_FLAGS, _KEYS, _NAMES = 500_000, 1_000, 1_000  # the most bytes, keys and names of fields in one message


def parts(entry: Entry, own: Collection[str] = _OWN) -> list[str]:
    """The names of the fields and of the `own` parts of an entry that have a value, except key and title."""
    return [*entry.fields, *(name for name in own if getattr(entry, name) and name not in entry.fields)]


class Profile:
    """Accumulates statistics over the distinct entries of one snapshot.

    `lacking` counts, for each of the `required` fields, the entries without a value; `odd` counts the keys that do not
    match `key_pattern`, `odd_key` is the first of them. Without `links` an entry's address does not count.
    """

    def __init__(self, required: Collection[str] = (), key_pattern: str | None = None, *, links: bool = True) -> None:
        self._own = _OWN if links else _OWN[1:]
        self.entries = 0
        self.odd = 0
        self.odd_key = ""
        self.required, self.key_pattern = tuple(required), key_pattern
        self._filled: Counter[str] = Counter()
        self._shapes: dict[tuple[str, ...], int] = {}  # the number of entries for each set of filled parts

    def see(self, entry: Entry) -> None:
        """Add an entry."""
        self.entries += 1
        plain = not (entry.url or entry.published or entry.text)
        shape = tuple(entry.fields) if plain else tuple(parts(entry, self._own))
        self._shapes[shape] = self._shapes.get(shape, 0) + 1
        if len(self._shapes) > _MOST_SHAPES:
            self._count()
        self._see_key(entry.key)

    def see_all(self, rows: Rows) -> None:
        """Add entries, all of them distinct."""
        self.entries += len(rows)
        for name, texts in rows.fields.items():
            if filled := len(rows) - texts.count(""):
                self._filled[name] += filled
        if self.key_pattern:
            for key in rows.keys:
                self._see_key(key)

    def add(self, entries: int, odd: int, odd_key: str, filled: Mapping[str, int]) -> None:
        """Add the counts of another profile with the same settings, over other entries."""
        self.entries += entries
        self.odd += odd
        self.odd_key = self.odd_key or odd_key
        self._filled.update(filled)

    @property
    def filled(self) -> Counter[str]:
        """The number of entries with a value, per field."""
        self._count()
        return self._filled

    @property
    def lacking(self) -> dict[str, int]:
        """The number of entries without a value, per required field that has any."""
        without = {name: self.entries - self.filled[name] for name in self.required}
        return {name: count for name, count in without.items() if count}

    @cached_property
    def _pattern(self) -> Any:
        return compile_re2(self.key_pattern or "")

    def _see_key(self, key: str) -> None:
        if self.key_pattern and not self._pattern.fullmatch(key):
            self.odd_key = self.odd_key or key
            self.odd += 1

    def _count(self) -> None:
        shapes, self._shapes = self._shapes, {}
        for shape, times in shapes.items():
            for name in shape:
                self._filled[name] += times


class FilterState(NamedTuple):
    """What the subprocess needs for its copy of the filter: the settings, the known fingerprints, a flag byte for each
    (1 when seen), and the new fingerprints so far.
    """

    form: FilterForm
    known: bytes
    passed: bytes
    news: bytes


class KnownFilter:
    """Takes the entries of a snapshot, and buffers those that the last snapshot did not have with equal content.

    `present` returns the fingerprints of the last snapshot, concatenated; it is called once, and only if needed. Fields
    in `ignore` do not count. `buffer` has the new entries, `order` all keys if `keys` are wanted, `taken` the
    number of entries, duplicates included, and `repeated` how many of these stood on pages that had no others.
    """

    def __init__(
        self,
        present: Callable[[], bytes] = bytes,
        ignore: Collection[str] = (),
        profile: Profile | None = None,
        *,
        keys: bool = False,
    ) -> None:
        self.profile = profile or Profile()
        self.digest = Digest()
        self.order: list[str] = []
        self.buffer = Packed()
        self.taken = self.repeated = 0
        self._ignore = frozenset(ignore)
        self._keys = keys
        self._present: Callable[[], bytes] | None = present
        self._marks: dict[bytes, int] = {}
        self._filter_state: FilterState | None = None  # set after a page was parsed in a subprocess

    @contextmanager
    def page(self) -> Iterator[None]:
        """What is taken meanwhile is the page of a list: one that only repeats what was taken before is no further page
        of it, as of a site that does not heed the number that it is asked for.
        """
        taken, distinct = self.taken, self.digest.count
        yield
        if self.digest.count == distinct:
            self.repeated += self.taken - taken

    def see(self, entry: Entry) -> None:
        """Take the next entry. A duplicate of an earlier entry only counts in `taken`."""
        if self._filter_state:
            self._unpack()
        self.taken += 1
        mark = entry_fingerprint(entry, self._ignore)
        known = self._marks.get(mark)
        if known is None:
            self._marks[mark] = _NEWS
            self.buffer.append(Seen(mark, entry))
        elif known == _LEFT:
            self._marks[mark] = _PASSED
        else:
            return
        self.digest.add(mark)
        self.profile.see(entry)
        if self._keys:
            self.order.append(entry.key)
        if self._present and len(self.buffer) > PATIENCE:
            self.load()

    def see_all(self, rows: Rows) -> None:
        """As `see`, for many entries."""
        if self._filter_state:
            self._unpack()
        if self._present and len(self.buffer) + len(rows) > PATIENCE:
            self.load()
        marks, known = row_fingerprints(rows, self._ignore), self._marks
        first, news = list[int](), list[int]()  # indexes of those not seen before, and of the new ones
        for at, mark in enumerate(marks):
            was = known.get(mark)
            if was is None:
                known[mark] = _NEWS
                news.append(at)
            elif was == _LEFT:
                known[mark] = _PASSED
            else:
                continue
            first.append(at)
        self.taken += len(rows)
        self.digest.add_all([marks[at] for at in first])
        seen = rows.only(first)
        self.profile.see_all(seen)
        if self._keys:
            self.order += seen.keys
        if news:
            self.buffer.extend_by([marks[at] for at in news], rows.only(news))

    def load(self) -> None:
        """Load the known fingerprints, and drop buffered entries that are known."""
        if self._present is None:
            return
        known, self._present = cut(self._present()), None
        seen, self._marks = self._marks, dict.fromkeys(known, _LEFT)
        for mark in seen:
            self._marks[mark] = _PASSED if mark in self._marks else _NEWS
        self.buffer = self.buffer.only(lambda mark: self._marks[mark] == _NEWS)

    def left(self) -> set[bytes]:
        """The fingerprints of the last snapshot that were not seen."""
        self.load()
        if self._filter_state:
            _, known, passed, _ = self._filter_state
            return set(compress(cut(known), [flag == _LEFT for flag in passed]))
        return {mark for mark, known in self._marks.items() if known == _LEFT}

    def forget(self) -> None:
        """Free all fingerprints, of which there may be millions. The filter takes no entries afterwards."""
        self._marks, self._filter_state = {}, None

    def export(self) -> FilterState:
        """The data for a copy of this filter in a subprocess."""
        if self._present and not self._marks and not self._filter_state:  # nothing was seen: no need to split the bytes
            present, self._present = self._present(), None
            self._filter_state = FilterState(self._form(), present, bytes(len(present) // SIZE), b"")
        self.load()
        if not self._filter_state:
            known = [mark for mark, sort in self._marks.items() if sort != _NEWS]
            news = [mark for mark, sort in self._marks.items() if sort == _NEWS]
            passed = bytes([self._marks[mark] for mark in known])
            self._filter_state, self._marks = FilterState(self._form(), b"".join(known), passed, b"".join(news)), {}
        return self._filter_state

    @classmethod
    def of_state(cls, filter_state: FilterState) -> KnownFilter:
        """The subprocess's copy of a filter; its counts begin at zero."""
        form = filter_state.form
        profile = Profile(form.required, form.key_pattern, links=OWN_LINK not in form.ignore)
        known_filter = cls(bytes, form.ignore, profile, keys=form.keys)
        known_filter._present, known_filter._filter_state = None, filter_state
        known_filter._unpack()
        return known_filter

    def answers(self, filter_state: FilterState) -> Iterator[UnchangedCheck | Keys | Filled | Sums]:
        """The results of this copy for the original filter, except for the buffered entries."""
        from sources.reading.messages import Filled, Keys, Sums, UnchangedCheck  # noqa: PLC0415 - as in `_form`

        passed = bytes([self._marks[mark] for mark in cut(filter_state.known)])
        for start in range(0, len(passed), _FLAGS):
            yield UnchangedCheck(passed[start : start + _FLAGS])
        for start in range(0, len(self.order), _KEYS):
            yield Keys(self.order[start : start + _KEYS])
        filled = list(self.profile.filled.items())
        for start in range(0, len(filled), _NAMES):
            yield Filled(dict(filled[start : start + _NAMES]))
        yield Sums(self.taken, self.digest.count, self.profile.odd, self.profile.odd_key)

    def resume(
        self,
        filter_state: FilterState,
        first_seen: Sequence[bytes],
        packs: Sequence[Pack],
        keys: Sequence[str],
        filled: Mapping[str, int],
        sums: Sums,
    ) -> None:
        """Merge the results of the copy for one page into this filter: the fingerprints that were first seen there, the
        packs of the new entries, the keys, and the counts.
        """
        self._filter_state = filter_state
        self.digest.add_all(first_seen)
        self.buffer.take(packs)
        self.order += keys
        self.taken += sums.taken
        self.profile.add(sums.distinct, sums.odd, sums.odd_key, filled)

    def _form(self) -> FilterForm:
        from sources.reading.messages import FilterForm  # noqa: PLC0415 - msgspec is needed for subprocesses alone

        return FilterForm(sorted(self._ignore), self._keys, list(self.profile.required), self.profile.key_pattern)

    def _unpack(self) -> None:
        assert self._filter_state  # noqa: S101 - callers have checked
        (_, known, passed, news), self._filter_state = self._filter_state, None
        self._marks = dict(zip(cut(known), passed, strict=True))
        self._marks.update(zip(cut(news), repeat(_NEWS)))
