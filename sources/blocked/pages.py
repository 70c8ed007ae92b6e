"""Refuses a page that stands in place of the content, is empty, or was cut off."""

from __future__ import annotations

from sources.blocked.classify import LONGEST_MESSAGE, Answer, Block, classify, is_shell
from sources.blocked.outline import Outline, is_empty, is_html, where_cut
from sources.errors import BadDocument, Blocked, EmptyBody
from sources.model import Page


def check(page: Page, *, rendered: bool = False) -> None:
    """Raise Blocked, EmptyBody or BadDocument (`truncated`) when a page is certainly not the content. `rendered` says
    that a browser made it.
    """
    text = _readable(page)
    block = text is not None and classify(Answer(page.status, page.headers, page.get.url, page.url, text))
    if block:
        raise _error(page, block, rendered=rendered)
    if not page.body.strip(b"\xef\xbb\xbf \t\r\n"):
        raise EmptyBody(f"{page.url} answered {page.status} with an empty body")
    if not text:
        return
    if is_html(text) and is_empty(text):
        raise EmptyBody(f"{page.url} is an HTML page with nothing in it")
    ends_early = "json" in page.content_type and text[:1] in ("{", "[") and text.rstrip()[-1:] not in ("}", "]")
    if cut := "in the middle of its JSON" if ends_early else where_cut(text):
        raise BadDocument(f"{page.url} ends {cut}: the answer was cut off", code="truncated")


def explain_unfilled(page: Page, *, rendered: bool = False) -> Blocked | None:
    """A better error than NotFound for a page that only JavaScript would fill, else None."""
    text = _readable(page)
    if not text or not is_html(text) or not is_shell(Outline(text), data=True):
        return None
    return _error(page, Block("needs_javascript"), rendered=rendered)


def _error(page: Page, block: Block, *, rendered: bool) -> Blocked:
    return Blocked(f"{page.url} is {block.why(rendered=rendered)}", code=block.code)


def _readable(page: Page) -> str | None:
    """The text to inspect: of markup or a short text, the ends of large JSON; None when none is needed."""
    head = page.body[:64].lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\0")[:1]
    if head == b"<" or page.content_type in ("text/html", "application/xhtml+xml"):
        return page.text.lstrip("\ufeff \t\r\n")
    if len(page.body) <= LONGEST_MESSAGE and (head in (b"{", b"[", b"") or page.content_type in ("", "text/plain")):
        return page.text.strip("\ufeff \t\r\n\0")
    if head in (b"{", b"["):
        return (head + page.body[-64:].rstrip(b" \t\r\n\0")[-1:]).decode("ascii", "replace")
    return None
