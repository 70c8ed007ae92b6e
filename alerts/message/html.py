"""A message's lines as HTML for mail programs: styles inline, no images, nothing loaded from anywhere. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from alerts.message.blocks import Line, Style
from sources.text import clean

_STYLES = {
    Style.SOURCE: "margin-top:8px;padding-bottom:2px;border-bottom:1px solid #999",
    Style.WHAT: "font-weight:bold",
    Style.FIELD: "margin-top:6px",
    Style.BEFORE: "margin-left:12px;padding-left:8px;border-left:3px solid #c0392b",
    Style.AFTER: "margin-left:12px;padding-left:8px;border-left:3px solid #27ae60",
    Style.PLAIN: "",
    Style.FACT: "opacity:.8",
    Style.LINK: "overflow-wrap:anywhere",
    Style.COMMAND: "font-family:monospace",
}


def html_of(blocks: Sequence[Sequence[Line]]) -> str:
    """The blocks, each a few lines, as a piece of HTML. Every text in it is escaped.

    Without line breaks: where mail gets its plain text from the HTML, they would come out as empty lines.
    """
    body = "<br>".join("".join(map(_line, block)) for block in blocks)
    return f'<div style="font-family:sans-serif;line-height:1.4;overflow-wrap:break-word">{body}</div>'


def escaped(text: str) -> str:
    """A text from outside as it may stand in HTML: one line, nothing in it acts, hides or turns its direction."""
    return escape(clean(text))


def _line(line: Line) -> str:
    text, label = escaped(line.text), escaped(line.label)
    if line.style is Style.LINK:
        text = f'<a href="{text}">{text}</a>'
    before = f"<b>{label}{line.colon}</b> " if label else ""
    return f'<div style="{_STYLES[line.style]}">{before}{text}</div>'
