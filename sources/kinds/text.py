"""The kind `text`; and its options that leave out what moves at each look at a page: a clock, a counter, an
advertisement.

Two readings show which lines moved. The page says where they stand: outside of its main part, or in an element that can
be named; else the lines themselves have words that stay. An option is proposed only if with it the page reads as what
did not move, and nothing less.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, NamedTuple, Self

from lxml.html import HtmlElement
from pydantic import BeforeValidator, Field, model_validator

from sources.blocked.unfilled import find_sparse
from sources.errors import NotFound, SourceError, WrongContent
from sources.formats.decode import name_binary
from sources.formats.html import not_html, parse_html, text_of
from sources.formats.selectors import css_tag, describe_named, keep_outermost, select
from sources.model import Entry, Get, Page, Source
from sources.options import Pattern, Selector, compile_re2
from sources.pagination.requests import Asking
from sources.text import clean_lines, headline

Selectors = Annotated[tuple[Selector, ...], BeforeValidator(lambda one: (one,) if isinstance(one, str) else one)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(lambda one: (one,) if isinstance(one, str) else one)]
_LONG = 20_000  # characters: a longer text is content, whatever a script may add
_LINES = ("keep_lines", "remove_lines")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

MAIN = ("main", '[role="main"]', "article")  # CSS of a page's main part, where it has only one such element
_LEAST = 200  # characters of a main part: a shorter one is none
_FRAMES = {"header", "footer", "nav", "aside", "time"}  # elements that their own name says enough of
_LETTERS = 4  # of a line with words, at least: other lines have fewer, too
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,40}")  # of a class or an id that is no number and no checksum


class Text(Asking):
    """The text of a page, or of a part of it, as one entry: an alert shows the lines that changed."""

    proven = "captures"
    mentions_in = "added_lines"

    url: str = Field(description="the page")
    select: Selector | None = Field(default=None, description="CSS of the part to watch; default: the whole page")
    part: int | None = Field(
        default=None,
        description="which of the parts that match `select`, by its place: 1 the first, -1 the last; default: all",
    )
    remove: Selectors = Field(
        default=(), description="CSS of what in it does not count: counters, advertisements; or a list"
    )
    keep_lines: Patterns = Field(
        default=(), description="regular expression (RE2): only lines in which it is found count; of a list, all of it"
    )
    remove_lines: Patterns = Field(
        default=(), description="regular expression (RE2): lines in which it is found do not count; or a list"
    )

    @model_validator(mode="after")
    def _has_parts(self) -> Self:
        if self.part is not None and (self.part == 0 or not self.select):
            raise ValueError("part is the place of one of the parts that match select: 1, 2 ... or -1 for the last")
        return self

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """The text as one entry. Raises NotFound when nothing matches `select`, or no text is left.

        With `min_entries = 0` the text may be empty: a line that `keep_lines` waits for is not there yet.
        """
        garbled = len(_CONTROL.findall(page.text)) * 100 > len(page.text)
        what = name_binary(page.body) or ("something binary" if garbled else None)
        if what:
            raise WrongContent(f"{page.url} is no text but {what}")
        markup = page.text.lstrip("\ufeff \t\r\n").startswith("<") or "html" in page.content_type
        is_plain = page.content_type == "text/plain" or not markup or not_html(page) is not None
        if self.select and is_plain:
            raise NotFound(f"{page.url} is plain text: there is no {self.select!r} in it (option select)")
        title, text = ("", page.text) if is_plain else self._select_text(page)
        text = clean_lines(text)
        if self.keep_lines or self.remove_lines:
            kept, removed = (
                [compile_re2(pattern) for pattern in each] for each in (self.keep_lines, self.remove_lines)
            )
            text = "\n".join(
                line
                for line in text.split("\n")
                if all(found.search(line) for found in kept) and not any(found.search(line) for found in removed)
            )
        if not text and self.min_entries:
            *some, last = ["select", "remove", *(name for name in _LINES if getattr(self, name))]
            raise NotFound(f"{page.url} has no text in it, or none that {', '.join(some)} and {last} leave")
        yield Entry("page", title or headline(text) or self.url, url=self.url, text=text)

    def _select_text(self, page: Page) -> tuple[str, str]:
        """The page's title, and the text of the selected parts without what is removed from them."""
        root = parse_html(page)  # a tree of its own, as elements are removed from it
        named = (text_of(each) or each.text for name in ("title", "h1") for each in root.iter(name))
        title = next(filter(None, named), "")
        parts = keep_outermost(select(root, self.select)) if self.select else [root]
        if not parts:
            seen = describe_named(root)
            raise NotFound(f"{page.url} has nothing that matches {self.select!r} (option select); it has {seen}")
        if place := self.part:
            if abs(place) > len(parts):
                what = f"{len(parts)} parts that match {self.select!r}, and part = {place} is none of them"
                raise NotFound(f"{page.url} has {what}")
            parts = [parts[place - 1 if place > 0 else place]]
        for css in self.remove:
            for element in select(root, css):
                element.drop_tree()
        parts = [part for part in parts if part is root or root in part.iterancestors()]
        text = "\n".join(map(text_of, parts))
        doubted = self.min_entries and not self.expect.any_page and 0 < len(text) < _LONG
        looked_at = parts if self.select or not self.remove else [page.html]
        if doubted and all(found and any(found) for found in (find_sparse(part, page.url) for part in looked_at)):
            raise NotFound(f"{page.url} has hardly any text: a script has still to fill it")
        return title, text


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
            yield from ({"select": css} for css in MAIN if len(root.cssselect(css)) == 1)
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
        tag, names = css_tag(element), [f"#{element.get('id', '')}", *(f".{name}" for name in element.classes)]
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
