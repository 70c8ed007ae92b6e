"""What a snapshot's entries come down to while they pass: those that are not known as they are, and sums over all.

A filter travels. The process that reads a large page is handed what it knows, puts the page's entries through, and
answers what came of them: of a register of a hundred thousand entries only those cross that are news. What it answers
is checked (filter_transfer.py) before the filter at home goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import compress, repeat
from typing import NamedTuple

from sources.model import Entry
from sources.reading.entry_buffer import Pack, Packed, Seen
from sources.reading.fingerprints import SIZE, Digest, cut, entry_fingerprint
from sources.reading.messages import Filled, Keys, SieveForm, Sums, UnchangedCheck
from sources.reading.profile import Profile
from sources.reading.row_batch import Rows

PATIENCE = 500  # entries held before what is known is loaded: most sources never need it
_LEFT, _PASSED, _NEWS = range(3)  # what a mark is: known and not seen so far, known and seen, seen and not known
_FLAGS, _KEYS, _NAMES = 500_000, 1_000, 1_000  # how many cross in one message: of bytes, of keys, of names of fields


class Luggage(NamedTuple):
    """What a filter takes along: what it looks for, the fingerprints that are known, a byte for each, 1 if it was
    seen, and the fingerprints that were seen and not known.
    """

    form: SieveForm
    known: bytes
    passed: bytes
    news: bytes


class Came(NamedTuple):
    """What came of a page that another process put through a filter: the fingerprints of those known that were seen for
    the first time, and of those that are news with the packs that hold them; the keys and the counts of all.
    """

    passed: Sequence[bytes]
    news: Sequence[bytes]
    packs: Sequence[Pack]
    keys: Sequence[str]
    filled: Mapping[str, int]
    sums: Sums


class KnownFilter:
    """Takes a snapshot's entries one by one, and holds those that did not stand in the last one just as they are.

    `present` gives the fingerprints of the last snapshot's entries, one behind the other; it is called once, and only
    when that is needed. A field named in `ignore` makes no difference. `held` are the entries that are held, `order`
    the keys of all, if `keys` are wanted, `taken` how many there were.
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
        self.held = Packed()
        self.taken = 0
        self._ignore = frozenset(ignore)
        self._keys = keys
        self._present: Callable[[], bytes] | None = present
        self._marks: dict[bytes, int] = {}
        self._luggage: Luggage | None = None  # the marks as they came back from a journey

    def see(self, entry: Entry) -> None:
        """Take the next entry. The same entry once more is no other entry."""
        if self._luggage:
            self._unpack()
        self.taken += 1
        mark = entry_fingerprint(entry, self._ignore)
        known = self._marks.get(mark)
        if known is None:
            self._marks[mark] = _NEWS
            self.held.append(Seen(mark, entry))
        elif known == _LEFT:
            self._marks[mark] = _PASSED
        else:
            return
        self.digest.add(mark)
        self.profile.see(entry)
        if self._keys:
            self.order.append(entry.key)
        if self._present and len(self.held) > PATIENCE:
            self.load()

    def see_all(self, rows: Rows) -> None:
        """Take the next entries, as `see` does each."""
        if self._luggage:
            self._unpack()
        if self._present and len(self.held) + len(rows) > PATIENCE:
            self.load()
        marks, known = rows.marks(self._ignore), self._marks
        first, news = list[int](), list[int]()  # the places of those not seen so far, and among them of news
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
            self.held.extend_by([marks[at] for at in news], rows.only(news))

    def load(self) -> None:
        """Learn what is known, and let the held entries go that are."""
        if self._present is None:
            return
        known, self._present = cut(self._present()), None
        seen, self._marks = self._marks, dict.fromkeys(known, _LEFT)
        for mark in seen:
            self._marks[mark] = _PASSED if mark in self._marks else _NEWS
        self.held = self.held.only(lambda mark: self._marks[mark] == _NEWS)

    def left(self) -> set[bytes]:
        """The fingerprints of the last snapshot's entries that have not been seen."""
        self.load()
        if self._luggage:
            _, known, passed, _ = self._luggage
            return set(compress(cut(known), [flag == _LEFT for flag in passed]))
        return {mark for mark, known in self._marks.items() if known == _LEFT}

    def forget(self) -> None:
        """Let go of all fingerprints, of which there may be millions: nothing is taken any more."""
        self._marks, self._luggage = {}, None

    def pack_up(self) -> Luggage:
        """What a filter takes along that another process puts a page through."""
        if self._present and not self._marks and not self._luggage:  # nothing was seen: it need not be taken apart here
            present, self._present = self._present(), None
            self._luggage = Luggage(self._form(), present, bytes(len(present) // SIZE), b"")
        self.load()
        if not self._luggage:
            known = [mark for mark, sort in self._marks.items() if sort != _NEWS]
            news = [mark for mark, sort in self._marks.items() if sort == _NEWS]
            passed = bytes([self._marks[mark] for mark in known])
            self._luggage, self._marks = Luggage(self._form(), b"".join(known), passed, b"".join(news)), {}
        return self._luggage

    @classmethod
    def unpacked(cls, luggage: Luggage) -> KnownFilter:
        """The filter that goes on elsewhere; what it counts begins anew."""
        form = luggage.form
        known_filter = cls(bytes, form.ignore, Profile(form.required, form.key_pattern), keys=form.keys)
        known_filter._present, known_filter._luggage = None, luggage
        known_filter._unpack()
        return known_filter

    def answers(self, luggage: Luggage) -> Iterator[UnchangedCheck | Keys | Filled | Sums]:
        """What the filter at home needs to know of this one, beside what is held."""
        passed = bytes([self._marks[mark] for mark in cut(luggage.known)])
        for start in range(0, len(passed), _FLAGS):
            yield UnchangedCheck(passed[start : start + _FLAGS])
        for start in range(0, len(self.order), _KEYS):
            yield Keys(self.order[start : start + _KEYS])
        filled = list(self.profile.filled.items())
        for start in range(0, len(filled), _NAMES):
            yield Filled(dict(filled[start : start + _NAMES]))
        yield Sums(self.taken, self.digest.count, self.profile.odd, self.profile.odd_key)

    def resume(self, luggage: Luggage, came: Came) -> None:
        """Go on as the one that has travelled, which has passed so much more."""
        self._luggage = luggage
        self.digest.add_all(came.passed)
        self.digest.add_all(came.news)
        self.held.take(came.packs)
        self.order += came.keys
        self.taken += came.sums.taken
        self.profile.add(came.sums.distinct, came.sums.odd, came.sums.odd_key, came.filled)

    def _form(self) -> SieveForm:
        required, pattern = self.profile.looks_for
        return SieveForm(sorted(self._ignore), self._keys, list(required), pattern)

    def _unpack(self) -> None:
        assert self._luggage  # noqa: S101 - whoever calls has looked
        (_, known, passed, news), self._luggage = self._luggage, None
        self._marks = dict(zip(cut(known), passed, strict=True))
        self._marks.update(zip(cut(news), repeat(_NEWS)))
