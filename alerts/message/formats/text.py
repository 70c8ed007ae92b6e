"""The lines of a message as plain text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from alerts.message.blocks import Line, Style
from alerts.message.wording import harmless


def text_of(blocks: Sequence[Sequence[Line]], say: Callable[[str], str] = harmless) -> str:
    """The blocks as plain text, with an empty line between them; `say` makes foreign text safe for the recipient."""
    return "\n\n".join("\n".join(_lines(block, say)) for block in blocks)


def line_text(line: Line, say: Callable[[str], str] = harmless) -> str:
    """One line as text."""
    text = line.text if line.style is Style.LINK else say(line.text)
    before = "■ " if line.style is Style.SOURCE else ""
    return f"{before}{say(line.label)}{line.colon} {text}" if line.label else f"{before}{text}"


def _lines(block: Sequence[Line], say: Callable[[str], str]) -> Iterator[str]:
    for style, lines in groupby(block, key=lambda line: line.style):
        texts = [line_text(line, say) for line in lines]
        yield from [" · ".join(texts)] if style is Style.QUIET else texts
