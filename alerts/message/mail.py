"""The lines of a message as an HTML document for mail programs; `templates/mail.html.j2` says how it looks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from alerts.message.blocks import Line, Style
from alerts.message.runs import Run, runs_of
from alerts.templating import render

_ROOMY = 3  # entries of a card that are set large
_FOOT = {Style.QUIET, Style.LINK}  # a block of these alone ends a card
_NOTES = {Style.COMMAND, Style.FACT}  # a block of these alone is a remark below the cards


@dataclass(slots=True)
class Card:
    """What stands together in a frame: the changes of one check, or a block by itself.

    `tone` is the authority or the state of health that it has its colour of, `entries` are the runs of each block,
    `head` and `foot` stand before and behind them.
    """

    tone: str = ""
    head: Line | None = None
    entries: list[list[Run]] = field(default_factory=list)
    foot: list[Run] = field(default_factory=list)

    @property
    def is_dense(self) -> bool:
        """Whether it holds so much that each entry is set small."""
        return len(self.entries) > _ROOMY


def mail_of(title: str, blocks: Sequence[Sequence[Line]]) -> str:
    """The blocks as a document: nothing in it acts or is loaded. Every text in it is escaped."""
    return render("mail.html.j2", title=title, cards=list(cards_of(blocks)))


def cards_of(blocks: Sequence[Sequence[Line]]) -> Iterator[Card]:
    """The blocks as cards: from a line that names a source to the quiet line that ends it, or each by itself."""
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
    """What a block by itself is, by what its first line begins with."""
    return "note" if {line.style for line in block} <= _NOTES else block[0].label.lower()
