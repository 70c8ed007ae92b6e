"""HTML pages without text: JavaScript shells, pages that only redirect, empty ones. Pure."""

from __future__ import annotations

import re

from sources.blocked.page_outline import Outline

UNFILLED = 150
"""The most letters of a page that is not filled yet: "Loading…" and a site's name."""

# Pattern texts: `re` compiles them on first use, which is rare.
_ROOT = (
    r"""<(?:div|main|section)\b[^<>]{0,200}?\bid\s{0,9}=\s{0,9}["']?(?:root|app|__next|__nuxt|application|main|svelte)"""
    r"[^<>]{0,200}>\s{0,99}(?:<!--[^<>]{0,200}-->\s{0,99})?</|<(?:[a-z]+-)?(?:app|root)\b[^<>]{0,200}>\s{0,99}</"
)
_DATA = r"""<script\b[^<>]{0,200}?(?:application/(?:ld\+)?json|>[\s\w.\[\]'"]{0,80}=\s{0,9}[\[{])"""
_MUCH_DATA = 2000  # characters of a script that has data
_REFRESH = (
    r"""<meta\b[^<>]{0,99}http-equiv\s?=\s?["']?refresh[^<>]{0,99}content\s?=\s?["']?\s{0,9}(\d{1,9})[^<>]{0,99}?"""
    r"""url\s{0,9}=\s{0,9}["']?([^"'<>\s]+)"""
)
_SENT_ON = r"""location(?:\.href)?\s*=\s*["']([^"']+)|location\.(?:replace|assign)\(\s*["']([^"']+)"""
_SOON = 10  # seconds
_NEXT_TO_NONE = 60  # letters
_SMALL = 2048  # characters


def is_refresh(page: Outline) -> bool:
    """Whether the redirect is by HTML (meta refresh) and not by a script."""
    return bool(re.search(_REFRESH, page.lower))


def sends_on(page: Outline) -> str:
    """The target to which a page without content redirects; "" when it does not, or only after a while."""
    if refresh := re.search(_REFRESH, page.lower):
        return refresh[2] if int(refresh[1]) <= _SOON else ""
    script = re.search(_SENT_ON, " ".join(page.unseen("script"))) if page.letters <= _NEXT_TO_NONE else None
    return (script[1] or script[2]) if script else ""


def is_shell(page: Outline, *, data: bool) -> bool:
    """Whether only JavaScript would fill the page. With `data` in a script it is none, as a kind may parse that."""
    scripts = page.unseen("script")
    if not scripts or page.full or page.letters > UNFILLED or page.repeats or page.questions > 1:
        return False
    if not data and sum(len(script) for script in scripts if re.match(_DATA, script)) > _MUCH_DATA:
        return False
    asked_for = any("javascript" in each for each in (page.shown, *page.unseen("noscript")))
    return asked_for or page.letters == 0 or bool(re.search(_ROOT, page.lower))


def is_empty(text: str) -> bool:
    """Whether the page is empty: no words, no numbers, no media or embedded content."""
    page = Outline(text)
    if len(text) > _SMALL or page.titles or re.search(r"\w", page.shown):
        return False
    return not re.search(r"<(script|img|i?frame|frameset|input|link|object|embed|svg|a|noscript)\b", page.lower)
