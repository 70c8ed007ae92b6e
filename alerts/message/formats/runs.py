"""Groups lines that mail and chats show together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from alerts.message.blocks import Line, Style
from alerts.message.wording import cut
from sources.formats.markup.links import LONGEST_URL

_JOINED = {Style.QUIET: "quiet", Style.BEFORE: "sides", Style.AFTER: "sides"}
LONGEST_LINE = LONGEST_URL  # characters
_ABREAST = 72  # characters of a value that can be shown beside another one


class Run(NamedTuple):
    """Consecutive lines of one kind: `sides` (before and after), `quiet`, or the style of a single line."""

    kind: str
    lines: Sequence[Line]

    @property
    def is_pair(self) -> bool:
        """Whether it is one value before and after, short enough to be shown side by side."""
        return [line.label for line in self.lines] == ["was", "now"] and self.is_short

    @property
    def is_short(self) -> bool:
        """Whether each line is short enough to be shown beside another one."""
        return all(len(line.text) <= _ABREAST for line in self.lines)


def _bounded(line: Line) -> Line:
    """A line with a limited length, before any further work: the lines of messages are far shorter."""
    if len(line.text) + len(line.label) <= LONGEST_LINE:
        return line
    return line._replace(text=cut(line.text, LONGEST_LINE), label=cut(line.label, LONGEST_LINE))


def runs_of(block: Sequence[Line]) -> Iterator[Run]:
    """A block's lines grouped into runs, in order."""
    kind, lines = "", list[Line]()
    for line in map(_bounded, block):
        own = _JOINED.get(line.style, line.style.value)
        if lines and (own != kind or own not in _JOINED.values()):
            yield Run(kind, lines)
            lines = []
        kind = own
        lines.append(line)
    if lines:
        yield Run(kind, lines)
