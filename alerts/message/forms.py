"""The lines of a message as plain text, for chats, and as an HTML document for mail. Pure.

`templates/mail.html.j2` has the markup of mail. Chats get the few tags that Apprise can convert.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import NamedTuple

from alerts.language import directed
from alerts.message.lines import Line, Style
from alerts.message.wording import cut, label_text, neutralize
from alerts.templating import render
from sources.formats.links import LONGEST_URL
from state.compare.text_parts import Sign

LONGEST_LINE = LONGEST_URL  # characters
_JOINED = {Style.QUIET: "quiet", Style.BEFORE: "sides", Style.AFTER: "sides"}
_BOLD_IN_CHATS = {Style.WHAT, Style.AFTER, Style.FIELD}
_FOOT = {Style.QUIET, Style.LINK}  # a block with only these ends a card
_NOTES = {Style.COMMAND, Style.FACT}  # a block with only these is a note below the cards


def render_text(blocks: Sequence[Sequence[Line]], neutral: Callable[[str], str] = neutralize) -> str:
    """The blocks as plain text, an empty line between them; `neutral` makes foreign text safe for the recipient."""
    texts = list[str]()
    for block in blocks:
        shown = list[str]()
        for style, lines in groupby(block, key=lambda line: line.style):
            each = [render_line(line, neutral) for line in lines]
            shown += [" · ".join(each)] if style is Style.QUIET else each
        texts.append("\n".join(map(directed, shown)))
    return "\n\n".join(texts)


def render_line(line: Line, neutral: Callable[[str], str] = neutralize) -> str:
    """One line as text."""
    text = line.text if line.style is Style.LINK else neutral(line.text)
    before = "■ " if line.style is Style.SOURCE else ""
    text = _after_label(line, neutral(line.label), text)
    return f"{before}{label_text(text, line.url) if line.url else text}"


def _after_label(line: Line, label: str, text: str) -> str:
    """A line's label and text, both as they are shown."""
    return f"{label} {text}" if line.is_signed else label_text(label, text)


class LineRun(NamedTuple):
    """Consecutive lines of one kind: `sides` (before and after), `quiet`, or the style of a single line."""

    kind: str
    lines: Sequence[Line]


def runs_of(block: Sequence[Line]) -> Iterator[LineRun]:
    """A block's lines grouped into runs, in order. A line far longer than those of messages is cut first."""
    kind, lines = "", list[Line]()
    for line in block:
        if len(line.text) + len(line.label) > LONGEST_LINE:
            line = line._replace(text=cut(line.text, LONGEST_LINE), label=cut(line.label, LONGEST_LINE))  # noqa: PLW2901
        own = _JOINED.get(line.style, line.style.value)
        if lines and (own != kind or own not in _JOINED.values()):
            yield LineRun(kind, lines)
            lines = []
        kind = own
        lines.append(line)
    if lines:
        yield LineRun(kind, lines)


def render_chat(blocks: Sequence[Sequence[Line]]) -> str:
    """The blocks as HTML with only the tags `b`, `a`, `blockquote`, `code` and `br`. Every text is escaped, and
    neutral in a chat.
    """
    shown = list[str]()
    for block in blocks:
        after_quote, parts = True, list[str]()  # with a line break between two lines, but not beside a quote
        for run in runs_of(block):
            is_quote, lines = run.kind == "sides", [directed(_chat_line(line)) for line in run.lines]
            parts += [] if after_quote or is_quote else ["<br>"]
            parts.append(f"<blockquote>{'<br>'.join(lines)}</blockquote>" if is_quote else " · ".join(lines))
            after_quote = is_quote
        shown.append("".join(parts))
    return "<br><br>".join(shown)


def _chat_line(line: Line) -> str:
    text, label = escape(neutralize(line.text)), escape(neutralize(line.label))
    if line.style is Style.LINK:
        address = escape(line.text)
        return f'<a href="{address}">{label or address}</a>'
    if line.style is Style.COMMAND and label:
        text = f"<code>{text}</code>"
    elif line.parts and neutralize(line.text) == line.text:  # nothing to break, wherever a word begins
        words = ((part.sign, escape(part.text)) for part in line.parts)
        text = "".join(word if sign is Sign.SAME else f"<b>{word}</b>" for sign, word in words)
    elif line.style in _BOLD_IN_CHATS:
        text = f"<b>{text}</b>"
    elif line.style is Style.SOURCE and label:
        label = f"<b>{label}</b>"
    if line.url:
        text = f'<a href="{escape(line.url)}">{text}</a>'
    return _after_label(line, label, text)


@dataclass(slots=True)
class Card:
    """What a mail shows in one frame: the changes of one check, or a single block.

    `tone` is the authority or health status that determines its colour, `entries` are the runs of each block, `head`
    and `foot` come before and after them.
    """

    tone: str = ""
    head: Line | None = None
    entries: list[list[LineRun]] = field(default_factory=list)
    foot: list[LineRun] = field(default_factory=list)


def render_mail(title: str, blocks: Sequence[Sequence[Line]]) -> str:
    """The blocks as a document that loads and runs nothing. Every text is escaped."""
    return render("mail.html.j2", title=title, cards=list(cards_of(blocks)))


def cards_of(blocks: Sequence[Sequence[Line]]) -> Iterator[Card]:
    """The blocks as cards: from a line that names a source to the quiet line that ends it; each other block alone."""
    card: Card | None = None
    for block in blocks:
        styles = {line.style for line in block}
        if block[0].style is Style.SOURCE:
            card = Card(block[0].tone, block[0], [list(runs_of(block[1:]))] if block[1:] else [])
        elif card and styles <= _FOOT:
            card.foot = list(runs_of(block))
            yield card
            card = None
        elif card:
            card.entries.append(list(runs_of(block)))
        else:
            yield Card("note" if styles <= _NOTES else block[0].tone, None, [list(runs_of(block))])
    if card:
        yield card
