"""Links as pages write them, which may be anything."""

from __future__ import annotations

from urllib.parse import urljoin

LONGEST_URL = 8_192  # characters; a longer one is not asked, and nothing looks into it


def too_long(url: str) -> str:
    """What to say of one."""
    return f"an address of {len(url):,} characters is not asked ({url[:60]!r}...): at most {LONGEST_URL:,}"


def absolute(base: str, link: str) -> str:
    """The address that a link leads to; the link itself where it is none, such as "http://[": never raises."""
    if len(link) > LONGEST_URL:
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return link
