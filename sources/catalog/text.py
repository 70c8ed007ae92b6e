"""The kind `text`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from sources.errors import NotFound, WrongContent
from sources.extract.requests import Asking
from sources.formats.file_magic import binary
from sources.formats.markup.css_places import named, outermost, select
from sources.formats.markup.html import not_html, parse_html, text_of
from sources.formats.markup.selectors import Css
from sources.model import Entry, Get, Page, Proven
from sources.text import clean_lines, headline

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Text(Asking):
    """The text of a page, or of a part of it, as one entry: an alert shows the lines that changed."""

    proven: ClassVar[Proven | None] = "captures"
    mentions_in: ClassVar[Literal["entry", "added_lines"]] = "added_lines"

    url: str = Field(description="the page")
    select: Css | None = Field(default=None, description="CSS of the part to watch; default: the whole page")
    remove: Annotated[tuple[Css, ...], BeforeValidator(lambda css: (css,) if isinstance(css, str) else css)] = Field(
        default=(), description="CSS of what in it does not count: counters, advertisements; or a list"
    )

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """The text as one entry. Raises NotFound when nothing matches `select`, or no text is left."""
        garbled = len(_CONTROL.findall(page.text)) * 100 > len(page.text)
        what = binary(page.body) or ("something binary" if garbled else None)
        if what:
            raise WrongContent(f"{page.url} is no text but {what}")
        title, text = self._plain(page) if _is_plain(page) else self._seen(page)
        if not clean_lines(text):
            raise NotFound(f"{page.url} has no text in it, or none that select and remove leave")
        yield Entry("page", title or headline(text), url=self.url, text=text)

    def _plain(self, page: Page) -> tuple[str, str]:
        if self.select:
            raise NotFound(f"{page.url} is plain text: there is no {self.select!r} in it (option select)")
        return "", clean_lines(page.text)

    def _seen(self, page: Page) -> tuple[str, str]:
        root = parse_html(page)  # a tree of its own, as elements are removed from it
        title = next((text_of(each) or each.text or "" for each in root.iter("title")), "")
        parts = outermost(select(root, self.select)) if self.select else [root]
        if not parts:
            raise NotFound(f"{page.url} has nothing that matches {self.select!r} (option select); it has {named(root)}")
        for css in self.remove:
            for element in select(root, css):
                element.drop_tree()
        parts = [part for part in parts if part is root or root in part.iterancestors()]
        return title, "\n".join(map(text_of, parts))


def _is_plain(page: Page) -> bool:
    markup = page.text.lstrip("\ufeff \t\r\n").startswith("<") or "html" in page.content_type
    return page.content_type == "text/plain" or not markup or not_html(page) is not None
