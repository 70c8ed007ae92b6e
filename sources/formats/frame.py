"""The frame of an HTML page: what stands around its content on every page of a site. Pure.

Structure alone tells it: `header`, `footer`, `nav` and `aside`, the heading, and lines that are a link, as in menus.
"""

from typing import NamedTuple

from sources.errors import SourceError
from sources.formats.download import Download
from sources.text import clean_lines


class PageFrame(NamedTuple):
    """The lines of text in a page's frame, and what stands on its buttons and beside its fields."""

    lines: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def stays(self, before: str, after: str) -> bool:
        """Whether there is a frame, and what came into the text came inside of it for the most part."""
        came = set(after.split("\n")).difference(before.split("\n"))
        in_frame = sum(map(len, came & self.lines))
        return bool(self.lines) and 2 * in_frame <= sum(map(len, came))

    def inside(self, text: str) -> str:
        """A text of the page without the lines of its frame."""
        return "\n".join(line for line in text.split("\n") if line not in self.lines)


def frame_of(page: Download) -> PageFrame:
    """The frame of a page; an empty one where it is no HTML."""
    from sources.formats.html import parse_html, text_of

    try:
        root = parse_html(page)
    except SourceError:
        return PageFrame()
    framing, asking = (
        frozenset(line for each in root.iter(*names) for line in clean_lines(text_of(each)).split("\n"))
        for names in (("header", "footer", "nav", "aside", "h1", "a"), ("button", "label"))
    )
    return PageFrame(framing, asking)
