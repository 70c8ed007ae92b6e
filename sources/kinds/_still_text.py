"""Options that leave out what moves at each look at a page: a clock, a counter, an advertisement. Pure.

Two readings show which lines moved. The page says where they stand: outside of its main part, or in an element that can
be named; else the lines themselves have words that stay. An option is proposed only if with it the page reads as what
did not move, and nothing less.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from lxml.html import HtmlElement

from sources.errors import SourceError
from sources.formats.html import parse_html, text_of
from sources.kinds.text import Text
from sources.model import Entry, Page, Source
from sources.text import headline

_MAIN = ("main", '[role="main"]', "article")
_LEAST = 200  # characters of a main part: a shorter one is none
_FRAMES = {"header", "footer", "nav", "aside", "time"}  # elements that their own name says enough of
_LETTERS = 4  # of a line with words, at least: other lines have fewer, too
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,40}")  # of a class or an id that is no number and no checksum


class MovingText(NamedTuple):
    """The first line that moved, before and after, and the options that leave out all such lines; none if none do."""

    before: str
    after: str
    options: Mapping[str, str | Sequence[str]]

    @property
    def words(self) -> str:
        """The line that moved: `“Visitors: 17” → “Visitors: 18”`."""
        return " → ".join(f"“{headline(line)}”" if line else "(nothing)" for line in (self.before, self.after))


def find_moving(source: Source, page: Page, before: str, after: str) -> MovingText:
    """What moved between two readings of a text, and what leaves it out of the page, which is the second one's."""
    old, new = before.split("\n"), after.split("\n")
    was, now = set(old), set(new)
    gone, came = [line for line in old if line not in now], [line for line in new if line not in was]
    still = "\n".join(line for line in new if line in was)
    moved = "".join(gone[:1]), "".join(came[:1])
    for options in _options(source, page, gone, came) if isinstance(source, Text) else ():
        with suppress(SourceError):
            left = next(item.text for item in source.model_copy(update=options).parse(page) if isinstance(item, Entry))
            whole = "select" in options and was.issuperset(left.split("\n")) and len(left) >= _LEAST
            if whole or left == still:
                return MovingText(*moved, options)
    return MovingText(*moved, {})


def _options(
    source: Text, page: Page, gone: Sequence[str], came: Sequence[str]
) -> Iterator[Mapping[str, str | Sequence[str]]]:
    """The options to be tried, the simplest first."""
    if len(came) > 5:  # lines that move, each of which is looked for
        return
    with suppress(SourceError):
        root = parse_html(page)
        if source.select is None:
            yield from ({"select": css} for css in _MAIN if len(root.cssselect(css)) == 1)
        if names := list(dict.fromkeys(filter(None, (_name_around(root, line) for line in came)))):
            yield {"remove": (*source.remove, *names)}
    if len(gone) == len(came):
        patterns = dict.fromkeys(filter(None, map(_pattern, gone, came)))
        yield {"remove_lines": (*source.remove_lines, *patterns)}


def _name_around(root: HtmlElement, line: str) -> str:
    """CSS of the smallest element that has the line in its text and can be named; "" if there is none."""
    path = list[HtmlElement]()
    inner: HtmlElement | None = root
    while inner is not None:
        path.append(inner)
        inner = next(
            (child for child in inner if isinstance(child.tag, str) and line in text_of(child).split("\n")), None
        )
    for element in reversed(path[1:]):
        tag, names = str(element.tag), [f"#{element.get('id', '')}", *(f".{name}" for name in element.classes)]
        for css in (*(f"{tag}{name}" for name in names if _NAME.fullmatch(name[1:])), *{tag} & _FRAMES):
            if len(root.cssselect(css)) == 1:
                return css
    return ""


def _pattern(before: str, after: str) -> str:
    """A regular expression for a line of which only numbers move; "" for one whose words do, which may be the news, or
    that has next to none.
    """
    old, new = (re.split(r"\d+", line) for line in (before, after))
    if old != new or 0 < sum(map(str.isalpha, after)) < _LETTERS:
        return ""
    return "^" + r"\d+".join(re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", words) for words in new) + "$"
