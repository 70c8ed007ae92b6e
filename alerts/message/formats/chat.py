"""The lines of a message for chats: bold, links and quotes, in the few tags that Apprise can convert. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from alerts.message.blocks import Line, Style
from alerts.message.formats.runs import runs_of
from alerts.message.wording import harmless

# Of these styles the text is bold; of the others the label.
_BOLD_TEXT = {Style.WHAT, Style.AFTER}


def chat_of(blocks: Sequence[Sequence[Line]]) -> str:
    """The blocks as HTML with only the tags `b`, `a`, `blockquote`, `code` and `br`. Every text is escaped, and
    harmless in a chat.
    """
    return "<br><br>".join("".join(_joined(block)) for block in blocks)


def _joined(block: Sequence[Line]) -> Iterator[str]:
    """A block's runs, with a line break between two lines, but not beside a quote."""
    quoted = True
    for run in runs_of(block):
        is_quote = run.kind == "sides"
        if not (quoted or is_quote):
            yield "<br>"
        lines = map(_line, run.lines)
        yield f"<blockquote>{'<br>'.join(lines)}</blockquote>" if is_quote else " · ".join(lines)
        quoted = is_quote


def _line(line: Line) -> str:
    if line.style is Style.LINK:
        address = escape(line.text)
        return f'<a href="{address}">{_text(line.label) if line.label else address}</a>'
    text, label = _text(line.text), f"{_text(line.label)}{line.colon}" if line.label else ""
    if line.style is Style.COMMAND:
        text = f"<code>{text}</code>" if line.label else text
    elif line.style in _BOLD_TEXT or (line.style is Style.FIELD):
        text = f"<b>{text}</b>"
    elif line.style is Style.SOURCE:
        label = f"<b>{label}</b>" if label else ""
    return f"{label} {text}" if label else text


def _text(text: str) -> str:
    return escape(harmless(text))
