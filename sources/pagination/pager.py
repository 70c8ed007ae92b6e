"""The pager of an HTML page: the link to the next page, numbered links, "1-20 of 60"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sources.model import Page
from sources.pagination.list_links import Link, ends, list_links
from sources.pagination.numbered_links import Counted, counted
from sources.pagination.page_counts import Counts, counts_in_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST_LABEL = 60
_MOST_TRIED = 10  # links that say "next"
_NEXT_WORDS = """
    next, next page, go to next page, next results, older, older posts, older entries, older news, more results,
    weiter, nächste, nächste seite, suivant, suivante, page suivante, siguiente, página siguiente, seguinte,
    próxima, próxima página, próximo, successiva, successivo, pagina successiva, avanti, volgende, volgende pagina,
    næste, neste, nästa, seuraava, következő, następna, następny, následující, další, ďalšia, dalej, далее, дальше,
    вперед, вперёд, следующая, следующая страница, след, наступна, далі, următoarea, επόμενη, sonraki, 次へ, 次,
    次のページ, 下一页, 下一頁, 다음
"""
_NEXT = frozenset(" ".join(word.split()) for word in _NEXT_WORDS.split(","))
_SIGNS = frozenset(("›", "»", ">", ">>", "→", "⟩", "▶", "≫"))
_NEXT_TOKEN = re.compile(r"(?:^|.*[-_])next(?:$|[-_].*)|nextpostslink", re.IGNORECASE)
_OTHER_TOKEN = re.compile(r"slick|slide|swiper|carousel|month|year|day|week|post-nav|nav-next$", re.IGNORECASE)
_PLAIN_TOKEN = re.compile(r"-?[A-Za-z_][\w-]*")


class Pager(NamedTuple):
    """What a page shows of its list: the CSS of the link to the next page and its address, numbered links, and what it
    says in words.
    """

    css: str
    following: str
    counted: Counted | None
    said: Counts


def pager(page: Page) -> Pager:
    """The pager of a page. Raises SourceError for what is no HTML."""
    page = ends(page)
    root, links = page.html, list_links(page)
    numbered = counted(page.url, links)
    css, following = _next_link(root, page.url, links, numbered=numbered is not None)
    return Pager(css, following, numbered, counts_in_words(root))


def _next_link(root: HtmlElement, base: str, links: Sequence[Link], *, numbered: bool) -> tuple[str, str]:
    """CSS that finds the link to the next page, and where that leads; "" and "" where there is none."""
    here = base.partition("#")[0]
    saying = (link for link in links if _says_next(link, numbered=numbered) and link.url != here)
    for link in islice(saying, _MOST_TRIED):
        for css in _selectors(link):
            found = (each for each in root.cssselect(css) if each.get("href"))
            if next(found, None) is link.element:
                return css, link.url
    return "", ""


def _says_next(link: Link, *, numbered: bool) -> bool:
    element = link.element
    if "next" in (element.get("rel") or "").lower().split():
        return True
    if element.tag == "link":
        return False
    said = [link.text, element.get("title") or "", element.get("aria-label") or ""]
    if any(_words(each) in _NEXT for each in said):
        return True
    tokens = [*_tokens(element), *_tokens(element.getparent())]
    named = any(_NEXT_TOKEN.fullmatch(token) and not _OTHER_TOKEN.search(token) for token in tokens)
    return named or (numbered and link.text in _SIGNS)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text[:_LONGEST_LABEL]).casefold().split())


def _tokens(element: HtmlElement | None) -> list[str]:
    tokens = (element.get("class") or "").split() if element is not None else []
    return [token for token in tokens if _PLAIN_TOKEN.fullmatch(token)]


def _selectors(link: Link) -> Iterator[str]:
    """CSS that may find a link, that which is most likely to last first."""
    element = link.element
    tag = str(element.tag)
    rel = (element.get("rel") or "").split()
    yield from (f'{tag}[rel~="{word}"]' for word in rel if word.lower() == "next")
    yield from (f"{tag}.{token}" for token in _tokens(element) if _NEXT_TOKEN.fullmatch(token))
    parent = element.getparent()
    if parent is not None:
        yield from (f"{parent.tag!s}.{token} > {tag}" for token in _tokens(parent) if _NEXT_TOKEN.fullmatch(token))
    for name in ("aria-label", "title"):
        value = element.get(name) or ""
        if _words(value) in _NEXT and '"' not in value and "\\" not in value:
            yield f'{tag}[{name}="{value}"]'
    if 0 < len(link.text) <= _LONGEST_LABEL and '"' not in link.text and "\\" not in link.text:
        yield f'{tag}:contains("{link.text}")'
