"""How the press of other scripts writes well-known companies, services, exchanges and agencies. Pure.

Their names are short, and their sound alone says little: Tether is تيثر and テザー, and 谷歌 does not sound like
Google. Where a spelling is known here, no word of that script counts that only sounds a little like the name.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import lines


class Established(NamedTuple):
    """The spellings of a name in other scripts, each as its words, these scripts, and what is something else."""

    spellings: tuple[tuple[str, ...], ...] = ()
    scripts: frozenset[str] = frozenset()
    others: tuple[tuple[str, ...], ...] = ()


_MARKS = "~!"
_UNKNOWN = Established()


def established(name: str, *, guarded: bool) -> Established:
    """How other scripts write a name, folded; with what means something else too if it is `guarded` by a context."""
    if (row := _rows().get(name)) is None:
        return _UNKNOWN
    names, _, written = row.partition("=")
    known = written.split()
    told = [name for name in names.split(",") if name[0] != "~" and alphabet(name) == "cyrillic"]
    told += [spelling for spelling in known if spelling[0] != "!" and (guarded or spelling[0] != "~")]
    return Established(
        tuple(map(_words, told)),
        frozenset(alphabet(spelling.lstrip(_MARKS)) for spelling in known),
        tuple(_words(spelling) for spelling in known if spelling[0] == "!"),
    )


def _words(spelling: str) -> tuple[str, ...]:
    return tuple(spelling.lstrip(_MARKS).split("_"))


@cache
def _rows() -> dict[str, str]:
    """The rows of the table, by each of their names."""
    rows = lines("established.txt")
    return {" ".join(_words(name)): row for row in rows for name in row.partition("=")[0].split(",")}
