"""Lines that belong together to the eye: what mail and chats show as one thing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from alerts.message.blocks import Line, Style
from alerts.message.wording import cut
from sources.formats.markup.links import LONGEST_URL

_JOINED = {Style.QUIET: "quiet", Style.BEFORE: "sides", Style.AFTER: "sides"}
LONGEST_LINE = LONGEST_URL  # characters
_ABREAST = 72  # characters of a value that still has room beside another one


class Run(NamedTuple):
    """Lines of one kind that follow each other: `sides` (what was and is), `quiet`, or a single line's style."""

    kind: str
    lines: Sequence[Line]

    @property
    def is_pair(self) -> bool:
        """Whether it is one value before and after, short enough to stand side by side."""
        return [line.label for line in self.lines] == ["was", "now"] and self.is_short

    @property
    def is_short(self) -> bool:
        """Whether each line has room beside another one."""
        return all(len(line.text) <= _ABREAST for line in self.lines)


def _bounded(line: Line) -> Line:
    """A line of a bounded length, before anything is made of it: those of a message are far shorter."""
    if len(line.text) + len(line.label) <= LONGEST_LINE:
        return line
    return line._replace(text=cut(line.text, LONGEST_LINE), label=cut(line.label, LONGEST_LINE))


def runs_of(block: Sequence[Line]) -> Iterator[Run]:
    """A block's lines by runs, in their order."""
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
