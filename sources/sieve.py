"""What a snapshot's entries come down to while they pass: those that are not known as they are, and sums over all.

A sieve travels. The process that reads a large page is handed it with all that is known, puts the page's entries
through, and hands it back: of a register of a hundred thousand entries only those cross that are news.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import repeat
from typing import Any

from sources.marks import Digest, cut, entry_mark
from sources.model import Entry
from sources.packed import Packed, Seen
from sources.profile import Profile
from sources.rows import Rows

PATIENCE = 500  # entries held before what is known is loaded: most sources never need it
_LEFT, _PASSED, _NEWS = range(3)  # what a mark is: known and not seen so far, known and seen, seen and not known


class Sieve:
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
        self._packed: list[bytes] = []  # the marks as they came back from a journey: of each sort, one behind the other

    def see(self, entry: Entry) -> None:
        """Take the next entry. The same entry once more is no other entry."""
        if self._packed:
            self._unpack()
        self.taken += 1
        mark = entry_mark(entry, self._ignore)
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
        if self._packed:
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
        if self._packed:
            return set(cut(self._packed[_LEFT]))
        return {mark for mark, known in self._marks.items() if known == _LEFT}

    def forget(self) -> None:
        """Let go of all fingerprints, of which there may be millions: nothing is taken any more."""
        self._marks, self._packed = {}, []

    def back(self, away: Sieve) -> None:
        """Go on as the one that has travelled; what it gave away has been taken already."""
        self.__dict__ |= away.__dict__ | {"held": self.held}

    def __getstate__(self) -> dict[str, Any]:
        if self._present and not self._marks and not self._packed:  # nothing was seen: it need not be taken apart here
            self._packed, self._present = [self._present(), b"", b""], None
        self.load()
        packed = self._packed or [
            b"".join([mark for mark, known in self._marks.items() if known == sort]) for sort in (_LEFT, _PASSED, _NEWS)
        ]
        return self.__dict__ | {"held": Packed(), "_marks": {}, "_packed": packed}

    def _unpack(self) -> None:
        packed, self._packed = self._packed, []
        for sort, marks in enumerate(packed):
            self._marks.update(zip(cut(marks), repeat(sort)))
