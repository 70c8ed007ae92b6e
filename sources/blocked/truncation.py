"""Whether a text is HTML, and whether it is complete. Pure; builds no tree."""

from __future__ import annotations

import re

from sources.blocked.page_outline import Outline

_HTML = re.compile(
    r"<(!doctype\s+html|html|head|body|title|meta|link|script|style|div|section|main|p|h[1-6]|center|form|table|br|b|pre)\b",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r"<(?![!?])[\w:-]+")
_HEAD = 2048  # characters in which the format is detected

_TAIL = 65_536
_ENDS = ("</html", "</body", "</HTML", "</BODY", "</Html", "</Body")
_OPEN_TAG = re.compile(r"<[a-z!/][^<>]*\Z", re.IGNORECASE)
_CLOSED = ("ul", "ol", "dl", "table", "main", "section", "article", "form")


def is_html(text: str) -> bool:
    """Whether a text is HTML: neither a feed nor other XML, though these may have HTML inside."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    found, element = _HTML.search(head), _ELEMENT.search(head)
    if not head.startswith("<") or not found:
        return False
    return found[0].startswith("<!") or element is None or element.start() >= found.start()


def where_cut(text: str) -> str | None:
    """The place where a truncated HTML page breaks off, in words; None when it is complete, or did not begin as HTML.

    Pages may omit the end tags of <html> and <body>. So evidence is an end inside a tag or a script, an unclosed list
    or table, or two unclosed <div>; a single unclosed <div> is a common error of authors.
    """
    head = text[:_HEAD].lower()
    if not is_html(text) or ("<html" not in head and "<!doctype" not in head):
        return None
    if any(end in text[-_TAIL:] for end in _ENDS):
        return None
    if _OPEN_TAG.search(text[-4096:]):
        return "inside a tag"
    page = Outline(text)
    if page.endless:
        return f"inside <{page.endless}>"
    left = next((name for name in _CLOSED if _left_open(page.body, name) > 0), "")
    return f"inside <{left}>" if left else "inside its <div>s" if _left_open(page.body, "div") > 1 else None


def _left_open(markup: str, name: str) -> int:
    return len(re.findall(rf"<{name}[\s>]", markup)) - markup.count(f"</{name}")
