"""The lines of a message as an HTML document for mail programs; `templates/mail.html.j2` has the markup. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from alerts.message.blocks import Line, Style
from alerts.message.formats.runs import Run, runs_of
from alerts.templating import render

_ROOMY = 3  # entries of a card shown in large type
_FOOT = {Style.QUIET, Style.LINK}  # a block with only these ends a card
_NOTES = {Style.COMMAND, Style.FACT}  # a block with only these is a note below the cards


@dataclass(slots=True)
class Card:
    """What is shown in one frame: the changes of one check, or a single block.

    `tone` is the authority or health status that determines its colour, `entries` are the runs of each block, `head`
    and `foot` come before and after them.
    """

    tone: str = ""
    head: Line | None = None
    entries: list[list[Run]] = field(default_factory=list)
    foot: list[Run] = field(default_factory=list)

    @property
    def is_dense(self) -> bool:
        """Whether there are so many entries that they are shown in small type."""
        return len(self.entries) > _ROOMY


def mail_of(title: str, blocks: Sequence[Sequence[Line]]) -> str:
    """The blocks as a document that loads and runs nothing. Every text is escaped."""
    return render("mail.html.j2", title=title, cards=list(cards_of(blocks)))


def cards_of(blocks: Sequence[Sequence[Line]]) -> Iterator[Card]:
    """The blocks as cards: from a line that names a source to the quiet line that ends it; each other block alone."""
    card: Card | None = None
    for block in blocks:
        if block[0].style is Style.SOURCE:
            card = Card(block[0].label.lower(), block[0])
        elif card and {line.style for line in block} <= _FOOT:
            card.foot = list(runs_of(block))
            yield card
            card = None
        elif card:
            card.entries.append(list(runs_of(block)))
        else:
            yield Card(_tone(block), None, [list(runs_of(block))])
    if card:
        yield card


def _tone(block: Sequence[Line]) -> str:
    """The tone of a single block, from its first line."""
    return "note" if {line.style for line in block} <= _NOTES else block[0].label.lower()
